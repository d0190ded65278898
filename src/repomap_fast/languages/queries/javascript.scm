; inherits: ecma, jsx
; Tags of JavaScript.

; Classes and their fields. Types of Flow are parsed as what the grammar knows: interfaces as classes, names of types as
; labels, enums as what `with` is given and the statements below. What stands at the keyword or the colon tells them apart.
(class_declaration "class" @_keyword name: (identifier) @name (#not-eq? @_keyword "inter")) @definition.class
(class_declaration "class" @_keyword name: (identifier) @name (#eq? @_keyword "inter")) @definition.interface
(labeled_statement label: (statement_identifier) @name ":" @_colon (#eq? @_colon "=")) @definition.type
((with_statement "with" @_keyword object: (parenthesized_expression (identifier) @name)) @definition.enum
  (#eq? @_keyword "enum"))
((with_statement "with" @_keyword body: (statement_block (expression_statement [
    (identifier) @name
    (assignment_expression left: (identifier) @name)]) @definition.enumerator))
  (#eq? @_keyword "enum"))
(class name: (identifier) @name) @definition.class
; The value of a field has a body if it is a function or a class.
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  !value) @definition.field
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: (_ !body)) @definition.field
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: (class)) @definition.class
; What the methods of a class set of their object, where it declares nothing
((assignment_expression
    left: (member_expression
      object: (this)
      property: [(property_identifier) (private_property_identifier)] @name) @definition.field
    right: (_ !body))
  (#set! once-in type))

; Classes that others are made from
(class_heritage [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.class
