; Tags of Lua. Functions are values: those that a declaration, an assignment or a field of a table gives a name are
; definitions.

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
  (variable_list . name: [
    (dot_index_expression table: (identifier) @owner field: (identifier) @name)
    (bracket_index_expression table: (identifier) @owner field: (string content: (string_content) @name))])
  (expression_list . value: (function_definition))) @definition.function)
((assignment_statement
  (variable_list . name: [
    (dot_index_expression field: (identifier) @name)
    (bracket_index_expression field: (string content: (string_content) @name))])
  (expression_list . value: (function_definition))) @definition.function
  (#set! unless defined))
(assignment_statement
  (variable_list . name: (identifier) @name)
  (expression_list . value: (function_definition))) @definition.function
(assignment_statement
  (variable_list . name: (_) . name: [
    (identifier) @name
    (dot_index_expression field: (identifier) @name)])
  (expression_list . value: (_) . value: (function_definition))) @definition.function
(field
  name: [(identifier) @name (string content: (string_content) @name)]
  value: (function_definition)) @definition.function

; Variables of the file that start as something else than a function, and those that start as nothing
(chunk (variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: [
    (binary_expression) (bracket_index_expression) (dot_index_expression) (false) (function_call) (identifier) (nil)
    (number) (parenthesized_expression) (string) (table_constructor) (true) (unary_expression) (vararg_expression)
  ]))) @definition.variable)
(chunk (variable_declaration (variable_list name: (identifier) @name)) @definition.variable)
(chunk (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: [
    (binary_expression) (bracket_index_expression) (dot_index_expression) (false) (function_call) (identifier) (nil)
    (number) (parenthesized_expression) (string) (table_constructor) (true) (unary_expression) (vararg_expression)
  ])) @definition.variable)

; Calls
(function_call name: (identifier) @name) @reference.call
(function_call name: (dot_index_expression field: (identifier) @name)) @reference.call
(function_call name: (method_index_expression method: (identifier) @name)) @reference.call
