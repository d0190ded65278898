; Tags of makefiles. A variable or target is defined where the file has it first. Names that are made of variables, and
; special targets such as .PHONY, are none.

((variable_assignment name: (word) @name) @definition.variable
  (#not-match? @name "^[^A-Za-z_]|[$]")
  (#set! trim "?+:!")
  (#set! once-in file))
((define_directive name: (word) @name) @definition.macro (#set! once-in file))
((rule (targets (word) @name)) @definition.target
  (#match? @name "^[A-Za-z0-9_][^%$]*$|^[.]*/[^%$]*$|^[.][^%$]*/[^%$]*$")
  (#set! once-in file))

((prerequisites (word) @name) @reference.target (#not-match? @name "[%$]"))
(variable_reference (word) @name) @reference.variable
(ifdef_directive variable: (word) @name) @reference.variable
((function_call function: "call" (arguments . argument: (text) @name)) @reference.call (#set! until ","))
