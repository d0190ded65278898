; Tags of GLSL.

(function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.function
(translation_unit (declaration declarator: (function_declarator declarator: (identifier) @name)) @definition.prototype)
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
; A block of an interface is a structure, and may have one instance: `uniform Light { vec4 color; } light;`.
((declaration (identifier) @name . (field_declaration_list)) @definition.struct)
(declaration (field_declaration_list) . [
  (identifier) @name
  (array_declarator declarator: (identifier) @name)]) @definition.variable
(field_declaration declarator: (field_identifier) @name) @definition.field
(field_declaration declarator: (array_declarator declarator: (field_identifier) @name)) @definition.field
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro
(translation_unit (declaration declarator: (identifier) @name) @definition.variable)
(translation_unit (declaration declarator: (array_declarator declarator: (identifier) @name)) @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.variable)

(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression field: (field_identifier) @name)) @reference.call
((type_identifier) @name @reference.type (#set! unless defined))
