; Tags of Common Lisp. A definition is a list that begins with a word that defines; words are of either case.

((defun (defun_header keyword: (defun_keyword) @_word function_name: (sym_lit) @name)) @definition.function
  (#any-of? @_word "defun" "defgeneric" "DEFUN" "DEFGENERIC"))
((defun (defun_header keyword: (defun_keyword) @_word function_name: (sym_lit) @name)) @definition.method
  (#any-of? @_word "defmethod" "DEFMETHOD"))
((defun (defun_header keyword: (defun_keyword) @_word function_name: (sym_lit) @name)) @definition.macro
  (#any-of? @_word "defmacro" "DEFMACRO"))
(defun (defun_header function_name: (list_lit . (sym_lit) . (sym_lit) @name))) @definition.method
((list_lit . (sym_lit) @_word . (sym_lit) @name) @definition.variable
  (#any-of? @_word "defvar" "defparameter" "defglobal" "DEFVAR" "DEFPARAMETER" "define-symbol-macro" "sb-ext:defglobal"))
((list_lit . (sym_lit) @_word . (sym_lit) @name) @definition.constant
  (#any-of? @_word "defconstant" "define-constant" "DEFCONSTANT"))
((list_lit . (sym_lit) @_word . (sym_lit) @name) @definition.class
  (#any-of? @_word "defclass" "define-condition" "DEFCLASS" "DEFINE-CONDITION"))
((list_lit . (sym_lit) @_word . [(sym_lit) @name (list_lit . (sym_lit) @name)]) @definition.struct
  (#any-of? @_word "defstruct" "DEFSTRUCT"))
((list_lit . (sym_lit) @_word . [(sym_lit) @name (list_lit . (sym_lit) @name)]) @definition.type
  (#any-of? @_word "deftype" "DEFTYPE"))
((list_lit . (sym_lit) @_word . (sym_lit) @name) @definition.macro
  (#any-of? @_word "define-compiler-macro" "define-modify-macro" "defsetf" "define-setf-expander"))
((list_lit . (sym_lit) @_word . [(sym_lit) @name (kwd_lit) @name]) @definition.package
  (#any-of? @_word "defpackage" "define-package" "DEFPACKAGE")
  (#set! trim ":#"))
((list_lit . (package_lit symbol: (sym_lit) @_word) . [(sym_lit) @name (kwd_lit) @name]) @definition.package
  (#any-of? @_word "define-package" "defpackage")
  (#set! trim ":#"))
((list_lit . [(sym_lit) @_word (package_lit symbol: (sym_lit) @_word)]
    . [(sym_lit) @name (kwd_lit) @name (str_lit) @name]) @definition.system
  (#any-of? @_word "defsystem" "DEFSYSTEM")
  (#set! trim ":#\""))
((list_lit . (sym_lit) @_word . [(sym_lit) @name (list_lit . (sym_lit) @name)]) @definition.function
  (#any-of? @_word
    "define-easy-handler" "defcommand" "define-method-combination" "defun-inline" "definline" "defsubst" "deftransform"
    "define-vop" "deftest" "define-test" "defknown" "define-source-transform" "defmfun" "defmspec" "def-form" "define-handler"
    "define-stumpwm-command" "define-command" "define-alien-routine" "defcfun"))
((list_lit . (sym_lit) @name) @reference.call
  (#set! unless defined)
  (#not-match? @name "^&|^[dD][eE][fF]|^(quote|declare|let[*]?|if|t|nil|in-package)$"))
(list_lit . (package_lit symbol: (sym_lit) @name @reference.call))
(var_quoting_lit (sym_lit) @name @reference.call)
((list_lit . (sym_lit) @_word . (sym_lit) . (list_lit (sym_lit) @name @reference.class))
  (#any-of? @_word "defclass" "define-condition" "DEFCLASS"))
