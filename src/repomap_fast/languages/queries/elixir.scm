; Tags of Elixir. Definitions are calls of macros, known by their names; a function is defined by its first clause.

((call target: (identifier) @_macro (arguments . (alias) @name)) @definition.module
  (#any-of? @_macro "defmodule" "defprotocol"))
((call target: (identifier) @_macro (arguments . (alias) @name)) @definition.implementation
  (#eq? @_macro "defimpl"))
((call
    target: (identifier) @_macro
    (arguments . [
      (identifier) @name
      (call target: (identifier) @name)
      (binary_operator left: (identifier) @name operator: "when")
      (binary_operator left: (call target: (identifier) @name))])) @definition.function
  (#any-of? @_macro "def" "defp" "defguard" "defguardp" "defdelegate" "defn" "defnp")
  (#set! once-in file))
; An operator is defined between its arguments.
((call
    target: (identifier) @_macro
    (arguments . [
      (binary_operator left: (identifier) operator: _ @name)
      (binary_operator left: (binary_operator left: (identifier) operator: _ @name) operator: "when")]))
  @definition.function
  (#any-of? @_macro "def" "defp")
  (#not-eq? @name "when")
  (#set! once-in file))
((call
    target: (identifier) @_macro
    (arguments . [
      (identifier) @name
      (call target: (identifier) @name)
      (binary_operator left: (call target: (identifier) @name))])) @definition.macro
  (#any-of? @_macro "defmacro" "defmacrop")
  (#set! once-in file))
((unary_operator operand: (call target: (identifier) @_attribute (arguments . (binary_operator left: [
    (identifier) @name
    (call target: (identifier) @name)])))) @definition.type
  (#any-of? @_attribute "type" "typep" "opaque"))
((unary_operator operand: (call target: (identifier) @_attribute (arguments . (binary_operator left:
    (call target: (identifier) @name))))) @definition.callback
  (#any-of? @_attribute "callback" "macrocallback"))

((call target: (identifier) @name) @reference.call
  (#set! unless defined)
  (#not-match? @name
    "^(def[a-z]*|alias|import|require|use|if|unless|case|cond|with|for|quote|test|describe|doc|moduledoc|typedoc|type|typep|opaque|spec|callback|macrocallback|impl)$"))
(call target: (dot right: (identifier) @name)) @reference.call
(dot left: (alias) @name @reference.module)
((call target: (identifier) @_macro (arguments . (alias) @name @reference.module))
  (#any-of? @_macro "alias" "import" "require" "use"))
(struct (alias) @name @reference.module)
