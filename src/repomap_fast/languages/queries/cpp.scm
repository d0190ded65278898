; inherits: c_family
; Tags of C++. Every pattern begins at one kind of node, and steps down by fields: the cursor drops a half-matched
; pattern as soon as the field has gone by, so that no pattern is carried through a function's body.

; Types. Only one that has a body is defined; without, it is used. `Box` of `class Box<int> { … }` is both: the class,
; specialized, and by `template_type` below a use of the template.
(class_specifier name: [(type_identifier) @name (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)] body: (_)) @definition.class
(struct_specifier name: [(type_identifier) @name (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)] body: (_)) @definition.struct
(class_specifier !body name: (type_identifier) @name) @reference.type
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.concept

; Namespaces. `a::b` is called by its last part.
(namespace_definition name: [
  (namespace_identifier) @name
  (nested_namespace_specifier (namespace_identifier) [
    (namespace_identifier) @name
    (nested_namespace_specifier (namespace_identifier) [
      (namespace_identifier) @name
      (nested_namespace_specifier (namespace_identifier) (namespace_identifier) @name)])])
  ]) @definition.namespace
(namespace_alias_definition name: (namespace_identifier) @name) @definition.namespace

; Functions and methods that have a body. A name that its class qualifies, or that stands inside the class, is a
; method's, and belongs to what qualifies it; an operator is an operator in and out of a class. A name without a type to
; return is the constructor's if it stands in a class; elsewhere it is a macro, such as TEST(…), and names nothing.
(function_definition
  declarator: [
    (function_declarator declarator: [
      (field_identifier) @name.definition.method
      (destructor_name) @name.definition.method
      (operator_name) @name.definition.operator
      (qualified_identifier !scope name: (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: [
          (identifier) @name.definition.method
          (destructor_name) @name.definition.method
          (operator_name) @name.definition.operator]))
      (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: [
        (identifier) @name.definition.method
        (template_function name: (identifier) @name.definition.method)
        (destructor_name) @name.definition.method
        (operator_name) @name.definition.operator
        (qualified_identifier
          scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
          name: [
          (identifier) @name.definition.method
          (template_function name: (identifier) @name.definition.method)
          (destructor_name) @name.definition.method
          (operator_name) @name.definition.operator
          (qualified_identifier
            scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
            name: [(identifier) (destructor_name)] @name.definition.method)])])])
    (pointer_declarator declarator: [
      (function_declarator declarator: [
        (field_identifier) @name.definition.method
        (operator_name) @name.definition.operator
        (qualified_identifier
          scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
          name: [
          (identifier) @name.definition.method
          (operator_name) @name.definition.operator
          (qualified_identifier
            scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
            name: (identifier) @name.definition.method)])])
      (pointer_declarator declarator: (function_declarator declarator: [
        (field_identifier) @name.definition.method
        (qualified_identifier
          scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
          name: (identifier) @name.definition.method)]))])
    (reference_declarator (function_declarator declarator: [
      (field_identifier) @name.definition.method
      (operator_name) @name.definition.operator
      (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: [
        (identifier) @name.definition.method
        (operator_name) @name.definition.operator
        (qualified_identifier
          scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
          name: [(identifier) @name.definition.method (operator_name) @name.definition.operator])])]))
  ]) @definition.method @definition.operator
(function_definition
  type: (_)
  declarator: [
    (function_declarator declarator: [(identifier) @name (template_function name: (identifier) @name)])
    (pointer_declarator declarator: [
      (function_declarator declarator: [(identifier) @name (template_function name: (identifier) @name)])
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))])
    (reference_declarator
      (function_declarator declarator: [(identifier) @name (template_function name: (identifier) @name)]))
  ]) @definition.function
(field_declaration_list
  (function_definition !type declarator: (function_declarator declarator: (identifier) @name)) @definition.constructor)
(field_declaration_list (template_declaration
  (function_definition !type declarator: (function_declarator declarator: (identifier) @name)) @definition.constructor))

; `class EXPORT Name { … }` looks like a function to the grammar, for which EXPORT is the class. No function is
; declared by a mere identifier, so this is known for what it is; of what is inside, methods without a body need a
; pattern of their own.
(function_definition type: (class_specifier !body) declarator: (identifier) @name) @definition.class
(function_definition type: (struct_specifier !body) declarator: (identifier) @name) @definition.struct
(function_definition
  type: [(class_specifier !body) (struct_specifier !body)]
  declarator: (identifier)
  body: (compound_statement
    (declaration declarator: [
      (function_declarator declarator: (identifier) @name)
      (init_declarator declarator: (function_declarator declarator: (identifier) @name))]) @definition.prototype))
(function_definition
  type: [(class_specifier !body) (struct_specifier !body)]
  declarator: (identifier)
  body: (compound_statement (labeled_statement
    (declaration declarator: [
      (function_declarator declarator: (identifier) @name)
      (init_declarator declarator: (function_declarator declarator: (identifier) @name))]) @definition.prototype)))

; What a class declares: methods without a body, and its fields.
(field_declaration
  declarator: [
    (field_identifier) @name.definition.field
    (pointer_declarator declarator: [
      (field_identifier) @name.definition.field
      (pointer_declarator declarator: (field_identifier) @name.definition.field)
      (array_declarator declarator: (field_identifier) @name.definition.field)
      (function_declarator declarator: [
        (field_identifier) @name.definition.prototype
        (operator_name) @name.definition.prototype
        (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name.definition.field))])])
    (reference_declarator [
      (field_identifier) @name.definition.field
      (function_declarator declarator: [(field_identifier) (operator_name)] @name.definition.prototype)])
    (array_declarator declarator: [
      (field_identifier) @name.definition.field
      (array_declarator declarator: (field_identifier) @name.definition.field)])
    (function_declarator declarator: [
      (field_identifier) @name.definition.prototype
      (operator_name) @name.definition.prototype
      (destructor_name) @name.definition.prototype
      (parenthesized_declarator (pointer_declarator declarator: [
        (field_identifier) @name.definition.field
        (array_declarator declarator: (field_identifier) @name.definition.field)]))])
  ]) @definition.field @definition.prototype
(field_declaration_list (declaration
  declarator: (function_declarator declarator: [(identifier) (destructor_name)] @name)) @definition.prototype)

; Variables and prototypes of a file or a namespace, never those of a function, where `Guard guard(mutex);` looks like
; a prototype too. So the way down is given, in one pattern for each: a single one with alternatives would cost
; twice as much. Deeper #if than these are left out.
; within: (template_declaration ...)
; within: (declaration_list ...)
; within: (declaration_list (preproc_ifdef ...))
; within: (linkage_specification body: ...)
; within: (translation_unit ...)
; within: (translation_unit (preproc_ifdef ...))
; within: (translation_unit (preproc_if ...))
; within: (translation_unit (preproc_ifdef (preproc_ifdef ...)))
(declaration declarator: [
  (identifier) @name.definition.variable
  (qualified_identifier
    scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
    name: [
    (identifier) @name.definition.variable
    (qualified_identifier
      scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
      name: (identifier) @name.definition.variable)])
  (pointer_declarator declarator: [
    (identifier) @name.definition.variable
    (pointer_declarator declarator: (identifier) @name.definition.variable)
    (function_declarator declarator: (identifier) @name.definition.prototype)])
  (reference_declarator [
    (identifier) @name.definition.variable
    (function_declarator declarator: [(identifier) (operator_name)] @name.definition.prototype)])
  (array_declarator declarator: [
    (identifier) @name.definition.variable
    (parenthesized_declarator (pointer_declarator declarator: (identifier) @name.definition.variable))
    (qualified_identifier
      scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
      name: (identifier) @name.definition.variable)])
  (function_declarator declarator: [
    (identifier) @name.definition.prototype
    (operator_name) @name.definition.prototype
    (parenthesized_declarator (pointer_declarator declarator: [
      (identifier) @name.definition.variable
      (array_declarator declarator: (identifier) @name.definition.variable)]))])
  (init_declarator declarator: [
    (identifier) @name.definition.variable
    (qualified_identifier
      scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
      name: [
      (identifier) @name.definition.variable
      (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: (identifier) @name.definition.variable)])
    (pointer_declarator declarator: [
      (identifier) @name.definition.variable
      (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: (identifier) @name.definition.variable)])
    (reference_declarator [
      (identifier) @name.definition.variable
      (structured_binding_declarator (identifier) @name.definition.variable)])
    (structured_binding_declarator (identifier) @name.definition.variable)
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: [
      (identifier) @name.definition.variable
      (array_declarator declarator: (identifier) @name.definition.variable)])))
    (array_declarator declarator: [
      (identifier) @name.definition.variable
      (qualified_identifier
        scope: [(namespace_identifier) @owner @name.reference.type (template_type name: (type_identifier) @owner)]
        name: (identifier) @name.definition.variable)
      (array_declarator declarator: (identifier) @name.definition.variable)])])
]) @definition.variable @definition.prototype

(call_expression function: (field_expression field: [
  (field_identifier) @name
  (template_method name: (field_identifier) @name)
  (dependent_name (template_method name: (field_identifier) @name))])) @reference.call
(call_expression function: (qualified_identifier name: [
  (identifier) @name
  (template_function name: (identifier) @name)
  (qualified_identifier name: [
    (identifier) @name
    (template_function name: (identifier) @name)
    (qualified_identifier name: [
      (identifier) @name
      (template_function name: (identifier) @name)])])])) @reference.call
((call_expression function: (template_function name: (identifier) @name)) @reference.call
  (#not-match? @name "^(static|dynamic|const|reinterpret)_cast$"))

; Types that are used. What is qualified or has template arguments counts as a type also where it is a base class.
(base_class_clause (type_identifier) @name @reference.class)
(new_expression type: (type_identifier) @name @reference.class)
(compound_literal_expression type: (type_identifier) @name @reference.class)
(qualified_identifier name: (type_identifier) @name @reference.type)
(template_type name: (type_identifier) @name @reference.type)
(optional_parameter_declaration type: (type_identifier) @name @reference.type)
(variadic_parameter_declaration type: (type_identifier) @name @reference.type)
(for_range_loop type: (type_identifier) @name @reference.type)
(friend_declaration (type_identifier) @name @reference.type)
(using_declaration [(identifier) @name (qualified_identifier name: (identifier) @name)]) @reference.import
