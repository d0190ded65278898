; Tags of batch files of Windows. The grammar does not say what `goto` and `call :label` name.

((label) @name @definition.label
  (#set! trim ":") (#set! until " "))
((variable_assignment . (set_keyword) . (variable_name) @name) @definition.variable
  (#set! once-in file))
((variable_assignment (prompt_assignment (variable_name) @name)) @definition.variable
  (#set! once-in file))
((variable_assignment (arithmetic_assignment (arithmetic_expression) @name)) @definition.variable
  (#match? @name "^\"?\\w+[-+*]?=")
  (#set! until "=") (#set! trim "\"+-*") (#set! once-in file))

(call_stmt (command_name) @name) @reference.call
((variable_reference) @name @reference.variable
  (#match? @name "^[%!]\\w")
  (#set! trim "%!"))
