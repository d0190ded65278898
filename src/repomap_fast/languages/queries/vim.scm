; Tags of Vim script.

(function_definition (function_declaration name: [
    (identifier) @name
    (scoped_identifier) @name
    (argument) @name
    (field_expression field: (identifier) @name)])) @definition.function
(command_statement name: (command_name) @name) @definition.command
((augroup_statement (augroup_name) @name) @definition.group (#not-eq? @name "END") (#not-eq? @name "end"))
((script_file (let_statement . (scoped_identifier) @name) @definition.variable) (#set! once-in file))
(call_expression function: [(identifier) (scoped_identifier)] @name) @reference.call
(call_expression function: (field_expression field: (identifier) @name)) @reference.call
