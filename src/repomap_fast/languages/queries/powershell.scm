; Tags of PowerShell.

; The scope that a name stands in is none of it: `function script:Name`.
((function_statement (function_name) @name) @definition.function (#set! after ":"))
(class_statement . (simple_name) @name) @definition.class
(class_method_definition (simple_name) @name) @definition.method
((class_property_definition (variable) @name) @definition.property (#set! trim "$") (#set! after ":"))
(enum_statement (simple_name) @name) @definition.enum
(enum_member (simple_name) @name) @definition.enumerator

; Variables of the script: those that are assigned outside of functions and blocks, or said to be its own. $null keeps
; nothing: it is none.
((program (statement_list (pipeline (assignment_expression
  (left_assignment_expression (logical_expression (bitwise_expression (comparison_expression (additive_expression
    (multiplicative_expression (format_expression (range_expression (array_literal_expression (unary_expression [
      (variable) @name
      (expression_with_unary_operator (cast_expression (unary_expression (variable) @name)))]))))))))))) @definition.variable)))
  (#not-eq? @name "$null") (#not-eq? @name "$Null") (#not-eq? @name "$NULL") (#not-eq? @name "${null}")
  (#set! trim "${}") (#set! after ":") (#set! once-in file) (#set! unless defined))
((assignment_expression
  (left_assignment_expression (logical_expression (bitwise_expression (comparison_expression (additive_expression
  (multiplicative_expression (format_expression (range_expression (array_literal_expression (unary_expression [
    (variable) @name
    (expression_with_unary_operator (cast_expression (unary_expression (variable) @name)))]))))))))))) @definition.variable
  (#set! trim "${}") (#set! after ":") (#set! after-word "script global") (#set! once-in file) (#set! unless defined))


; What is assigned to a drive of functions is one (`$function:Name = { … }`), and an alias is called as one is.
((assignment_expression
  (left_assignment_expression (logical_expression (bitwise_expression (comparison_expression (additive_expression
  (multiplicative_expression (format_expression (range_expression (array_literal_expression (unary_expression [
    (variable) @name
    (expression_with_unary_operator (cast_expression (unary_expression (variable) @name)))]))))))))))) @definition.function
  (#set! trim "${}") (#set! after ":") (#set! after-word "function alias"))

(class_statement . (simple_name) (simple_name) @name @reference.class)
((command command_name: (command_name) @name) @reference.call (#set! after ":"))
(invokation_expression (member_name (simple_name) @name)) @reference.call
(type_spec (type_name (type_identifier) @name)) @reference.type
