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
(source_file (property_declaration (variable_declaration (simple_identifier) @name)) @definition.property)
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
(variable_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(class_parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(parameter_with_optional_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(function_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(receiver_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(nullable_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_projection [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_constraint [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(function_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(function_type_parameters [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(parenthesized_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_alias [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(getter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(as_expression [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(check_expression [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_test [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(catch_block [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(callable_reference . (type_identifier) @name) @reference.type
