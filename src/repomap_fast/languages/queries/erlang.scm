; Tags of Erlang. A function is defined by its first clause.

((module_attribute name: (atom) @name) @definition.module (#set! trim "'"))
((fun_decl clause: (function_clause name: (atom) @name)) @definition.function
  (#set! once-in file)
  (#set! trim "'"))
((record_decl name: (atom) @name) @definition.record (#set! trim "'"))
(record_decl fields: (record_field name: (atom) @name) @definition.field)
((pp_define lhs: (macro_lhs name: (_) @name)) @definition.macro (#set! once-in file))
(type_alias name: (type_name name: (atom) @name)) @definition.type
(opaque name: (type_name name: (atom) @name)) @definition.type
(callback fun: (atom) @name) @definition.callback

((call expr: (atom) @name) @reference.call (#set! trim "'"))
((call expr: (remote fun: (atom) @name)) @reference.call (#set! trim "'"))
((remote_module module: (atom) @name) @reference.module (#set! trim "'"))
(internal_fun fun: (atom) @name) @reference.call
(external_fun fun: (atom) @name) @reference.call
((record_name name: (atom) @name) @reference.record (#set! trim "'"))
(macro_call_expr name: (_) @name) @reference.macro
((behaviour_attribute name: (atom) @name) @reference.module (#set! trim "'"))
