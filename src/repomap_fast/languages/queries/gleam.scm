; Tags of Gleam.

(function name: (identifier) @name) @definition.function
(constant name: (identifier) @name) @definition.constant
(type_definition (type_name name: (type_identifier) @name)) @definition.type
(external_type (type_name name: (type_identifier) @name)) @definition.type
(type_alias (type_name name: (type_identifier) @name)) @definition.type
(data_constructor name: (constructor_name) @name) @definition.constructor
(data_constructor_argument label: (label) @name) @definition.field

(function_call function: (identifier) @name) @reference.call
(function_call function: (field_access field: (label) @name)) @reference.call
(binary_expression right: (identifier) @name @reference.call)
(record name: (constructor_name) @name) @reference.constructor
(record name: (remote_constructor_name name: (constructor_name) @name)) @reference.constructor
(record_pattern name: (constructor_name) @name @reference.constructor)
(type name: (type_identifier) @name) @reference.type
(type name: (remote_type_identifier name: (type_identifier) @name)) @reference.type
(import module: (module) @name) @reference.module
(unqualified_import name: (identifier) @name @reference.import)
(unqualified_import name: (type_identifier) @name @reference.import)
