; Tags of C#. The grammar has identifiers for types as well as for values, so every place that names a type is given.

; Namespaces, by their last name: the part that tells them apart.
(namespace_declaration name: [(identifier) @name (qualified_name name: (identifier) @name)]) @definition.namespace
(file_scoped_namespace_declaration
  name: [(identifier) @name (qualified_name name: (identifier) @name)]) @definition.namespace

(class_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(record_declaration name: (identifier) @name) @definition.record
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enumerator
(delegate_declaration name: (identifier) @name) @definition.type

; Members. The parameters of a record are its properties; events are fields, or properties where they have accessors.
(method_declaration name: (identifier) @name) @definition.method
(operator_declaration operator: _ @name) @definition.operator
(local_function_statement name: (identifier) @name) @definition.function
(constructor_declaration name: (identifier) @name) @definition.constructor
(property_declaration name: (identifier) @name) @definition.property
(event_declaration name: (identifier) @name) @definition.property
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name) @definition.field))
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name) @definition.field))
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.property))

; Calls, by the last name of what is called
(invocation_expression function: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (member_access_expression name: [(identifier) @name (generic_name . (identifier) @name)])
  (conditional_access_expression
    (member_binding_expression name: [(identifier) @name (generic_name . (identifier) @name)]) .)]) @reference.call

; Namespaces that are used, and what another name is given to
(using_directive [(identifier) @name (qualified_name name: (identifier) @name)] .) @reference.import
(attribute name: [(identifier) @name (qualified_name name: (identifier) @name)]) @reference.annotation

; Classes that objects and classes are made from
(object_creation_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.class
(primary_constructor_base_type type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.class
(base_list [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.class

; Types
(parameter type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(variable_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(property_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(indexer_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(event_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(delegate_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(local_function_statement type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(operator_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(conversion_operator_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(tuple_element type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(array_type type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(nullable_type type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(pointer_type type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(ref_type type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(cast_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(typeof_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(default_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(declaration_pattern type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(recursive_pattern type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(type_pattern type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(foreach_statement type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(catch_declaration type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(type_parameter_constraint type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(method_declaration returns: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(as_expression right: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(is_expression right: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(explicit_interface_specifier [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
(type_argument_list [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name . (identifier) @name)])]) @reference.type
