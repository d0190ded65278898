; Tags of F#. A value is tagged outside of functions alone.

(namespace name: (long_identifier) @name) @definition.namespace
(named_module name: (long_identifier) @name) @definition.module
(module_defn (identifier) @name) @definition.module
(module_abbrev . (identifier) @name) @definition.module

(type_definition [
  (anon_type_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (delegate_type_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (enum_type_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (record_type_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (type_abbrev_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (type_declaration (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
  (union_type_defn (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)]))
] @definition.type)
(type_definition (type_extension
  (type_name type_name: [(identifier) @name (long_identifier (identifier) @name .)])) @definition.extension)
(exception_definition exception_name: (long_identifier) @name) @definition.exception
(union_type_case (identifier) @name) @definition.constructor
(enum_type_case (identifier) @name) @definition.enumerator
(record_field (identifier) @name) @definition.field

(function_or_value_defn (function_declaration_left [(identifier) (op_identifier) (active_pattern)] @name)) @definition.function

; within: (file (declaration_expression ...))
; within: (namespace (declaration_expression ...))
; within: (named_module (declaration_expression ...))
; within: (module_defn (declaration_expression ...))
; within: (type_extension_elements ...)
(function_or_value_defn (value_declaration_left
  (identifier_pattern . (long_identifier_or_op (identifier) @name) .))) @definition.value

(member_defn (method_or_prop_defn name: (property_or_ident [(identifier) (op_identifier)] @name .) args: (_))) @definition.method
(member_defn (method_or_prop_defn name: (property_or_ident (identifier) @name .) !args)) @definition.property
(member_defn (property_or_ident (identifier) @name)) @definition.property
(member_signature (identifier) @name) @definition.method

(application_expression . (long_identifier_or_op (identifier) @name)) @reference.call
(application_expression . (long_identifier_or_op (long_identifier (identifier) @name .))) @reference.call
((infix_expression (infix_op) @op . (long_identifier_or_op (identifier) @name)) @reference.call
  (#any-of? @op "|>" ">>"))
((infix_expression (infix_op) @op . (long_identifier_or_op (long_identifier (identifier) @name .))) @reference.call
  (#any-of? @op "|>" ">>"))
(dot_expression field: (long_identifier_or_op (identifier) @name)) @reference.call
(import_decl (long_identifier) @name @reference.module)
(simple_type (long_identifier (identifier) @name @reference.type .))
