; inherits: ml
; Tags of OCaml. A value with parameters is a function; in a function only such values are tagged.

(type_binding name: (type_constructor_path (type_constructor) @name @reference.type))
(method_definition (method_name) @name) @definition.method
(instance_variable_definition (instance_variable_name) @name) @definition.field

(let_binding pattern: (value_name) @name . (parameter)) @definition.function
(let_binding pattern: (value_name) @name . body: [(fun_expression) (function_expression)]) @definition.function
(let_binding pattern: (value_name) @name . type: (_) . body: [(fun_expression) (function_expression)])
  @definition.function
(let_binding pattern: (parenthesized_operator [
  (prefix_operator) (hash_operator) (concat_operator) (rel_operator) (assign_operator) (let_operator) (let_and_operator)
  (match_operator) (sign_operator) (pow_operator) (mult_operator) (add_operator) (and_operator) (or_operator)] @name)) @definition.function
(compilation_unit (value_definition ((let_binding pattern: (value_name) @name) @definition.value
  (#not-eq? @name "_")
  (#set! unless defined))))
(structure (value_definition ((let_binding pattern: (value_name) @name) @definition.value
  (#not-eq? @name "_")
  (#set! unless defined))))

(application_expression function: (value_path (value_name) @name)) @reference.call
(application_expression function: (constructor_path (constructor_name) @name @reference.constructor))
(infix_expression operator: (rel_operator) right: (value_path (value_name) @name)) @reference.call
(infix_expression operator: (concat_operator) left: (value_path (value_name) @name)) @reference.call
(method_invocation method: (method_name) @name) @reference.call
(new_expression (class_path (class_name) @name @reference.class))
(include_module module: (module_path (module_name) @name @reference.module .))
(value_path (module_path (module_name) @name @reference.module .))
