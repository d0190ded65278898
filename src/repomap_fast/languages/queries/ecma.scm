; Tags of ECMAScript: what javascript.scm and typescript.scm have in common.

; Functions, under their own name or the one that they are bound to. A name that a function expression has of its own
; counts only of module.exports: "exports" would be no name.
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(assignment_expression
  left: (identifier) @name
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
; What an object is given belongs to the object. Within a function its name may be that of a parameter or a local.
((program (expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_object @owner property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function))
  (#not-eq? @_object "module"))
((assignment_expression
  left: (member_expression object: (identifier) @_object property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
  (#not-eq? @_object "module")
  (#set! unless defined))
(assignment_expression
  left: (member_expression object: (identifier) @_object)
  right: [(function_expression name: (identifier) @name) (generator_function name: (identifier) @name)]
  (#eq? @_object "module")) @definition.function
; A method of a prototype belongs to whose prototype that is, one of `this` to the class around.
((program (expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @owner property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method))
  (#eq? @_prototype "prototype"))
((assignment_expression
  left: (member_expression
    object: (member_expression property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
  (#eq? @_prototype "prototype")
  (#set! unless defined))
(assignment_expression
  left: (member_expression
    object: (member_expression property: (property_identifier) @_exports)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#eq? @_exports "exports")) @definition.function
(assignment_expression
  left: (member_expression
    object: (member_expression property: [(property_identifier) (private_property_identifier)] @_object)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-eq? @_object "prototype")
  (#not-eq? @_object "exports")) @definition.method
((assignment_expression
  left: (member_expression object: (this) property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
  (#set! member-of type))
(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(method_definition
  name: [(property_identifier) (private_property_identifier)] @name) @definition.method

; Classes that are bound to a name
(variable_declarator name: (identifier) @name value: (class)) @definition.class
(assignment_expression
  left: (member_expression object: (identifier) @_object property: (property_identifier) @name)
  right: (class)
  (#not-eq? @_object "module")) @definition.class
(assignment_expression
  left: (member_expression object: (member_expression) property: (property_identifier) @name)
  right: (class)) @definition.class
(pair key: [(property_identifier) @name (string (string_fragment) @name)] value: (class)) @definition.class

; What a module of CommonJS gives away: exports.LIMIT = 10. What only has another name before is no second definition.
((expression_statement (assignment_expression
    left: (member_expression
      object: [(identifier) @_exports (member_expression property: (property_identifier) @_exports)]
      property: (property_identifier) @name)
    right: [
      (array) (assignment_expression) (await_expression) (binary_expression) (false) (new_expression) (null) (number) (object) (regex) (string)
      (template_string) (ternary_expression) (true)
      (call_expression function: (_) @_function)]) @definition.variable)
  (#eq? @_exports "exports")
  (#not-eq? @_function "require")
  (#not-eq? @name "default"))

; Variables of the file, never those of a function. What is bound to a function or a class has been named above: these
; are the values that have a body. What a call gives is told apart by what is called, since require() imports.
; within: (program (lexical_declaration ...) (#not-eq? @_function "require"))
; within: (program (variable_declaration ...) (#not-eq? @_function "require"))
; within: (export_statement declaration: (lexical_declaration ...) (#not-eq? @_function "require"))
; within: (export_statement declaration: (variable_declaration ...) (#not-eq? @_function "require"))
[
  (variable_declarator name: (identifier) @name !value)
  (variable_declarator name: (identifier) @name value: [
    (_ !body !function)
    (call_expression function: (_) @_function)])] @definition.variable

; What is taken apart gives as many names, but for require(), which imports them.
; within: (program (lexical_declaration ...) (#not-eq? @_function "require"))
; within: (program (variable_declaration ...) (#not-eq? @_function "require"))
; within: (export_statement declaration: (lexical_declaration ...))
; within: (export_statement declaration: (variable_declaration ...))
[
  (variable_declarator
    name: [
      (object_pattern [
        (shorthand_property_identifier_pattern) @name
        (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
        (pair_pattern value: [
          (identifier) @name
          (assignment_pattern left: (identifier) @name)
          (object_pattern [
            (shorthand_property_identifier_pattern) @name
            (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
            (rest_pattern (identifier) @name)
            (pair_pattern value: [
              (identifier) @name
              (assignment_pattern left: (identifier) @name)
              (array_pattern (identifier) @name)
              (object_pattern [
                (shorthand_property_identifier_pattern) @name
                (rest_pattern (identifier) @name)
                (pair_pattern value: (identifier) @name)])
              (assignment_pattern left: (object_pattern [
                (shorthand_property_identifier_pattern) @name
                (rest_pattern (identifier) @name)
                (pair_pattern value: (identifier) @name)]))])])
          (assignment_pattern left: (object_pattern [
            (shorthand_property_identifier_pattern) @name
            (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
            (rest_pattern (identifier) @name)
            (pair_pattern value: (identifier) @name)]))
          (array_pattern [(identifier) @name (object_pattern (shorthand_property_identifier_pattern) @name)])
          (assignment_pattern left: (array_pattern (identifier) @name))])
        (rest_pattern (identifier) @name)])
      (array_pattern [
        (identifier) @name
        (assignment_pattern left: (identifier) @name)
        (rest_pattern (identifier) @name)
        (object_pattern [
          (shorthand_property_identifier_pattern) @name
          (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
          (rest_pattern (identifier) @name)
          (pair_pattern value: (identifier) @name)])
        (array_pattern [(identifier) @name (rest_pattern (identifier) @name)])])]
    value: [(_ !function) (call_expression function: (_) @_function)])] @definition.variable

; `var` in a block of the file's own
; within: (program (if_statement consequence: (statement_block (variable_declaration ...))))
; within: (program (if_statement alternative: (else_clause (statement_block (variable_declaration ...)))))
; within: (program (try_statement body: (statement_block (variable_declaration ...))))
[
  (variable_declarator name: (identifier) @name !value)
  (variable_declarator name: (identifier) @name value: [
    (_ !body !function)
    (call_expression function: (_) @_function)])] @definition.variable

; Calls, by the last name of what is called. A decorator that is called is a call.
(call_expression function: (identifier) @name) @reference.call
(call_expression
  function: (member_expression property: [(property_identifier) (private_property_identifier)] @name)) @reference.call
(decorator (identifier) @name) @reference.decorator
(decorator (member_expression property: (property_identifier) @name)) @reference.decorator

; Classes that objects and classes are made from
(new_expression constructor: (identifier) @name) @reference.class
(new_expression constructor: (member_expression property: (property_identifier) @name)) @reference.class

; What is imported, under its own name; a default one under the name that it is given.
(import_clause (identifier) @name) @reference.import
(import_specifier name: (identifier) @name) @reference.import
(export_statement !declaration !value
  (export_clause (export_specifier name: (identifier) @name))
  source: (string)) @reference.import
(variable_declarator
  name: (identifier) @name
  value: (call_expression function: (identifier) @_function)
  (#eq? @_function "require")) @reference.import
(variable_declarator
  name: (object_pattern [(shorthand_property_identifier_pattern) @name (pair_pattern key: (property_identifier) @name)])
  value: (call_expression function: (identifier) @_function)
  (#eq? @_function "require")) @reference.import
