; Tags of shell scripts. Only what the file sets outside of functions and blocks counts as a variable of it.

(function_definition name: (word) @name) @definition.function
(program (variable_assignment name: (variable_name) @name) @definition.variable)
(program (variable_assignments (variable_assignment name: (variable_name) @name) @definition.variable))
(program (declaration_command (variable_assignment name: (variable_name) @name) @definition.variable))

; An alias is called as a function is.
((command name: (command_name (word) @_alias) argument: [(word) @name (concatenation . (word) @name)]) @definition.function
  (#eq? @_alias "alias")
  (#match? @name "^[^-].*=")
  (#set! until "="))

; A function that is given to a builtin which calls it or hands it on
((command name: (command_name (word) @_builtin) . argument: (word) @name @reference.call)
  (#eq? @_builtin "trap")
  (#match? @name "^[A-Za-z_]"))
((command name: (command_name (word) @_builtin) argument: (word) @_option . argument: (word) @name @reference.call)
  (#any-of? @_builtin "complete" "compgen")
  (#eq? @_option "-F"))
((declaration_command . (word) @_option (variable_name) @name @reference.call) (#match? @_option "^-[a-z]*f"))

; Every command is a call: whether it is a function, a program or a builtin shows only when it runs.
(command name: (command_name (word) @name)) @reference.call
