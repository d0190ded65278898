; Tags of Protocol Buffers.

(message (message_name (identifier) @name)) @definition.message
(enum (enum_name (identifier) @name)) @definition.enum
(enum_field . (identifier) @name) @definition.enumerator
(service (service_name (identifier) @name)) @definition.service
(rpc (rpc_name (identifier) @name)) @definition.method
(field (type) . (identifier) @name) @definition.field
(map_field (type) . (identifier) @name) @definition.field
(oneof . (identifier) @name) @definition.field
(oneof_field (type) . (identifier) @name) @definition.field

; The last part of a name is the type; what is before it is its package.
(message_or_enum_type (identifier) @name @reference.type .)
(extend (full_ident (identifier) @name @reference.type .))
