; Tags of Thrift.

(struct_definition type: (identifier) @name) @definition.struct
(union_definition type: (identifier) @name) @definition.union
(exception_definition . (identifier) @name) @definition.exception
(enum_definition . type: (identifier) @name) @definition.enum
((enum_definition (identifier) @name @definition.enumerator) (#set! unless defined))
(service_definition . type: (identifier) @name) @definition.service
(function_definition (identifier) @name . (parameters)) @definition.method
(typedef_definition (typedef_identifier) @name) @definition.type
(const_definition (identifier) @name) @definition.constant
(field (identifier) @name) @definition.field

(type type: (identifier) @name @reference.type)
