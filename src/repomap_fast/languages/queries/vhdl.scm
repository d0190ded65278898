; Tags of VHDL.

(entity_declaration name: (identifier) @name) @definition.entity
(architecture_body name: (identifier) @name) @definition.architecture
(package_declaration name: (identifier) @name) @definition.package
(package_body package: (_) @name) @definition.package
(context_declaration name: (identifier) @name) @definition.context
(component_declaration name: (identifier) @name) @definition.component
(function_body designator: (_) @name) @definition.function
(function_declaration designator: (_) @name) @definition.function
(procedure_body designator: (_) @name) @definition.procedure
(procedure_declaration designator: (_) @name) @definition.procedure
(full_type_declaration name: (identifier) @name) @definition.type
(incomplete_type_declaration name: (identifier) @name) @definition.type
(subtype_declaration name: (identifier) @name) @definition.type
((signal_declaration (identifier_list (identifier) @name)) @definition.signal (#set! not-in function))
((constant_declaration (identifier_list (identifier) @name)) @definition.constant (#set! not-in function))
(process_statement (label (identifier) @name)) @definition.process
(component_instantiation_statement (label (identifier) @name)) @definition.instance

(component_instantiation component: (simple_name) @name @reference.component)
(entity_instantiation entity: (selected_name suffix: (simple_name) @name @reference.entity))
(ambiguous_name prefix: (simple_name) @name @reference.call)
(procedure_call_statement procedure: (simple_name) @name) @reference.call
(architecture_body entity: (simple_name) @name @reference.entity)
