; Tags of Kotlin. Functions are functions and properties are properties wherever they stand, as the language has it;
; only the properties of a function's body are left out, which takes the ways down to the others.

; An enum class is a class, as the language calls it: what tells it apart is a second keyword, and a query cannot ask
; for the lack of one.
(class_declaration "class" (type_identifier) @name) @definition.class
(class_declaration "interface" (type_identifier) @name) @definition.interface
(enum_entry (simple_identifier) @name) @definition.enumerator
(object_declaration (type_identifier) @name) @definition.object
(companion_object (type_identifier) @name) @definition.object
(type_alias (type_identifier) @name) @definition.type

(function_declaration (simple_identifier) @name) @definition.function

; Properties
(source_file (property_declaration [
  (variable_declaration (simple_identifier) @name)
  (multi_variable_declaration (variable_declaration (simple_identifier) @name))]) @definition.property
  (#not-eq? @name "_"))
(class_body (property_declaration (variable_declaration (simple_identifier) @name)) @definition.property)
(enum_class_body (property_declaration (variable_declaration (simple_identifier) @name)) @definition.property)
(class_parameter (binding_pattern_kind) . (simple_identifier) @name) @definition.property

; Calls; a function that is referred to, or stands between its operands, counts as called.
(call_expression . (simple_identifier) @name) @reference.call
(call_expression . (navigation_expression (navigation_suffix (simple_identifier) @name))) @reference.call
(callable_reference (simple_identifier) @name .) @reference.call
(infix_expression (_) . (simple_identifier) @name . (_)) @reference.call

; What is imported; a whole package is not.
(import_header (identifier (simple_identifier) @name .) .) @reference.import
(import_header (identifier (simple_identifier) @name .) . (import_alias)) @reference.import

; Classes that classes are made from, and annotations
(delegation_specifier [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))
  (explicit_delegation (user_type (type_identifier) @name .))
  (explicit_delegation (user_type (type_identifier) @name . (type_arguments)))
  (constructor_invocation (user_type (type_identifier) @name .))
  (constructor_invocation (user_type (type_identifier) @name . (type_arguments)))]) @reference.class
(annotation [
  (user_type (type_identifier) @name .)
  (constructor_invocation (user_type (type_identifier) @name .))]) @reference.annotation

; Types, each place by name, since above the same nodes are not of a type. Of a name with dots the last part counts.
; within: (variable_declaration ...) @reference.type
; within: (parameter ...) @reference.type
; within: (class_parameter ...) @reference.type
; within: (parameter_with_optional_type ...) @reference.type
; within: (function_declaration ...) @reference.type
; within: (receiver_type ...) @reference.type
; within: (nullable_type ...) @reference.type
; within: (type_projection ...) @reference.type
; within: (type_parameter ...) @reference.type
; within: (type_constraint ...) @reference.type
; within: (function_type ...) @reference.type
; within: (function_type_parameters ...) @reference.type
; within: (parenthesized_type ...) @reference.type
; within: (type_alias ...) @reference.type
; within: (getter ...) @reference.type
; within: (as_expression ...) @reference.type
; within: (check_expression ...) @reference.type
; within: (type_test ...) @reference.type
; within: (catch_block ...) @reference.type
[
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]

(callable_reference . (type_identifier) @name) @reference.type
