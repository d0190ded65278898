; Tags of Python. A function is a function wherever it stands: to call it a method one would have to walk from every
; place that a function can stand in, which costs more than all the rest of this file; its scope tells as much.

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(type_alias_statement left: (type [(identifier) @name (generic_type . (identifier) @name)])) @definition.type

; Assignments bind names of the module and of classes, also below an `if` or a `try` there; those of functions are no
; definitions. Of a = b = 1 the second is an assignment within the first.
((assignment left: [
    (identifier) @name
    (pattern_list [
      (identifier) @name
      (list_splat_pattern (identifier) @name)
      (tuple_pattern [
        (identifier) @name
        (list_splat_pattern (identifier) @name)
        (tuple_pattern (identifier) @name)])
      (list_pattern [(identifier) @name (list_splat_pattern (identifier) @name)])])
    (tuple_pattern [
      (identifier) @name
      (list_splat_pattern (identifier) @name)
      (tuple_pattern [(identifier) @name (list_splat_pattern (identifier) @name)])
      (list_pattern (identifier) @name)])
    (list_pattern [
      (identifier) @name
      (list_splat_pattern (identifier) @name)
      (tuple_pattern (identifier) @name)
      (list_pattern (identifier) @name)])]) @definition.variable
  (#set! not-in function)
  (#set! kind-in-type field))
((named_expression name: (identifier) @name) @definition.variable
  (#set! not-in function)
  (#set! kind-in-type field))
; Loops, `with` and `match` bind names too. What stands below them is in no scope of those names.
((for_statement left: [
    (identifier) @name.definition.variable
    (pattern_list [
      (identifier) @name.definition.variable
      (list_splat_pattern (identifier) @name.definition.variable)
      (tuple_pattern [
        (identifier) @name.definition.variable
        (list_splat_pattern (identifier) @name.definition.variable)
        (tuple_pattern (identifier) @name.definition.variable)])])
    (tuple_pattern [
      (identifier) @name.definition.variable
      (list_splat_pattern (identifier) @name.definition.variable)
      (tuple_pattern (identifier) @name.definition.variable)])
    (list_pattern (identifier) @name.definition.variable)])
  (#set! not-in function)
  (#set! kind-in-type field))
((with_item value: (as_pattern alias: (as_pattern_target [
    (identifier) @name.definition.variable
    (tuple [(identifier) @name.definition.variable (tuple (identifier) @name.definition.variable)])
    (list (identifier) @name.definition.variable)])))
  (#set! not-in function)
  (#set! kind-in-type field))
((case_pattern [
    (dotted_name . (identifier) @name.definition.variable .)
    (as_pattern (case_pattern) (identifier) @name.definition.variable)
    (splat_pattern (identifier) @name.definition.variable)
    (keyword_pattern (dotted_name . (identifier) @name.definition.variable .))
    (dict_pattern (splat_pattern (identifier) @name.definition.variable))])
  (#set! not-in function)
  (#set! kind-in-type field))

; What a method sets of its object is a field of the class, once.
((assignment left: [
    (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field
    (pattern_list [
      (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field
      (list_splat_pattern (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field)])
    (tuple_pattern (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field)
    (list_pattern (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field)])
  (#any-of? @_self "self" "cls")
  (#set! once-in type))
((for_statement left: [
    (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field
    (pattern_list (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field)])
  (#any-of? @_self "self" "cls")
  (#set! once-in type))
((as_pattern_target (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.field)
  (#any-of? @_self "self" "cls")
  (#set! once-in type))

; Calls. A decorator that is called is a call.
(call function: (identifier) @name) @reference.call
(call function: (attribute attribute: (identifier) @name)) @reference.call
(decorator (identifier) @name) @reference.decorator
(decorator (attribute attribute: (identifier) @name)) @reference.decorator

; Classes that a class is made from, that are caught, that are matched.
(class_definition
  superclasses: (argument_list [
    (identifier) @name
    (attribute attribute: (identifier) @name)
    (subscript value: [(identifier) @name (attribute attribute: (identifier) @name)])
    (keyword_argument value: (identifier) @name)]) @reference.class)
(except_clause value: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (tuple [(identifier) @name (attribute attribute: (identifier) @name)])
  (as_pattern . [
    (identifier) @name
    (attribute attribute: (identifier) @name)
    (tuple [(identifier) @name (attribute attribute: (identifier) @name)])])]) @reference.class
(class_pattern (dotted_name (identifier) @name .)) @reference.class

; Types: whatever stands in an annotation. In unions written with | the operands are named to a depth of three. The name
; that a type statement binds stands in such a node too, and refers to itself.
(type (identifier) @name) @reference.type
(type (attribute attribute: (identifier) @name)) @reference.type
(type (list (identifier) @name)) @reference.type
(type (subscript value: (attribute attribute: (identifier) @name))) @reference.type
(type (subscript subscript: (identifier) @name)) @reference.type
(type (binary_operator [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: (identifier) @name)
  (binary_operator [
    (identifier) @name
    (attribute attribute: (identifier) @name)
    (subscript value: (identifier) @name)
    (binary_operator [
      (identifier) @name
      (attribute attribute: (identifier) @name)
      (subscript value: (identifier) @name)])])])) @reference.type
(generic_type . (identifier) @name) @reference.type

; What is imported, under its own name; the module that it comes from is no definition of any file.
(import_statement name: (dotted_name (identifier) @name .)) @reference.import
(import_from_statement name: (dotted_name (identifier) @name .)) @reference.import
(aliased_import name: (dotted_name (identifier) @name .)) @reference.import
