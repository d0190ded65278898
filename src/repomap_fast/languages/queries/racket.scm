; Tags of Racket. A definition is a list that begins with a word that defines.

((list . (symbol) @_word . (list . (symbol) @name)) @definition.function
  (#any-of? @_word
    "define" "define/contract" "define/match" "define/memo" "define*" "define-inline" "defproc" "define/who" "define/cond-contract"))
((list . (symbol) @_word . (list . (list . (symbol) @name))) @definition.function
  (#any-of? @_word "define" "define/contract"))
((list . (symbol) @_word . (symbol) @name . (list . (symbol) @_lambda)) @definition.function
  (#any-of? @_word "define" "define/contract")
  (#any-of? @_lambda "lambda" "λ" "case-lambda" "opt-lambda" "lambda/decl" "case-λ" "plambda:" "lambda:" "tc-lambda"))
((list . (symbol) @_word . (symbol) @name . (list . (symbol) @_class)) @definition.class
  (#eq? @_word "define")
  (#any-of? @_class "class" "class*" "mixin" "unit"))
((list . (symbol) @_word . (list . (symbol) @name)) @definition.macro
  (#any-of? @_word "define-provide-syntax" "define-require-syntax" "define-splicing-for-clause-syntax"))
((list . (symbol) @_word . (symbol) @name) @definition.variable
  (#any-of? @_word
    "define" "define/contract" "define-for-syntax" "define-logger" "define-parameter" "define-runtime-path"
    "define-runtime-module-path-index" "define-predicate" "define-constant" "define-rename-transformer" "define-namespace-anchor"
    "define-provide-syntax" "define-require-syntax")
  (#set! unless defined)
  (#set! not-in function))
((list . (symbol) @_word . (list . (symbol) @name)) @definition.function
  (#any-of? @_word "define-for-syntax"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.method
  (#any-of? @_word
    "define/public" "define/override" "define/private" "define/augment" "define/pubment" "define/public-final"
    "define/override-final" "define/augride" "define/overment"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.macro
  (#any-of? @_word
    "define-syntax" "define-syntax-rule" "define-simple-macro" "define-syntax-parser" "define-match-expander"
    "define-syntax-parse-rule" "define-macro" "define-syntax-class" "define-splicing-syntax-class" "define-signature-form"
    "define-syntax-parameter" "define-literal-syntax-class" "define-merged-syntax-class"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.struct
  (#any-of? @_word "struct" "define-struct" "serializable-struct" "struct*" "define-struct/exec" "def-struct-stx-class"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.type
  (#any-of? @_word "define-type" "define-type-alias" "define-signature" "define-datatype" "define-opaque"))
((list . (symbol) @_word . (symbol) @name) @definition.unit
  (#any-of? @_word "define-unit" "define-unit@" "define-compound-unit"))
((list . (symbol) @_word . (list (symbol) @name @definition.variable))
  (#eq? @_word "define-values")
  (#not-eq? @name "_")
  (#set! not-in function))
((list . (symbol) @_word . (symbol) @name) @definition.module
  (#any-of? @_word "module" "module*" "module+"))

((list . (symbol) @name) @reference.call
  (#set! unless defined)
  (#not-match? @name
    "^(define.*|struct|module[*+]?|let\\*?|letrec|let-values|let\\*-values|lambda|λ|if|cond|case|begin|and|or|when|unless|do|quote|set!|else|require|provide|:|->|_|[.][.][.])$"))
