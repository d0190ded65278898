; Tags of TypeScript with JSX. javascript.scm, typescript.scm and tsx.scm are nearly equal: what is changed in one
; belongs in the others.

; Functions, under their own name or the one that they are bound to. A name that a function expression has of its own
; counts only of module.exports: "exports" would be no name.
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(function_signature name: (identifier) @name) @definition.function
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(assignment_expression
  left: (identifier) @name
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(assignment_expression
  left: (member_expression object: (identifier) @_object property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-eq? @_object "module")) @definition.function
(assignment_expression
  left: (member_expression object: (identifier) @_object)
  right: [(function_expression name: (identifier) @name) (generator_function name: (identifier) @name)]
  (#eq? @_object "module")) @definition.function
(assignment_expression
  left: (member_expression object: [(member_expression) (this)] property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(method_definition
  name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(abstract_method_signature
  name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(class_body (method_signature name: (property_identifier) @name) @definition.method)

; Classes and their fields
(class_declaration name: (type_identifier) @name) @definition.class
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(class name: (type_identifier) @name) @definition.class
(variable_declarator name: (identifier) @name value: (class)) @definition.class
(assignment_expression
  left: (member_expression object: (identifier) @_object property: (property_identifier) @name)
  right: (class)
  (#not-eq? @_object "module")) @definition.class
; The value of a field has a body if it is a function or a class.
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  !value) @definition.field
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: (_ !body)) @definition.field
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: (class)) @definition.class
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.field

; Types. The properties of an object type have a name outside it only if the type has one.
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body name: [(property_identifier) @name (string (string_fragment) @name)] @definition.enumerator)
(enum_assignment name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.enumerator
(interface_body (property_signature name: (property_identifier) @name) @definition.property)
(type_alias_declaration
  value: (object_type (property_signature name: (property_identifier) @name) @definition.property))
(type_alias_declaration
  value: (intersection_type (object_type (property_signature name: (property_identifier) @name) @definition.property)))
(interface_body (method_signature name: (property_identifier) @name) @definition.method)
(type_alias_declaration
  value: (object_type (method_signature name: (property_identifier) @name) @definition.method))
(type_alias_declaration
  value: (intersection_type (object_type (method_signature name: (property_identifier) @name) @definition.method)))
(internal_module
  name: [(identifier) @name (nested_identifier property: (property_identifier) @name)]) @definition.namespace
(module
  name: [(identifier) @name (nested_identifier property: (property_identifier) @name) (string (string_fragment) @name)])
  @definition.module

; Variables of the file, never those of a function. What is bound to a function or a class has been named above: these
; are the values that have a body. What a call gives is told apart by what is called, since require() imports.
(program (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: [
      (_ !body !function)
      (call_expression function: (_) @_function)])] @definition.variable)
  (#not-eq? @_function "require"))
(program (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: [
      (_ !body !function)
      (call_expression function: (_) @_function)])] @definition.variable)
  (#not-eq? @_function "require"))
(export_statement declaration: (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: [
      (_ !body !function)
      (call_expression function: (_) @_function)])] @definition.variable)
  (#not-eq? @_function "require"))
(export_statement declaration: (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: [
      (_ !body !function)
      (call_expression function: (_) @_function)])] @definition.variable)
  (#not-eq? @_function "require"))
(export_statement declaration: (lexical_declaration (variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)])) @definition.variable))
; The same of namespaces and of what is only declared, where values are rare.
(ambient_declaration [
  (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)
  (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)])
(internal_module body: (statement_block [
  (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)
  (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)]))
(module body: (statement_block [
  (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)
  (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)]))
(ambient_declaration (statement_block [
  (lexical_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)
  (variable_declaration [
    (variable_declarator name: (identifier) @name !value)
    (variable_declarator name: (identifier) @name value: (_ !body))] @definition.variable)]))

; Calls, by the last name of what is called. A decorator that is called is a call.
(call_expression function: (identifier) @name) @reference.call
(call_expression
  function: (member_expression property: [(property_identifier) (private_property_identifier)] @name)) @reference.call
(decorator (identifier) @name) @reference.decorator
(decorator (member_expression property: (property_identifier) @name)) @reference.decorator
; Components begin with a capital or have a dot in them; the rest are elements of HTML.
((jsx_opening_element name: (identifier) @name) @reference.component (#match? @name "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @name) @reference.component (#match? @name "^[A-Z]"))
(jsx_opening_element name: (member_expression property: (property_identifier) @name)) @reference.component
(jsx_self_closing_element name: (member_expression property: (property_identifier) @name)) @reference.component

; Classes that objects and classes are made from
(new_expression constructor: (identifier) @name) @reference.class
(new_expression constructor: (member_expression property: (property_identifier) @name)) @reference.class
(extends_clause value: (identifier) @name) @reference.class
(extends_clause value: (member_expression property: (property_identifier) @name)) @reference.class

; Types, each place by name: a bare (type_identifier) would also be the name of a definition. What is implemented, and
; what an interface extends, is a type: it is written in the language of types.
(type_annotation (type_identifier) @name) @reference.type
(type_arguments (type_identifier) @name) @reference.type
(union_type (type_identifier) @name) @reference.type
(intersection_type (type_identifier) @name) @reference.type
(array_type (type_identifier) @name) @reference.type
(parenthesized_type (type_identifier) @name) @reference.type
(readonly_type (type_identifier) @name) @reference.type
(tuple_type (type_identifier) @name) @reference.type
(optional_type (type_identifier) @name) @reference.type
(rest_type (type_identifier) @name) @reference.type
(index_type_query (type_identifier) @name) @reference.type
(lookup_type (type_identifier) @name) @reference.type
(conditional_type (type_identifier) @name) @reference.type
(constraint (type_identifier) @name) @reference.type
(default_type (type_identifier) @name) @reference.type
(type_predicate (type_identifier) @name) @reference.type
(as_expression (type_identifier) @name) @reference.type
(satisfies_expression (type_identifier) @name) @reference.type
(implements_clause (type_identifier) @name) @reference.type
(extends_type_clause (type_identifier) @name) @reference.type
(template_type (type_identifier) @name) @reference.type
(generic_type name: (type_identifier) @name) @reference.type
(nested_type_identifier name: (type_identifier) @name) @reference.type
(type_alias_declaration value: (type_identifier) @name) @reference.type
(function_type return_type: (type_identifier) @name) @reference.type
(constructor_type type: (type_identifier) @name) @reference.type
(type_query [(identifier) @name (member_expression property: (property_identifier) @name)]) @reference.type

; What is imported, under its own name; a default one under the name that it is given.
(import_clause (identifier) @name) @reference.import
(import_specifier name: (identifier) @name) @reference.import
(export_statement !declaration !value
  (export_clause (export_specifier name: (identifier) @name))
  source: (string)) @reference.import
(import_require_clause (identifier) @name) @reference.import
(variable_declarator
  name: (identifier) @name
  value: (call_expression function: (identifier) @_function)
  (#eq? @_function "require")) @reference.import
(variable_declarator
  name: (object_pattern [(shorthand_property_identifier_pattern) @name (pair_pattern key: (property_identifier) @name)])
  value: (call_expression function: (identifier) @_function)
  (#eq? @_function "require")) @reference.import
