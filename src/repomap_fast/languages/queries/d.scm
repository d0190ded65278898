; Tags of D.

(module_declaration (module_fqn) @name) @definition.module
(struct_declaration (identifier) @name) @definition.struct
(class_declaration (identifier) @name) @definition.class
(interface_declaration (identifier) @name) @definition.interface
(union_declaration (identifier) @name) @definition.union
(enum_declaration (identifier) @name) @definition.enum
(enum_member . (identifier) @name) @definition.enumerator
(anonymous_enum_member . (identifier) @name) @definition.enumerator
((manifest_declarator . (identifier) @name) @definition.constant (#set! not-in function))
((alias_initializer . (identifier) @name) @definition.type (#set! not-in function))
((alias_declaration (type) . (identifier) @name) @definition.type (#set! not-in function))
(template_declaration (identifier) @name) @definition.macro
(function_declaration (identifier) @name) @definition.function
(constructor (this) @name) @definition.constructor
(source_file (variable_declaration (declarator . (identifier) @name)) @definition.variable)
(module_def (variable_declaration (declarator . (identifier) @name)) @definition.variable)
(source_file (auto_declaration variable: (identifier) @name) @definition.variable)
(module_def (auto_declaration variable: (identifier) @name) @definition.variable)
(aggregate_body (variable_declaration (declarator . (identifier) @name)) @definition.field)
(aggregate_body (auto_declaration variable: (identifier) @name) @definition.field)

(imported (module_fqn) @name @reference.module)
(call_expression . (identifier) @name) @reference.call
(call_expression . (type (identifier) @name .)) @reference.call
(call_expression . (type (template_instance . (identifier) @name) .)) @reference.call
(call_expression . (property_expression (identifier) @name .)) @reference.call
(new_expression (type (identifier) @name @reference.class .))
(base_class (identifier) @name @reference.class)
(parameter (type (identifier) @name @reference.type .))
