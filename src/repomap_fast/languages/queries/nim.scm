; Tags of Nim.

((proc_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.function
  (#set! trim "`"))
((func_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.function
  (#set! trim "`"))
(converter_declaration name: [(identifier) @name (exported_symbol (identifier) @name)]) @definition.function
(iterator_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.function
(method_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.method
(template_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.macro
(macro_declaration name: [
  (identifier) @name (accent_quoted) @name
  (exported_symbol [(identifier) (accent_quoted)] @name)]) @definition.macro
(type_declaration
  (type_symbol_declaration name: [(identifier) @name (exported_symbol (identifier) @name)])) @definition.type
(field_declaration (symbol_declaration_list
  (symbol_declaration name: [(identifier) @name (exported_symbol (identifier) @name)]))) @definition.field
(enum_field_declaration (symbol_declaration name: (identifier) @name)) @definition.enumerator
((const_section (variable_declaration (symbol_declaration_list
  (symbol_declaration name: [(identifier) @name (exported_symbol (identifier) @name)]))) @definition.constant)
  (#set! not-in function))
((let_section (variable_declaration (symbol_declaration_list
  (symbol_declaration name: [(identifier) @name (exported_symbol (identifier) @name)]))) @definition.variable)
  (#set! not-in function))
((var_section (variable_declaration (symbol_declaration_list
  (symbol_declaration name: [(identifier) @name (exported_symbol (identifier) @name)]))) @definition.variable)
  (#set! not-in function))

(call function: (identifier) @name) @reference.call
(call function: (dot_expression right: (identifier) @name)) @reference.call
(type_expression (identifier) @name @reference.type)
