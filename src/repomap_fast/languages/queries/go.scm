; Tags of Go. Every pattern begins at one kind of node and steps down by fields, so that the cursor drops it early.

; Functions and methods. `_` names nothing, wherever it stands.
((function_declaration name: (identifier) @name) @definition.function (#not-eq? @name "_"))
; A method belongs to the type of its receiver, wherever it is written.
((method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (generic_type type: (type_identifier) @owner)
    (pointer_type [
      (type_identifier) @owner
      (generic_type type: (type_identifier) @owner)
      (parenthesized_type (type_identifier) @owner)])
    (parenthesized_type [
      (type_identifier) @owner
      (generic_type type: (type_identifier) @owner)
      (pointer_type [(type_identifier) @owner (generic_type type: (type_identifier) @owner)])])]))
  name: (field_identifier) @name) @definition.method (#not-eq? @name "_"))
((method_elem name: (field_identifier) @name) @definition.method (#not-eq? @name "_"))

; Types: what stands on the right says which.
((type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct (#not-eq? @name "_"))
((type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface (#not-eq? @name "_"))
((type_spec name: (type_identifier) @name type: [
  (array_type) (channel_type) (function_type) (generic_type) (map_type) (parenthesized_type) (pointer_type)
  (qualified_type) (slice_type) (type_identifier)]) @definition.type (#not-eq? @name "_"))
((type_alias name: (type_identifier) @name) @definition.type (#not-eq? @name "_"))
((field_declaration name: (field_identifier) @name) @definition.field (#not-eq? @name "_"))
; A type that is embedded is a field of that name.
(field_declaration !name type: [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)
  (generic_type type: [(type_identifier) @name (qualified_type name: (type_identifier) @name)])]) @definition.field

; Constants and variables of the package; those of a function are no definitions. `_` names nothing. In `const A, B =
; 1, 2` only the first name is found by its field, so the names of constants are taken without it.
(source_file (const_declaration (const_spec (identifier) @name) @definition.constant) (#not-eq? @name "_"))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable) (#not-eq? @name "_"))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.variable))
  (#not-eq? @name "_"))

; Calls
(call_expression function: (identifier) @name) @reference.call
(call_expression function: (selector_expression field: (field_identifier) @name)) @reference.call

; Values made of a type
(composite_literal type: (type_identifier) @name) @reference.class

; Types that are used: wherever a type may stand, but for the names that type_spec and type_alias give.
(array_type element: (type_identifier) @name @reference.type)
(channel_type value: (type_identifier) @name @reference.type)
(const_spec type: (type_identifier) @name @reference.type)
(field_declaration type: (type_identifier) @name @reference.type)
(func_literal result: (type_identifier) @name @reference.type)
(function_declaration result: (type_identifier) @name @reference.type)
(function_type result: (type_identifier) @name @reference.type)
(generic_type type: (type_identifier) @name @reference.type)
(implicit_length_array_type element: (type_identifier) @name @reference.type)
(map_type key: (type_identifier) @name @reference.type)
(map_type value: (type_identifier) @name @reference.type)
(method_declaration result: (type_identifier) @name @reference.type)
(method_elem result: (type_identifier) @name @reference.type)
(negated_type (type_identifier) @name @reference.type)
(parameter_declaration type: (type_identifier) @name @reference.type)
(parenthesized_type (type_identifier) @name @reference.type)
(pointer_type (type_identifier) @name @reference.type)
(qualified_type name: (type_identifier) @name @reference.type)
(slice_type element: (type_identifier) @name @reference.type)
(type_alias type: (type_identifier) @name @reference.type)
(type_assertion_expression type: (type_identifier) @name @reference.type)
(type_case type: (type_identifier) @name @reference.type)
(type_constraint (type_identifier) @name @reference.type)
(type_conversion_expression type: (type_identifier) @name @reference.type)
(type_elem (type_identifier) @name @reference.type)
(type_spec type: (type_identifier) @name @reference.type)
(var_spec type: (type_identifier) @name @reference.type)
(variadic_parameter_declaration type: (type_identifier) @name @reference.type)
; new(T), make(T)
(argument_list (type_identifier) @name @reference.type)
