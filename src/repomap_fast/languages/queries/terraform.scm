; Tags of Terraform. A resource is known by its last label; what is before that is its type.

((block . (identifier) @_kind (string_lit (template_literal) @name) . (block_start)) @definition.resource
  (#any-of? @_kind "resource" "data"))
((block . (identifier) @_kind (string_lit (template_literal) @name) . (block_start)) @definition.variable
  (#any-of? @_kind "variable"))
((block . (identifier) @_kind (string_lit (template_literal) @name) . (block_start)) @definition.output
  (#any-of? @_kind "output"))
((block . (identifier) @_kind (string_lit (template_literal) @name) . (block_start)) @definition.module
  (#any-of? @_kind "module"))
((block . (identifier) @_kind (string_lit (template_literal) @name) . (block_start)) @definition.provider
  (#any-of? @_kind "provider"))
((block . (identifier) @_kind (body (attribute . (identifier) @name) @definition.local))
  (#eq? @_kind "locals"))

((block . (identifier) @_kind (string_lit (template_literal) @name @reference.type) . (string_lit) . (block_start))
  (#any-of? @_kind "resource" "data"))
(function_call (identifier) @name) @reference.call
((expression (variable_expr (identifier) @_kind) . (get_attr (identifier) @name @reference.variable))
  (#any-of? @_kind "var" "local"))
((expression (variable_expr (identifier) @_kind) . (get_attr (identifier) @name @reference.module))
  (#eq? @_kind "module"))
((expression (variable_expr (identifier) @_kind) . (get_attr) . (get_attr (identifier) @name @reference.resource))
  (#eq? @_kind "data"))
((expression (variable_expr (identifier) @_kind) . (get_attr (identifier) @name @reference.resource))
  (#match? @_kind "_"))
