; Tags of GraphQL: schemas, queries and fragments.

(object_type_definition (name) @name) @definition.type
(interface_type_definition (name) @name) @definition.interface
(enum_type_definition (name) @name) @definition.enum
(enum_value_definition (enum_value (name) @name)) @definition.enumerator
(union_type_definition (name) @name) @definition.union
(input_object_type_definition (name) @name) @definition.type
(scalar_type_definition (name) @name) @definition.type
(directive_definition (name) @name) @definition.directive
(field_definition . (description)? . (name) @name) @definition.field
(input_fields_definition (input_value_definition . (description)? . (name) @name) @definition.field)
(operation_definition (name) @name) @definition.operation
(fragment_definition (fragment_name (name) @name)) @definition.fragment

(named_type (name) @name) @reference.type
(object_type_extension (name) @name @reference.type)
(interface_type_extension (name) @name @reference.type)
(fragment_spread (fragment_name (name) @name)) @reference.fragment
(directive (name) @name) @reference.directive
(field . (alias)? . (name) @name) @reference.field
