; Tags of Clojure. A definition is a list that begins with a word that defines.

((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.module
  (#any-of? @_word "ns" "in-ns"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.function
  (#any-of? @_word "defn" "defn-" "defmulti" "defnc" "defui" "defn-spec" "defndelayed"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.macro
  (#any-of? @_word "defmacro" "defmacro-" "defmacfn"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.variable
  (#any-of? @_word "def" "defonce" "def-" "declare" "defstate" "defonce-"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.record
  (#any-of? @_word "defrecord" "deftype" "defstruct" "deftype*" "defrecord*"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.protocol
  (#any-of? @_word "defprotocol" "definterface"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name)) @definition.test
  (#any-of? @_word "deftest" "deftest-" "defspec"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit)
  (list_lit . (sym_lit name: (sym_name) @name) . (vec_lit)) @definition.method)
  (#any-of? @_word "defprotocol" "definterface" "defrecord" "deftype" "extend-type" "extend-protocol" "deftype*")
  (#set! once-in file))

((list_lit . (sym_lit name: (sym_name) @name)) @reference.call
  (#set! unless defined)
  (#not-match? @name
    "^(ns|in-ns|def[a-z-]*|declare|definterface|extend-type|extend-protocol|reify|let[*]?|if|if-not|if-let|if-some|when|when-not|when-let|when-some|do|fn[*]?|loop[*]?|recur|quote|var|cond|case|for|doseq|dotimes|try|catch|finally|throw|and|or|->|->>|some->|cond->|binding|new|set!|[.]{1,2}|[-=+*/<>]|[<>]=)$"))
((list_lit . (sym_lit name: (sym_name) @_word) . (sym_lit name: (sym_name) @name @reference.call))
  (#eq? @_word "defmethod"))
((list_lit . (kwd_lit name: (kwd_name) @_word) (vec_lit . (sym_lit name: (sym_name) @name @reference.module)))
  (#any-of? @_word "require" "use" "require-macros"))
(var_quoting_lit (sym_lit name: (sym_name) @name @reference.call))
