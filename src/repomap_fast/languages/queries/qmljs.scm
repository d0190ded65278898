; Tags of QML. The root object of a file is known by the file's name.

(function_declaration name: (identifier) @name) @definition.function
(ui_property name: (identifier) @name) @definition.property
(ui_signal name: (identifier) @name) @definition.signal
(ui_inline_component name: (identifier) @name) @definition.component
(enum_declaration name: (identifier) @name) @definition.enum
((ui_binding name: (identifier) @_id value: (expression_statement (identifier) @name)) @definition.id (#eq? @_id "id"))

(ui_object_definition type_name: (identifier) @name @reference.type)
(ui_object_definition type_name: (nested_identifier (identifier) @name @reference.type .))
(call_expression function: (identifier) @name) @reference.call
(call_expression function: (member_expression property: (property_identifier) @name)) @reference.call
