; Tags of Elm.

(module_declaration name: (upper_case_qid) @name) @definition.module
(type_declaration name: (upper_case_identifier) @name) @definition.type
(union_variant name: (upper_case_identifier) @name) @definition.constructor
(type_alias_declaration name: (upper_case_identifier) @name) @definition.type
(type_alias_declaration typeExpression: (type_expression part: (record_type fieldType:
  (field_type name: (lower_case_identifier) @name) @definition.field)))
(port_annotation name: (lower_case_identifier) @name) @definition.port
(file (value_declaration functionDeclarationLeft:
  (function_declaration_left . (lower_case_identifier) @name)) @definition.function)
(let_in_expr valueDeclaration: (value_declaration functionDeclarationLeft:
  (function_declaration_left . (lower_case_identifier) @name pattern: (_))) @definition.function)

(function_call_expr target: (value_expr name: (value_qid (lower_case_identifier) @name @reference.call .)))
(function_call_expr target: (value_expr name: (upper_case_qid (upper_case_identifier) @name @reference.constructor .)))
(bin_op_expr part: (value_expr name: (value_qid (lower_case_identifier) @name @reference.call .)))
(union_pattern constructor: (upper_case_qid (upper_case_identifier) @name @reference.constructor .))
(type_ref (upper_case_qid (upper_case_identifier) @name @reference.type .))
(import_clause moduleName: (upper_case_qid) @name @reference.module)
