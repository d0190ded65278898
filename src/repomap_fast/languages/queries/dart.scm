; Tags of Dart.

(class_definition name: (identifier) @name) @definition.class
(mixin_declaration (identifier) @name) @definition.mixin
(extension_declaration name: (identifier) @name) @definition.extension
(extension_type_declaration name: (identifier) @name) @definition.type
(representation_declaration name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enumerator
(type_alias . (type_identifier) @name) @definition.type
(program (function_signature name: (identifier) @name) @definition.function)
(program (getter_signature name: (identifier) @name) @definition.function)
(local_function_declaration
  (lambda_expression parameters: (function_signature name: (identifier) @name))) @definition.function
(method_signature (function_signature name: (identifier) @name)) @definition.method
(method_signature (getter_signature name: (identifier) @name)) @definition.method
(method_signature (setter_signature name: (identifier) @name)) @definition.method
(method_signature (operator_signature [(binary_operator) "[]" "[]=" "~"] @name)) @definition.operator
(declaration (operator_signature [(binary_operator) "[]" "[]=" "~"] @name)) @definition.operator
(declaration (function_signature name: (identifier) @name)) @definition.method
(declaration (getter_signature name: (identifier) @name)) @definition.method
(constructor_signature name: (identifier) @name .  parameters: (_)) @definition.constructor
(constant_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(factory_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(program (static_final_declaration_list (static_final_declaration . (identifier) @name)) @definition.constant)
(program (initialized_identifier_list (initialized_identifier . (identifier) @name)) @definition.variable)
(declaration (initialized_identifier_list (initialized_identifier . (identifier) @name))) @definition.field
(declaration (static_final_declaration_list (static_final_declaration . (identifier) @name))) @definition.field

; Names that begin with a small letter are those of Dart itself, or of imported libraries.
((type_identifier) @name @reference.type (#match? @name "^[A-Z_$]") (#set! unless defined))
(selector (unconditional_assignable_selector (identifier) @name)) @reference.member

; Calls: a name, and what it is given beside it.
; within: (expression_statement ...)
; within: (return_statement ...)
; within: (await_expression ...)
; within: (argument ...)
; within: (initialized_variable_definition ...)
; within: (function_body ...)
; within: (static_final_declaration ...)
((identifier) @name @reference.call . (selector (argument_part)))
