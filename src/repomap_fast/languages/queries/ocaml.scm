; Tags of OCaml. A value with parameters is a function; in a function only such values are tagged.

(module_binding . (module_name) @name) @definition.module
(module_type_definition (module_type_name) @name) @definition.interface
(type_binding name: (type_constructor) @name) @definition.type
(type_binding name: (type_constructor_path (type_constructor) @name @reference.type))
(constructor_declaration . (constructor_name) @name) @definition.constructor
(field_declaration (field_name) @name) @definition.field
(external (value_name) @name) @definition.function
(value_specification (value_name) @name type: [(function_type) (polymorphic_type (function_type))]) @definition.function
((value_specification (value_name) @name) @definition.value (#set! unless defined))
(class_binding (class_name) @name) @definition.class
(class_type_binding (class_type_name) @name) @definition.interface
(method_definition (method_name) @name) @definition.method
(method_specification (method_name) @name) @definition.method
(instance_variable_definition (instance_variable_name) @name) @definition.field

(let_binding pattern: (value_name) @name . (parameter)) @definition.function
(let_binding pattern: (value_name) @name . body: [(fun_expression) (function_expression)]) @definition.function
(let_binding pattern: (value_name) @name . type: (_) . body: [(fun_expression) (function_expression)])
  @definition.function
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
(open_module module: (module_path (module_name) @name @reference.module .))
(include_module module: (module_path (module_name) @name @reference.module .))
(value_path (module_path (module_name) @name @reference.module .))
(type_constructor_path (type_constructor) @name @reference.type)
(module_type_path (module_type_name) @name @reference.interface)
