; inherits: ecma
; Tags of TypeScript.

; Functions and methods without a body
(function_signature name: (identifier) @name) @definition.function
(abstract_method_signature
  name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(class_body (method_signature name: (property_identifier) @name) @definition.method)

; Classes and their fields
(class_declaration name: (type_identifier) @name) @definition.class
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(class name: (type_identifier) @name) @definition.class
; The value of a field has a body if it is a function or a class.
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  !value) @definition.field
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: (_ !body)) @definition.field
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: (class)) @definition.class
; A parameter with a modifier is a field of the class.
([
    (required_parameter [(accessibility_modifier) (override_modifier) "readonly"] pattern: (identifier) @name)
    (optional_parameter [(accessibility_modifier) (override_modifier) "readonly"] pattern: (identifier) @name)]
    @definition.field
  (#set! once-in type))

; Types. The properties of an object type have a name outside it only if the type has one.
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body name: [(property_identifier) @name (string (string_fragment) @name)] @definition.enumerator)
(enum_assignment name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.enumerator
(interface_body (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property)
(type_alias_declaration
  value: (object_type (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property))
(type_alias_declaration
  value: (intersection_type [
    (object_type (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property)
    (intersection_type [
      (object_type (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property)
      (intersection_type [
        (object_type (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property)
        (intersection_type (object_type (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.property))])])]))
(interface_body (method_signature name: (property_identifier) @name) @definition.method)
(type_alias_declaration
  value: (object_type (method_signature name: (property_identifier) @name) @definition.method))
(type_alias_declaration
  value: (intersection_type [
    (object_type (method_signature name: (property_identifier) @name) @definition.method)
    (intersection_type [
      (object_type (method_signature name: (property_identifier) @name) @definition.method)
      (intersection_type (object_type (method_signature name: (property_identifier) @name) @definition.method))])]))
(internal_module
  name: [(identifier) @name (nested_identifier property: (property_identifier) @name)]) @definition.namespace
(module
  name: [(identifier) @name (nested_identifier property: (property_identifier) @name) (string (string_fragment) @name)])
  @definition.module

; Variables of namespaces and of what is only declared, where values are rare.
; within: (ambient_declaration ...)
; within: (internal_module body: (statement_block ...))
; within: (module body: (statement_block ...))
; within: (ambient_declaration (statement_block ...))
[
  (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)
  (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)]

; Classes that others are made from
(extends_clause value: (identifier) @name) @reference.class
(extends_clause value: (member_expression property: (property_identifier) @name)) @reference.class

; Types, each place by name: a bare (type_identifier) would also be the name of a definition. What is implemented, and
; what an interface extends, is a type: it is written in the language of types.
(type_annotation (type_identifier) @name) @reference.type
(type_arguments (type_identifier) @name) @reference.type
(union_type (type_identifier) @name) @reference.type
(intersection_type (type_identifier) @name) @reference.type
(array_type (type_identifier) @name) @reference.type
(parenthesized_type (type_identifier) @name) @reference.type
(readonly_type (type_identifier) @name) @reference.type
(tuple_type (type_identifier) @name) @reference.type
(optional_type (type_identifier) @name) @reference.type
(rest_type (type_identifier) @name) @reference.type
(index_type_query (type_identifier) @name) @reference.type
(lookup_type (type_identifier) @name) @reference.type
(conditional_type (type_identifier) @name) @reference.type
(constraint (type_identifier) @name) @reference.type
(default_type (type_identifier) @name) @reference.type
(type_predicate (type_identifier) @name) @reference.type
(as_expression (type_identifier) @name) @reference.type
(satisfies_expression (type_identifier) @name) @reference.type
(implements_clause (type_identifier) @name) @reference.type
(extends_type_clause (type_identifier) @name) @reference.type
(template_type (type_identifier) @name) @reference.type
(generic_type name: (type_identifier) @name) @reference.type
(nested_type_identifier name: (type_identifier) @name) @reference.type
(type_alias_declaration value: (type_identifier) @name) @reference.type
(function_type return_type: (type_identifier) @name) @reference.type
(constructor_type type: (type_identifier) @name) @reference.type
(type_query [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.type

; What is imported, under its own name
(import_require_clause (identifier) @name) @reference.import
