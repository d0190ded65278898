; Tags of SQL. The last part of a name counts: what is before it is its schema.

((create_table (object_reference name: (identifier) @name)) @definition.table (#set! trim "\"`[]"))
((create_view (object_reference name: (identifier) @name)) @definition.view (#set! trim "\"`[]"))
((create_materialized_view (object_reference name: (identifier) @name)) @definition.view (#set! trim "\"`[]"))
((create_function . (_)* . (keyword_function) . (object_reference name: (identifier) @name)) @definition.function
  (#set! trim "\"`[]"))
((create_type (keyword_type) @word (object_reference name: (identifier) @name)) @definition.type
  (#match? @word "^[tT][yY][pP][eE]$")
  (#set! trim "\"`[]"))
; A function, procedure or trigger that the grammar cannot read is parsed as a type: its keyword says what it is.
((create_type (keyword_type) @word (object_reference name: (identifier) @name)) @definition.function
  (#match? @word "^([fF][uU][nN][cC]|[pP][rR][oO][cC])$")
  (#set! trim "\"`[]"))
((create_type (keyword_type) @word (object_reference name: (identifier) @name)) @definition.trigger
  (#match? @word "^[tT][rR][iI][gG]$")
  (#set! trim "\"`[]"))
((create_trigger (keyword_trigger) . (object_reference name: (identifier) @name)) @definition.trigger
  (#set! trim "\"`[]"))
((create_sequence (object_reference name: (identifier) @name)) @definition.sequence (#set! trim "\"`[]"))
((create_schema (identifier) @name) @definition.schema (#set! trim "\"`[]"))
((create_index column: (identifier) @name) @definition.index (#set! trim "\"`[]"))
; `(LIKE other)` takes over the columns of another table.
((column_definition name: (identifier) @name) @definition.column
  (#not-eq? @name "LIKE") (#not-eq? @name "like") (#not-eq? @name "SELECT") (#not-eq? @name "select")
  (#set! trim "\"`[]"))
((column_definition name: (literal) @name) @definition.column (#match? @name "^\"") (#set! trim "\""))
; In a text that the grammar cannot read other words are taken for one: `WITH NOWAIT; … AS (SELECT`.
((cte . (identifier) @name . [(keyword_as) ("(" . (identifier) . ["," ")"])]) @definition.table
  (#set! trim "\"`[]"))

((relation (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((from (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((insert (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((alter_table (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((create_index (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((constraint (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((column_definition (object_reference name: (identifier) @name)) @reference.table (#set! trim "\"`[]"))
((invocation (object_reference name: (identifier) @name)) @reference.call (#set! trim "\"`[]"))
