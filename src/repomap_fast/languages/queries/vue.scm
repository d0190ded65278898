; Patterns for the scripts of Vue, behind those of their language.

; The name that a component gives itself
((export_statement value: (object
    (pair key: (property_identifier) @_key value: (string (string_fragment) @name) @definition.component)))
  (#eq? @_key "name"))
((call_expression function: (identifier) @_function arguments: (arguments . (object
    (pair key: (property_identifier) @_key value: (string (string_fragment) @name) @definition.component))))
  (#any-of? @_function "defineComponent" "defineOptions")
  (#eq? @_key "name"))
