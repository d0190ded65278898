; macros: read
; Tags of C and C++: what c.scm and cpp.scm have in common. Files are read without the macros of known_macros.txt.

; Types. Only one that has a body is defined; without, it is used.
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enumerator
(struct_specifier !body name: (type_identifier) @name) @reference.type
(union_specifier !body name: (type_identifier) @name) @reference.type
(enum_specifier !body name: (type_identifier) @name) @reference.type

; typedef: plain, pointer, array, function, pointer to function.
(type_definition
  declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: [
      (type_identifier) @name
      (pointer_declarator declarator: (type_identifier) @name)
      (function_declarator declarator: [
        (type_identifier) @name
        (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))])])
    (array_declarator declarator: [
      (type_identifier) @name
      (array_declarator declarator: (type_identifier) @name)
      (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))])
    (function_declarator declarator: [
      (type_identifier) @name
      (parenthesized_declarator [
        (type_identifier) @name
        (pointer_declarator declarator: (type_identifier) @name)])])
    (parenthesized_declarator (type_identifier) @name)
  ]) @definition.type

; Macros
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

; Uses
(call_expression function: (identifier) @name) @reference.call
(declaration type: (type_identifier) @name @reference.type)
(parameter_declaration type: (type_identifier) @name @reference.type)
(field_declaration type: (type_identifier) @name @reference.type)
(function_definition type: (type_identifier) @name @reference.type)
(type_descriptor type: (type_identifier) @name @reference.type)
(type_definition type: (type_identifier) @name @reference.type)
