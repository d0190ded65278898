; Tags of SCSS. A selector is defined where the file has it first; only variables of the file count.

(mixin_statement name: (identifier) @name) @definition.mixin
(function_statement name: (identifier) @name) @definition.function
((placeholder (identifier) @name.definition.selector) (#set! once-in file))
((class_selector (class_name) @name.definition.selector .)
  (#not-match? @name.definition.selector "^[-_]|#[{]")
  (#set! once-in file))
((id_selector (id_name) @name.definition.selector) (#set! once-in file))
((keyframes_statement (keyframes_name) @name) @definition.animation (#set! once-in file))
((stylesheet (declaration (property_name) @name) @definition.variable)
  (#match? @name "^\\$")
  (#set! trim "$")
  (#set! once-in file))

(include_statement (identifier) @name) @reference.mixin
(call_expression (function_name) @name) @reference.call
((variable) @name @reference.variable (#set! trim "$"))
