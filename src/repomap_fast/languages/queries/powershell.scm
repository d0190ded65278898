; Tags of PowerShell.

(function_statement (function_name) @name) @definition.function
(class_statement . (simple_name) @name) @definition.class
(class_method_definition (simple_name) @name) @definition.method
((class_property_definition (variable) @name) @definition.property (#set! trim "$"))
(enum_statement (simple_name) @name) @definition.enum
(enum_member (simple_name) @name) @definition.enumerator

(class_statement . (simple_name) (simple_name) @name @reference.class)
(command command_name: (command_name) @name) @reference.call
(invokation_expression (member_name (simple_name) @name)) @reference.call
(type_spec (type_name (type_identifier) @name)) @reference.type
