; Tags of fish.

(function_definition name: (word) @name) @definition.function
((command name: (word) @_alias . argument: (word) @name) @definition.alias
  (#eq? @_alias "alias")
  (#not-match? @name "^-")
  (#set! until "="))
((command name: (word) @name) @reference.call (#not-match? @name "^[-.$/]"))
