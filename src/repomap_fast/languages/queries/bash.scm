; Tags of shell scripts. Only what the file sets outside of functions and blocks counts as a variable of it.

(function_definition name: (word) @name) @definition.function
(program (variable_assignment name: (variable_name) @name) @definition.variable)
(program (declaration_command (variable_assignment name: (variable_name) @name) @definition.variable))

; Every command is a call: whether it is a function, a program or a builtin shows only when it runs.
(command name: (command_name (word) @name)) @reference.call
