; Tags of Perl.

(package_statement name: (package) @name) @definition.package
(class_statement name: (package) @name) @definition.class
(role_statement name: (package) @name) @definition.role
(subroutine_declaration_statement name: (bareword) @name) @definition.function
(method_declaration_statement name: (bareword) @name) @definition.method
((use_statement module: (package) @_module (list_expression . (autoquoted_bareword) @name)) @definition.constant
  (#eq? @_module "constant"))
((use_statement module: (package) @_module (list_expression . (string_literal content: (string_content) @name)))
  @definition.constant
  (#eq? @_module "constant"))
((use_statement
    module: (package) @_module
    (anonymous_hash_expression (list_expression (autoquoted_bareword) @name @definition.constant)))
  (#eq? @_module "constant"))
(source_file (expression_statement (assignment_expression left:
  (variable_declaration "our" variable: [(scalar (varname) @name) (array (varname) @name) (hash (varname) @name)])))
  @definition.variable)
(source_file (expression_statement (assignment_expression left:
  (variable_declaration "our" "(" [(scalar (varname) @name) (array (varname) @name) (hash (varname) @name)])))
  @definition.variable)
((ambiguous_function_call_expression function: (function) @_has arguments: [
    (autoquoted_bareword) @name
    (string_literal content: (string_content) @name)]) @definition.property
  (#any-of? @_has "has" "attr"))

((function_call_expression function: (function) @name) @reference.call (#set! trim "&"))
((ambiguous_function_call_expression function: (function) @name) @reference.call)
(method_call_expression method: (method) @name) @reference.call
((use_statement module: (package) @name @reference.module))
((use_statement module: (package) @_base (string_literal content: (string_content) @name @reference.class))
  (#any-of? @_base "parent" "base"))
(method_call_expression invocant: (bareword) @name @reference.class)
