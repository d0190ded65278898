; Tags of Scheme. A definition is a list that begins with a word that defines.

((list . (symbol) @_word . (list . (symbol) @name)) @definition.function
  (#any-of? @_word
    "define" "define*" "define-public" "define*-public" "define-inlinable" "define-method" "define-private"
    "define-integrable" "define-memoized" "define/optional"))
((list . (symbol) @_word . (list . (list . (symbol) @name))) @definition.function
  (#any-of? @_word "define" "define*" "define-public"))
((list . (symbol) @_word . (symbol) @name . (list . (symbol) @_lambda)) @definition.function
  (#any-of? @_word "define" "define*" "define-public")
  (#any-of? @_lambda "lambda" "case-lambda" "lambda*" "named-lambda" "opt-lambda" "delayed-lambda"))
((list . (symbol) @_word . (symbol) @name) @definition.variable
  (#any-of? @_word
    "define" "define*" "define-public" "define-parameter" "define-once" "define-fluid" "define-constant" "define-integrable"
    "define-option")
  (#set! unless defined)
  (#set! not-in function))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.macro
  (#any-of? @_word
    "define-syntax" "define-syntax-rule" "define-macro" "defmacro" "define-syntax-public" "define-syntax-parameter"
    "define-er-macro-transformer" "define-rc-macro" "define-auxiliary-syntax"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.record
  (#any-of? @_word "define-record-type" "define-record" "define-structure" "define-immutable-record-type"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.class
  (#any-of? @_word "define-class" "define-type" "define-foreign-type" "define-generic"))
(program ((list . (symbol) @_word . (list) @name) @definition.module
  (#any-of? @_word "define-library" "define-module" "library")))
((list . (symbol) @_word . (symbol) @name) @definition.module
  (#eq? @_word "module"))
((list . (symbol) @_word . (symbol) (list . (symbol) @name @definition.constructor) . [(symbol) (boolean)])
  (#eq? @_word "define-record-type"))
((list . (symbol) @_word . (symbol) . (_) . (symbol) @name @definition.function)
  (#eq? @_word "define-record-type"))
((list . (symbol) @_word . (symbol) . (_) . (_) (list . (symbol) . (symbol) @name @definition.function))
  (#eq? @_word "define-record-type"))

((list . (symbol) @name) @reference.call
  (#set! unless defined)
  (#not-match? @name
    "^(define.*|let\\*?|letrec\\*?|let-values|let\\*-values|lambda|if|cond|case|begin|and|or|when|unless|do|quote|set!|syntax-rules|else|export|import|library|=>|_|[.][.][.])$"))
