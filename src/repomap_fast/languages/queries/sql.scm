; Tags of SQL. The last part of a name counts: what is before it is its schema.

((create_table (object_reference name: (identifier) @name)) @definition.table (#set! trim "\"`[]"))
((create_view (object_reference name: (identifier) @name)) @definition.view (#set! trim "\"`[]"))
((create_materialized_view (object_reference name: (identifier) @name)) @definition.view (#set! trim "\"`[]"))
((create_function . (_)* . (keyword_function) . (object_reference name: (identifier) @name)) @definition.function
  (#set! trim "\"`[]"))
((create_type (object_reference name: (identifier) @name)) @definition.type (#set! trim "\"`[]"))
((create_trigger (keyword_trigger) . (object_reference name: (identifier) @name)) @definition.trigger
  (#set! trim "\"`[]"))
((create_sequence (object_reference name: (identifier) @name)) @definition.sequence (#set! trim "\"`[]"))
((create_schema (identifier) @name) @definition.schema (#set! trim "\"`[]"))
((create_index column: (identifier) @name) @definition.index (#set! trim "\"`[]"))
((column_definition name: (identifier) @name) @definition.column (#set! trim "\"`[]"))
((cte . (identifier) @name) @definition.table (#set! trim "\"`[]"))

((relation (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((from (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((insert (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((alter_table (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((create_index (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((constraint (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((column_definition (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((invocation (object_reference name: (identifier) @name)) @reference.call (#set! trim "\"`[]"))
