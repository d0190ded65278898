; Tags of Prisma schemas.

(model_block . (identifier) @name) @definition.model
(enum_block . (identifier) @name) @definition.enum
(key_value_block . (identifier) @name) @definition.block
(model_field field_name: (identifier) @name) @definition.field
(enum_block (identifier) (identifier) @name @definition.enumerator)

(non_null_type (identifier) @name @reference.type)
