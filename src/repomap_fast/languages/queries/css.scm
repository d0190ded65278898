; Tags of CSS. A selector, a property or an animation is defined where the file has it first.

((class_selector (class_name) @name.definition.selector .) (#set! once-in file))
((id_selector (id_name) @name.definition.selector) (#set! once-in file))
((keyframes_statement (keyframes_name) @name) @definition.animation (#set! once-in file))
((declaration (property_name) @name) @definition.variable
  (#match? @name "^--")
  (#set! once-in file))

((call_expression (function_name) @_function (arguments . (plain_value) @name)) @reference.variable
  (#eq? @_function "var"))
((declaration (property_name) @_property . (plain_value) @name) @reference.animation
  (#not-match? @name "^(none|inherit|initial|unset)$")
  (#any-of? @_property "animation" "animation-name" "-webkit-animation" "-webkit-animation-name"))
