; Tags of Twig.

((tag_statement (tag) @_tag . (variable) @name) @definition.block (#eq? @_tag "block"))
(macro_statement (method) @name) @definition.macro

(function_call (function_identifier) @name) @reference.call
(filter (filter_identifier) @name @reference.filter)
((tag_statement (interpolated_string) @name @reference.file) (#set! trim "'\""))
