; Tags of reStructuredText: headings, labels, and what Sphinx documents.

(section (title) @name) @definition.heading
((target name: (name) @name) @definition.label (#set! trim "_`:"))
((directive name: (type) @_directive body: (body (arguments) @name)) @definition.object
  (#any-of? @_directive
    "py:class" "py:function" "py:method" "py:module" "py:data" "py:attribute" "py:exception" "class" "function" "method"
    "module" "data" "attribute" "exception" "c:function" "c:type" "c:macro" "cpp:class" "cpp:function" "confval"
    "rst:directive" "rst:role" "option" "envvar" "js:function" "js:class")
  (#not-match? @name "[<\n]|^[.]|^\\w+ ")
  (#set! until "("))
