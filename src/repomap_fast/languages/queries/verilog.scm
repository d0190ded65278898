; Tags of Verilog.

(module_declaration (module_header (simple_identifier) @name)) @definition.module
((module_header (simple_identifier) @name) @definition.module (#set! unless defined))
(interface_ansi_header (interface_identifier (simple_identifier) @name)) @definition.interface
(interface_nonansi_header (interface_identifier (simple_identifier) @name)) @definition.interface
(package_declaration (package_identifier (simple_identifier) @name)) @definition.package
(program_declaration (program_ansi_header (program_identifier (simple_identifier) @name))) @definition.program
(class_declaration . (class_identifier (simple_identifier) @name)) @definition.class
(function_body_declaration (function_identifier (function_identifier (simple_identifier) @name))) @definition.function
(task_body_declaration (task_identifier (task_identifier (simple_identifier) @name))) @definition.task
(class_constructor_declaration "new" @name) @definition.constructor
(text_macro_definition (text_macro_name (text_macro_identifier (simple_identifier) @name))) @definition.macro
(param_assignment (parameter_identifier (simple_identifier) @name)) @definition.parameter
(type_declaration (simple_identifier) @name) @definition.type
(enum_name_declaration (enum_identifier (simple_identifier) @name)) @definition.enumerator

(module_instantiation . (simple_identifier) @name) @reference.module
(tf_call (simple_identifier) @name) @reference.call
(package_import_item . (package_identifier (simple_identifier) @name @reference.package))
(class_type . (class_identifier (simple_identifier) @name @reference.class))
(text_macro_usage (text_macro_identifier (simple_identifier) @name @reference.macro))
