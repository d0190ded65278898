; Tags of Objective-C. The name of a method is the first part of its selector.

(class_interface !category . (identifier) @name) @definition.class
(class_interface !category [(attribute_specifier) (availability_attribute_specifier)] . (identifier) @name)
  @definition.class
(class_interface . (identifier) @name category: (identifier)) @definition.extension
(class_interface [(attribute_specifier) (availability_attribute_specifier)] . (identifier) @name category: (identifier))
  @definition.extension
(class_implementation . (identifier) @name) @definition.implementation
(class_implementation [(attribute_specifier) (availability_attribute_specifier)] . (identifier) @name)
  @definition.implementation
(protocol_declaration . (identifier) @name) @definition.protocol
(protocol_declaration [(attribute_specifier) (availability_attribute_specifier)] . (identifier) @name)
  @definition.protocol
(method_declaration (method_type) . (identifier) @name) @definition.prototype
(method_definition (method_type) . (identifier) @name) @definition.method
(property_declaration (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (function_declarator declarator:
    (parenthesized_declarator [
      (block_pointer_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (identifier) @name)]))]))) @definition.property
(instance_variable (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)]))) @definition.field

; What it has of C. Only a type that has a body is defined; without, it is used.
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enumerator
(field_declaration declarator: [
  (field_identifier) @name
  (pointer_declarator declarator: (field_identifier) @name)
  (array_declarator declarator: (field_identifier) @name)]) @definition.field
(type_definition
  type: [
    (primitive_type) (type_identifier) (struct_specifier) (union_specifier) (enum_specifier) (sized_type_specifier)]
  declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: (type_identifier) @name)
    (function_declarator declarator: [
      (type_identifier) @name
      (parenthesized_declarator [
        (block_pointer_declarator declarator: (type_identifier) @name)
        (pointer_declarator declarator: (type_identifier) @name)])])]) @definition.type
((function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))]) @definition.function
  (#not-eq? @name "if"))
(declaration declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))]) @definition.prototype
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

; Uses
(message_expression receiver: (_) . method: (identifier) @name) @reference.call
((message_expression receiver: (identifier) @name @reference.class) (#match? @name "^[A-Z]"))
((call_expression function: (identifier) @name) @reference.call (#not-eq? @name "property"))
(class_interface superclass: (identifier) @name) @reference.class
(protocol_reference_list (identifier) @name) @reference.protocol
(class_declaration (identifier) @name) @reference.class
(declaration type: (type_identifier) @name @reference.type)
(parameter_declaration type: (type_identifier) @name @reference.type)
(type_name (type_identifier) @name @reference.type)
(struct_declaration (type_identifier) @name @reference.type)
(type_definition type: (type_identifier) @name @reference.type)

; Variables of the file
; within: (translation_unit ...)
; within: (translation_unit (preproc_ifdef ...))
; within: (implementation_definition ...)
(declaration declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)
  (init_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)])]) @definition.variable
