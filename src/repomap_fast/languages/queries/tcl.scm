; Tags of Tcl.

(procedure name: (_) @name) @definition.function
((namespace (word_list . (simple_word) @_eval . (simple_word) @name)) @definition.namespace (#eq? @_eval "eval"))
((command name: (simple_word) @_word arguments: (word_list . (simple_word) @_create . (simple_word) @name))
  @definition.class
  (#any-of? @_word "oo::class" "::oo::class" "oo::abstract" "oo::singleton")
  (#eq? @_create "create"))
((command name: (simple_word) @_word arguments: (word_list . (simple_word) @name)) @definition.class
  (#any-of? @_word
    "snit::type" "::snit::type" "snit::widget" "::snit::widget" "snit::widgetadaptor" "itcl::class" "::itcl::class"))
((command name: (simple_word) @_word arguments: (word_list . (simple_word) @name . (braced_word))) @definition.method
  (#any-of? @_word "method" "typemethod"))
((command name: (simple_word) @name) @reference.call
  (#not-match? @name "^(set|if|else|elseif|return|method|typemethod|proc|variable|puts|expr|package|namespace|upvar|global|incr|lappend|list|string|error|switch|eval|uplevel|foreach|while|for|catch|append|lindex|info|array|concat|option|oo::.*|snit::.*|::snit::.*)$"))
((command name: (simple_word) @_word arguments: (word_list . (simple_word) @_require . (simple_word) @name @reference.module))
  (#eq? @_word "package")
  (#eq? @_require "require"))
