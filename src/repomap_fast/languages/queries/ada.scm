; Tags of Ada.

(package_declaration name: (_) @name) @definition.package
(package_body name: (_) @name) @definition.package
(generic_instantiation "package" name: (_) @name) @definition.package
((generic_instantiation name: (_) @name) @definition.function (#set! unless defined))
(subprogram_declaration (procedure_specification name: (_) @name)) @definition.function
(subprogram_declaration (function_specification name: (_) @name)) @definition.function
(subprogram_body (procedure_specification name: (_) @name)) @definition.function
(subprogram_body (function_specification name: (_) @name)) @definition.function
((procedure_specification name: (_) @name) @definition.function (#set! unless defined))
((function_specification name: (_) @name) @definition.function (#set! unless defined))
(full_type_declaration . (identifier) @name) @definition.type
(subtype_declaration . (identifier) @name) @definition.type
(private_type_declaration . (identifier) @name) @definition.type
(private_extension_declaration . (identifier) @name) @definition.type
(incomplete_type_declaration . (identifier) @name) @definition.type
(package_renaming_declaration name: (_) @name) @definition.package
(task_type_declaration . (identifier) @name) @definition.type
(single_task_declaration . (identifier) @name) @definition.type
(protected_type_declaration . (identifier) @name) @definition.type
(single_protected_declaration . (identifier) @name) @definition.type
(component_declaration . (identifier) @name) @definition.field
(enumeration_type_definition (identifier) @name @definition.enumerator)
(exception_declaration . (identifier) @name) @definition.exception
((object_declaration name: (identifier) @name "constant") @definition.constant (#set! not-in function))
((object_declaration name: (identifier) @name) @definition.variable (#set! not-in function) (#set! unless defined))

(procedure_call_statement name: (identifier) @name) @reference.call
(procedure_call_statement name: (selected_component selector_name: (identifier) @name)) @reference.call
(function_call name: (identifier) @name) @reference.call
(function_call name: (selected_component selector_name: (identifier) @name)) @reference.call
(with_clause [(identifier) (selected_component)] @name @reference.module)
(parameter_specification subtype_mark: (identifier) @name @reference.type)
(parameter_specification subtype_mark: (selected_component selector_name: (identifier) @name @reference.type))
(result_profile subtype_mark: (identifier) @name @reference.type)
