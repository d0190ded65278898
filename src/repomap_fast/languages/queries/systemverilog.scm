; Tags of SystemVerilog.

(module_declaration [
  (module_ansi_header name: (simple_identifier) @name)
  (module_nonansi_header name: (simple_identifier) @name)
]) @definition.module
(module_declaration name: (simple_identifier) @name) @definition.module
(interface_declaration [
  (interface_ansi_header name: (simple_identifier) @name)
  (interface_nonansi_header name: (simple_identifier) @name)
]) @definition.interface
(interface_declaration name: (simple_identifier) @name) @definition.interface
(program_declaration [
  (program_ansi_header name: (simple_identifier) @name)
  (program_nonansi_header name: (simple_identifier) @name)
]) @definition.program
(package_declaration name: (simple_identifier) @name) @definition.package
(class_declaration name: (simple_identifier) @name) @definition.class
(interface_class_declaration name: (simple_identifier) @name) @definition.interface
(function_declaration (function_body_declaration name: (simple_identifier) @name)) @definition.function
(task_declaration (task_body_declaration name: (simple_identifier) @name)) @definition.task
(function_prototype name: (simple_identifier) @name) @definition.function
(task_prototype name: (simple_identifier) @name) @definition.task
(class_constructor_declaration "function" . "new" @name) @definition.constructor
(class_property (data_declaration (list_of_variable_decl_assignments
  (variable_decl_assignment name: (simple_identifier) @name)))) @definition.field
(constraint_declaration (simple_identifier) @name) @definition.constraint
(covergroup_declaration name: (simple_identifier) @name) @definition.covergroup
(property_declaration name: (simple_identifier) @name) @definition.property
(sequence_declaration name: (simple_identifier) @name) @definition.sequence
(modport_item (simple_identifier) @name) @definition.modport
(text_macro_definition (text_macro_name (simple_identifier) @name)) @definition.macro
(param_assignment (simple_identifier) @name) @definition.parameter
(type_assignment name: (simple_identifier) @name) @definition.type
(type_declaration type_name: (simple_identifier) @name) @definition.type
(enum_name_declaration (simple_identifier) @name) @definition.enumerator

(module_instantiation instance_type: (simple_identifier) @name) @reference.module
(tf_call (hierarchical_identifier (simple_identifier) @name .)) @reference.call
(method_call_body name: (simple_identifier) @name) @reference.call
(package_import_item . (simple_identifier) @name @reference.package)
(class_type (simple_identifier) @name @reference.class .)
(text_macro_usage (simple_identifier) @name @reference.macro)
