; Tags of Emacs Lisp. A definition is a special form, or a list that begins with a word that defines.

(function_definition name: (symbol) @name) @definition.function
(macro_definition name: (symbol) @name) @definition.macro
(special_form "defvar" . (symbol) @name) @definition.variable
(special_form "defconst" . (symbol) @name) @definition.constant
((list . (symbol) @_word . (symbol) @name) @definition.variable
  (#any-of? @_word "defcustom" "defvar-local" "defvar-keymap" "defface" "define-obsolete-variable-alias"))
((list . (symbol) @_word . (symbol) @name) @definition.function
  (#any-of? @_word
    "cl-defun" "cl-defmethod" "cl-defgeneric" "cl-defsubst" "cl-iter-defun" "define-minor-mode" "define-derived-mode"
    "define-globalized-minor-mode" "define-generic-mode" "define-compilation-mode" "define-inline" "defmethod" "defgeneric"
    "transient-define-prefix" "transient-define-suffix" "transient-define-infix" "transient-define-argument"
    "iter-defun" "defhydra" "define-advice" "defadvice" "magit-define-popup")
  (#set! once-in file))
((list . (symbol) @_word . (symbol) @name) @definition.macro
  (#any-of? @_word "cl-defmacro" "define-modify-macro" "gv-define-setter" "pcase-defmacro"))
((list . (symbol) @_word . (symbol) @name) @definition.class
  (#any-of? @_word "defclass" "define-widget"))
((list . (symbol) @_word . [(symbol) @name (list . (symbol) @name)]) @definition.struct
  (#any-of? @_word "cl-defstruct" "defstruct"))
((list . (symbol) @_word . (symbol) @name) @definition.type
  (#any-of? @_word "cl-deftype" "define-error"))
((list . (symbol) @_word . (symbol) @name) @definition.group
  (#eq? @_word "defgroup"))
((list . (symbol) @_word . (symbol) @name) @definition.test
  (#eq? @_word "ert-deftest"))
((list . (symbol) @_word . (quote (symbol) @name)) @definition.function
  (#any-of? @_word "defalias" "define-obsolete-function-alias"))

((list . (symbol) @name) @reference.call
  (#set! unless defined)
  (#not-match? @name "^[:&]|^def|^cl-def|^(require|provide|interactive|declare)$"))
((list . (symbol) @_word . (quote (symbol) @name @reference.module)) (#eq? @_word "require"))
((quote "#'" . (symbol) @name @reference.call))
