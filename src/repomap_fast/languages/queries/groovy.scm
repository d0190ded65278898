; Tags of Groovy. The grammar knows no class and no method: they are told by the words before their names.

((command (unit (identifier) @_word) . (unit . [(identifier) @name (generics_class . (identifier) @name)] .))
  @definition.class
  (#any-of? @_word "class" "trait" "record"))
((command (unit (identifier) @_word) . (block . (unit . [(identifier) @name (generics_class . (identifier) @name)] .)))
  @definition.class
  (#any-of? @_word "class" "trait" "record"))
((command (unit (identifier) @_word) . (unit . [(identifier) @name (generics_class . (identifier) @name)] .))
  @definition.interface
  (#eq? @_word "interface"))
((command (unit (identifier) @_word) . (block . (unit . [(identifier) @name (generics_class . (identifier) @name)] .)))
  @definition.interface
  (#eq? @_word "interface"))
((command (unit (identifier) @_word) . (unit . (identifier) @name .)) @definition.enum (#eq? @_word "enum"))
((command (unit (identifier) @_word) . (block . (unit . (identifier) @name .))) @definition.enum (#eq? @_word "enum"))
((command (unit (identifier) @_type .) . (block . (unit . (func . (identifier) @name)))) @definition.method
  (#not-eq? @_type "return") (#not-eq? @_type "assert") (#not-eq? @_type "new") (#not-eq? @_type "throw")
  (#not-eq? @_type "println") (#not-eq? @_type "print") (#not-eq? @_type "else") (#not-eq? @_type "in")
  (#not-eq? @_type "task") (#not-eq? @_type "apply") (#not-eq? @_type "as") (#not-eq? @_type "case")
  (#not-eq? @_type "when") (#not-eq? @_type "and") (#not-eq? @_type "import"))
; Without a body its parameters have types: `storeFile file(path)` is two calls.
((command (unit (identifier) @_type .) .
  (unit . (func . (identifier) @name . [
    (arg_block . "(" . ")")
    (arg_block . "(" . (unit) . [(unit) (list)])]))) @definition.method
  (#not-eq? @_type "return") (#not-eq? @_type "assert") (#not-eq? @_type "new") (#not-eq? @_type "throw")
  (#not-eq? @_type "println") (#not-eq? @_type "print") (#not-eq? @_type "else") (#not-eq? @_type "in")
  (#not-eq? @_type "task") (#not-eq? @_type "apply") (#not-eq? @_type "as") (#not-eq? @_type "case")
  (#not-eq? @_type "when") (#not-eq? @_type "and") (#not-eq? @_type "import"))
(command (unit (generics_class)) . (block . (unit . (func . (identifier) @name)))) @definition.method
(command (unit (generics_class)) . (unit . (func . (identifier) @name))) @definition.method
((command (unit (identifier) @_type .) . (block . (string) @name)) @definition.test
  (#any-of? @_type "def" "void")
  (#set! trim "\"'"))
((command . (unit (identifier) @_word) . (block . (unit . [(identifier) @name (func . (identifier) @name)])))
  @definition.target
  (#eq? @_word "task"))

((func . (identifier) @name) @reference.call (#set! unless defined))
