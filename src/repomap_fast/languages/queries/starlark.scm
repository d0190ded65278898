; Tags of Starlark: of its functions, and of the targets of build files.

(function_definition name: (identifier) @name) @definition.function
((module (expression_statement (assignment left: (identifier) @name)) @definition.variable) (#set! once-in file))
(module (expression_statement ((call
    arguments: (argument_list (keyword_argument name: (identifier) @_name value: (string (string_content) @name))))
  @definition.target
  (#eq? @_name "name"))))

(call function: (identifier) @name) @reference.call
(call function: (attribute attribute: (identifier) @name)) @reference.call
((call function: (identifier) @_load arguments: (argument_list (string) . (string (string_content) @name @reference.import)))
  (#eq? @_load "load"))
