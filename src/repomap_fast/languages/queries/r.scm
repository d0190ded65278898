; Tags of R. Functions are values that are bound to a name.

((binary_operator
    lhs: [(identifier) @name (string content: (string_content) @name)]
    operator: ["<-" "=" "<<-"]
    rhs: (function_definition)) @definition.function)
((program (binary_operator
    lhs: [(identifier) @name (string content: (string_content) @name)]
    operator: ["<-" "=" "<<-"]
    rhs: [
      (binary_operator) (braced_expression) (call) (complex) (extract_operator) (false) (float) (identifier) (integer)
      (namespace_operator) (null) (string) (subset) (subset2) (true) (unary_operator) (parenthesized_expression)
      (if_statement) (na)]) @definition.variable)
  (#set! once-in file))
((call
    function: (identifier) @_function
    arguments: (arguments . argument: (argument value: (string content: (string_content) @name)))) @definition.class
  (#any-of? @_function "setClass" "setRefClass" "R6Class"))
((call
    function: (identifier) @_function
    arguments: (arguments . argument: (argument value: (string content: (string_content) @name)))) @definition.method
  (#any-of? @_function "setGeneric" "setMethod"))

(call function: (identifier) @name) @reference.call
(call function: (namespace_operator rhs: (identifier) @name)) @reference.call
(call function: (extract_operator rhs: (identifier) @name)) @reference.call
