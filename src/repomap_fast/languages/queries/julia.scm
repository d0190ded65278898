; Tags of Julia. A function is defined once a file, by its first method.

(module_definition name: (identifier) @name) @definition.module
((function_definition (signature [
    (identifier) @name
    (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)])
    (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)]))
    (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)]))
    (where_expression . (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)])))
    (where_expression . (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)])))])) @definition.function)
((assignment . [
    (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)])
    (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)]))
    (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)]))
    (where_expression . (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression [
        (identifier) @name
        (quote_expression [(operator) @name (parenthesized_expression (operator) @name)])] .)])))]) @definition.function)
(macro_definition (signature (call_expression . (identifier) @name))) @definition.macro
(struct_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])])) @definition.struct
(struct_definition (block [(identifier) @name @definition.field (typed_expression . (identifier) @name @definition.field)]))
(abstract_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])])) @definition.type
(primitive_definition (type_head [(identifier) @name (binary_expression . (identifier) @name)])) @definition.type
(const_statement (assignment . (identifier) @name)) @definition.constant
(source_file (assignment . (identifier) @name) @definition.variable (#not-eq? @name "_"))
(module_definition (block (assignment . (identifier) @name) @definition.variable) (#not-eq? @name "_"))

((call_expression . (identifier) @name) @reference.call (#set! unless defined))
((call_expression . (field_expression (identifier) @name .)) @reference.call (#set! unless defined))
(broadcast_call_expression . (identifier) @name) @reference.call
(macrocall_expression (macro_identifier (identifier) @name)) @reference.macro
(typed_expression (identifier) @name @reference.type .)
(using_statement (identifier) @name @reference.module)
(import_statement (identifier) @name @reference.module)
(selected_import . (identifier) @name @reference.module)
