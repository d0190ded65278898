; Tags of GDScript.

(class_name_statement name: (name) @name) @definition.class
(class_definition name: (name) @name) @definition.class
((function_definition name: (name) @name) @definition.function (#not-eq? @name "_init"))
((function_definition name: (name) @name) @definition.constructor (#eq? @name "_init"))
(constructor_definition "_init" @name) @definition.constructor
(signal_statement name: (name) @name) @definition.signal
(enum_definition name: (name) @name) @definition.enum
(enumerator left: (identifier) @name) @definition.enumerator
(const_statement name: (name) @name) @definition.constant
(source (variable_statement name: (name) @name) @definition.variable)
(class_body (variable_statement name: (name) @name) @definition.variable)

(call . (identifier) @name) @reference.call
(attribute_call . (identifier) @name) @reference.call
(type (identifier) @name @reference.type)
