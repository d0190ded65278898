; What OCaml and its interfaces have in common.

(module_binding . (module_name) @name) @definition.module
(module_type_definition (module_type_name) @name) @definition.interface
(type_binding name: (type_constructor) @name) @definition.type
(constructor_declaration . (constructor_name) @name) @definition.constructor
(field_declaration (field_name) @name) @definition.field
(external (value_name) @name) @definition.function
(external (parenthesized_operator [
  (prefix_operator) (hash_operator) (concat_operator) (rel_operator) (assign_operator) (let_operator) (let_and_operator)
  (match_operator) (sign_operator) (pow_operator) (mult_operator) (add_operator) (and_operator) (or_operator)] @name)) @definition.function
(value_specification (parenthesized_operator [
  (prefix_operator) (hash_operator) (concat_operator) (rel_operator) (assign_operator) (let_operator) (let_and_operator)
  (match_operator) (sign_operator) (pow_operator) (mult_operator) (add_operator) (and_operator) (or_operator)] @name)) @definition.function
(value_specification (value_name) @name type: [(function_type) (polymorphic_type (function_type))]) @definition.function
((value_specification (value_name) @name) @definition.value (#set! unless defined))
(class_binding (class_name) @name) @definition.class
(class_type_binding (class_type_name) @name) @definition.interface
(method_specification (method_name) @name) @definition.method

(type_constructor_path (type_constructor) @name @reference.type)
(module_type_path (module_type_name) @name @reference.interface)
(open_module module: (module_path (module_name) @name @reference.module .))
