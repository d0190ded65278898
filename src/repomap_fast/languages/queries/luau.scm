; Tags of Luau.

(function_declaration name: (identifier) @name) @definition.function
; A field of a table belongs to the table.
(function_declaration name: (dot_index_expression
  table: [(identifier) @owner (dot_index_expression field: (identifier) @owner)]
  field: (identifier) @name)) @definition.function
(function_declaration name: (method_index_expression
  table: [(identifier) @owner (dot_index_expression field: (identifier) @owner)]
  method: (identifier) @name)) @definition.method
((assignment_statement
  (variable_list . name: [
    (identifier) @name
    (dot_index_expression
      table: [
        (identifier) @owner
        (dot_index_expression field: (identifier) @owner)
        (bracket_index_expression)
        (function_call)
        (parenthesized_expression)]
      field: (identifier) @name)])
  (expression_list . value: (function_definition))) @definition.function)
(field name: (identifier) @name value: (function_definition)) @definition.function
(type_definition name: [(identifier) @name (generic_type . (identifier) @name)]) @definition.type
((chunk (variable_declaration (assignment_statement (variable_list . name: (identifier) @name))) @definition.variable)
  (#set! unless defined))

(function_call name: (identifier) @name) @reference.call
(function_call name: (dot_index_expression field: (identifier) @name)) @reference.call
(function_call name: (method_index_expression method: (identifier) @name)) @reference.call
