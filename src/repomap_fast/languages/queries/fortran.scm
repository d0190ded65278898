; Tags of Fortran.

(module (module_statement (name) @name)) @definition.module
(submodule (submodule_statement (name) @name)) @definition.module
(program (program_statement (name) @name)) @definition.program
(subroutine (subroutine_statement name: (name) @name)) @definition.function
(function (function_statement name: (name) @name)) @definition.function
(module_procedure (module_procedure_statement name: (name) @name)) @definition.function
(derived_type_definition (derived_type_statement (type_name) @name)) @definition.type
(interface (interface_statement (name) @name)) @definition.interface
(derived_type_definition (variable_declaration declarator: [
    (identifier) @name
    (init_declarator left: (identifier) @name)
    (sized_declarator . (identifier) @name)]) @definition.field)
((procedure_statement declarator: (binding (binding_name (identifier) @name))) @definition.method
  (#not-eq? @name "public"))
(enumerator_statement declarator: [(identifier) @name (init_declarator left: (identifier) @name)]) @definition.enumerator
((module (variable_declaration attribute: (type_qualifier "parameter") declarator:
    (init_declarator left: (identifier) @name)) @definition.constant))
(module (variable_declaration declarator: [
    (identifier) @name
    (init_declarator left: (identifier) @name)
    (sized_declarator . (identifier) @name)]) @definition.variable (#set! unless defined))

(subroutine_call subroutine: (identifier) @name) @reference.call
(subroutine_call subroutine: (derived_type_member_expression (type_member) @name)) @reference.call
(call_expression . (identifier) @name) @reference.call
(call_expression . (derived_type_member_expression (type_member) @name)) @reference.call
(use_statement (module_name) @name @reference.module)
(base_type_specifier (identifier) @name @reference.type)
(derived_type (type_name) @name @reference.type)
