; Tags of Scala. What is written def is a function wherever it stands. The parameters of a class are its fields, as they
; are in all of its body; those of a function are nothing.

(class_definition name: (identifier) @name) @definition.class
(object_definition name: (identifier) @name) @definition.object
(package_object name: (identifier) @name) @definition.object
(trait_definition name: (identifier) @name) @definition.trait
(enum_definition name: (identifier) @name) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.enumerator
(full_enum_case name: (identifier) @name) @definition.enumerator
(type_definition name: (type_identifier) @name) @definition.type
(function_definition name: [(identifier) (operator_identifier)] @name) @definition.function
(function_declaration name: [(identifier) (operator_identifier)] @name) @definition.function
(class_parameter name: (identifier) @name) @definition.field
(given_definition name: (identifier) @name) @definition.variable

; Values are defined in templates, as fields, and at the top of a file.
; within: (compilation_unit ... @definition.variable)
; within: (template_body ... @definition.field)
; within: (template_body (ERROR ... @definition.field))
(val_definition pattern: [
  (identifier) @name
  (identifiers (identifier) @name)
  (tuple_pattern [(identifier) @name (tuple_pattern (identifier) @name)])
  (case_class_pattern (identifier) @name)
  (capture_pattern name: (identifier) @name)
  (typed_pattern pattern: (identifier) @name)])

; within: (compilation_unit ... @definition.variable)
; within: (template_body ... @definition.field)
; within: (template_body (ERROR ... @definition.field))
(var_definition pattern: [
  (identifier) @name
  (identifiers (identifier) @name)
  (tuple_pattern (identifier) @name)
  (case_class_pattern (identifier) @name)])

(val_declaration name: (identifier) @name) @definition.field
(var_declaration name: (identifier) @name) @definition.field

; Calls, by the last name of what is called; with types for arguments also where no others are given.
(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression field: (identifier) @name)) @reference.call
(generic_function function: (identifier) @name) @reference.call
(generic_function function: (field_expression field: (identifier) @name)) @reference.call
(infix_expression operator: (identifier) @name) @reference.call

(import_declaration (identifier) @name .) @reference.import
(namespace_selectors (identifier) @name) @reference.import
(arrow_renamed_identifier name: (identifier) @name) @reference.import
(as_renamed_identifier name: (identifier) @name) @reference.import

; Classes that objects and classes are made from, that are matched; annotations
(instance_expression [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.class
(extends_clause [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.class
(case_class_pattern type: (type_identifier) @name) @reference.class
(annotation name: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.annotation

; Types, each place by name, since above the same nodes are not of a type. A name with dots is always a type.
(stable_type_identifier (type_identifier) @name .) @reference.type
(parameter type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(class_parameter type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(val_definition type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(var_definition type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(val_declaration type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(var_declaration type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(typed_pattern type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(type_definition type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(lazy_parameter_type type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(repeated_parameter_type type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(upper_bound type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(lower_bound type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(context_bound type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(binding type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(function_definition
  return_type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(function_declaration
  return_type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(function_type
  return_type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(given_definition
  return_type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(type_arguments [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(parameter_types [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(infix_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(tuple_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(compound_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(annotated_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(self_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
(applied_constructor_type [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @reference.type
