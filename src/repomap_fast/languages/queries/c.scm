; inherits: c_family
; Tags of C. Every pattern begins at one kind of node, and steps down by fields: the cursor drops a half-matched
; pattern as soon as the field has gone by, so that no pattern is carried through a function's body.

; Types. Only one that has a body is defined; without, it is used.
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct

; Fields, of the same shapes.
(field_declaration
  declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: [
      (field_identifier) @name
      (array_declarator declarator: (field_identifier) @name)
      (pointer_declarator declarator: [
        (field_identifier) @name
        (pointer_declarator declarator: (field_identifier) @name)
        (array_declarator declarator: (field_identifier) @name)])
      (function_declarator declarator:
        (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))])
    (array_declarator declarator: [
      (field_identifier) @name
      (array_declarator declarator: [
        (field_identifier) @name
        (array_declarator declarator: (field_identifier) @name)])
      (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name))])
    (function_declarator declarator:
      (parenthesized_declarator (pointer_declarator declarator: [
        (field_identifier) @name
        (array_declarator declarator: (field_identifier) @name)])))
  ]) @definition.field

; Functions: up to three pointers returned, a name in parentheses, a pointer to a function returned.
(function_definition
  declarator: [
    (function_declarator declarator: [
      (identifier) @name
      (parenthesized_declarator [
        (identifier) @name
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))])])
    (pointer_declarator declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: [
        (function_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))])])
  ]) @definition.function

; Prototypes, wherever they stand.
(declaration
  declarator: [
    (function_declarator declarator: [
      (identifier) @name
      (parenthesized_declarator [
        (identifier) @name
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))])])
    (pointer_declarator declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: [
        (function_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))])])
  ]) @definition.prototype
(call_expression function: (field_expression field: (field_identifier) @name)) @reference.call

; Variables of the file, never those of a function: the way down from the file is given, in four patterns, one for
; each depth of #if. Nothing else here is carried along for a whole file; as one pattern with alternatives these would
; cost twice as much. Deeper #if than in the last are left out.
; within: (translation_unit ...)
; within: (translation_unit (preproc_ifdef ...))
; within: (translation_unit (preproc_if ...))
; within: (translation_unit (preproc_ifdef (preproc_ifdef ...)))
(declaration declarator: [
  (identifier) @name
  (pointer_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))])
  (array_declarator declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)
    (parenthesized_declarator (pointer_declarator declarator: (identifier) @name))])
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)])))
  (parenthesized_declarator (identifier) @name)
  (init_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)])
    (array_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
    (parenthesized_declarator (identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)])))])]) @definition.variable
