; Tags of HLSL.

(function_definition declarator: (function_declarator declarator: [(identifier) (field_identifier)] @name))
  @definition.function
(function_definition declarator: (function_declarator declarator: (qualified_identifier name: (identifier) @name)))
  @definition.method
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(class_specifier name: (type_identifier) @name body: (_)) @definition.class
; A buffer of constants is a structure. The grammar takes it for a function without parameters.
((function_definition type: (type_identifier) @_buffer declarator: (identifier) @name) @definition.struct
  (#any-of? @_buffer "cbuffer" "tbuffer"))
((function_definition type: (type_identifier) @_buffer declarator: (identifier) body: (compound_statement
    (declaration declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)
      (init_declarator declarator: [
        (identifier) @name
        (array_declarator declarator: (identifier) @name)])]) @definition.field))
  (#any-of? @_buffer "cbuffer" "tbuffer"))
; So it is with textures and samplers that have settings.
((function_definition type: [(type_identifier) (primitive_type)] @_type declarator: (identifier) @name)
  @definition.variable
  (#any-of? @_type
    "texture" "texture1D" "texture2D" "texture3D" "textureCUBE" "storage" "storage1D" "storage2D" "storage3D"
    "sampler" "sampler1D" "sampler2D" "sampler3D" "samplerCUBE" "sampler_state"))
(field_declaration declarator: (field_identifier) @name) @definition.field
(field_declaration declarator: (array_declarator declarator: (field_identifier) @name)) @definition.field
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro
(translation_unit (declaration declarator: (identifier) @name) @definition.variable)
(translation_unit (declaration declarator: (array_declarator declarator: (identifier) @name)) @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.variable)
(namespace_definition name: (_) @name) @definition.namespace

((call_expression function: (identifier) @name) @reference.call (#not-eq? @name "register") (#not-eq? @name "packoffset"))
(call_expression function: (field_expression field: (field_identifier) @name)) @reference.call
((type_identifier) @name @reference.type
  (#not-eq? @name "cbuffer") (#not-eq? @name "tbuffer") (#set! unless defined))
