; Tags of PHP. Every pattern begins at one kind of node and steps down by fields, so that the cursor drops it early.

(namespace_definition name: (namespace_name) @name) @definition.namespace
(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(enum_declaration name: (name) @name) @definition.enum
(enum_case name: (name) @name) @definition.enumerator
(function_definition name: (name) @name) @definition.function
(method_declaration name: (name) @name) @definition.method

; Properties are called without their `$`, as their uses are.
(property_element name: (variable_name (name) @name)) @definition.property
((property_promotion_parameter name: (variable_name (name) @name)) @definition.property (#set! once-in type))

; The first of the words is the constant, a second one its value.
(const_element . (name) @name) @definition.constant
((function_call_expression
  function: (name) @_define
  arguments: (arguments . (argument [
    (string (string_content) @name)
    (encapsed_string . (string_content) @name .)]))) @definition.constant
  (#eq? @_define "define"))

; Calls
(function_call_expression function: (name) @name) @reference.call
(function_call_expression function: (qualified_name (name) @name)) @reference.call
(member_call_expression name: (name) @name) @reference.call
(nullsafe_member_call_expression name: (name) @name) @reference.call
(scoped_call_expression name: (name) @name) @reference.call

; Classes that are made, extended, implemented, or asked for something of their own
(object_creation_expression [(name) @name (qualified_name (name) @name)]) @reference.class
(base_clause [(name) @name (qualified_name (name) @name)]) @reference.class
(class_interface_clause [(name) @name (qualified_name (name) @name)]) @reference.class
(use_declaration [(name) @name (qualified_name (name) @name)]) @reference.class
(attribute [(name) @name (qualified_name (name) @name)]) @reference.class
(scoped_call_expression scope: [(name) @name (qualified_name (name) @name)]) @reference.class
(scoped_property_access_expression scope: [(name) @name (qualified_name (name) @name)]) @reference.class
(class_constant_access_expression . [(name) @name (qualified_name (name) @name)]) @reference.class

; Types
(named_type [(name) @name (qualified_name (name) @name)]) @reference.type
(binary_expression operator: "instanceof" right: [(name) @name (qualified_name (name) @name)]) @reference.type

; What `use` brings in, by its own name and not by its alias
(namespace_use_clause . [(name) @name (qualified_name (name) @name)]) @reference.import
