; Tags of Luau.

(function_declaration name: (identifier) @name) @definition.function
; A field of a table belongs to the table. Within a function its name may be that of a parameter or a local.
(chunk (function_declaration name: (dot_index_expression
  table: (identifier) @owner
  field: (identifier) @name)) @definition.function)
(chunk (function_declaration name: (method_index_expression
  table: (identifier) @owner
  method: (identifier) @name)) @definition.method)
((function_declaration name: (dot_index_expression field: (identifier) @name)) @definition.function
  (#set! unless defined))
((function_declaration name: (method_index_expression method: (identifier) @name)) @definition.method
  (#set! unless defined))
(chunk (assignment_statement
  (variable_list . name: (dot_index_expression table: (identifier) @owner field: (identifier) @name))
  (expression_list . value: (function_definition))) @definition.function)
((assignment_statement
  (variable_list . name: (dot_index_expression field: (identifier) @name))
  (expression_list . value: (function_definition))) @definition.function
  (#set! unless defined))
((assignment_statement
  (variable_list . name: (identifier) @name)
  (expression_list . value: (function_definition))) @definition.function)
(field name: (identifier) @name value: (function_definition)) @definition.function
(type_definition name: [(identifier) @name (generic_type . (identifier) @name)]) @definition.type
((chunk (variable_declaration (assignment_statement (variable_list . name: (identifier) @name))) @definition.variable)
  (#set! unless defined))

(function_call name: (identifier) @name) @reference.call
(function_call name: (dot_index_expression field: (identifier) @name)) @reference.call
(function_call name: (method_index_expression method: (identifier) @name)) @reference.call
