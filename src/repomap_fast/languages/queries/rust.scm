; Tags of Rust. Every pattern begins at one kind of node and steps down by fields, so that the cursor drops it early.

; Types and modules
(struct_item name: (type_identifier) @name) @definition.struct
(union_item name: (type_identifier) @name) @definition.union
(enum_item name: (type_identifier) @name) @definition.enum
(enum_variant name: (identifier) @name) @definition.enumerator
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(mod_item name: (identifier) @name) @definition.module
(field_declaration name: (field_identifier) @name) @definition.field

; Functions. One that stands in an impl or a trait is a method; the places where a plain one may stand are listed, so
; that none is both.
(source_file (function_item name: (identifier) @name) @definition.function)
(mod_item body: (declaration_list (function_item name: (identifier) @name) @definition.function))
(block (function_item name: (identifier) @name) @definition.function)
(foreign_mod_item body: (declaration_list (function_signature_item name: (identifier) @name) @definition.function))
(impl_item body: (declaration_list (function_item name: (identifier) @name) @definition.method))
(trait_item body: (declaration_list [
  (function_item name: (identifier) @name)
  (function_signature_item name: (identifier) @name)] @definition.method))

; `impl Shape for Circle` implements Shape and continues Circle: it is the scope of its methods.
(impl_item type: [
  (type_identifier) @name
  (primitive_type) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: [
    (type_identifier) @name
    (scoped_type_identifier name: (type_identifier) @name)])
  (reference_type type: [
    (type_identifier) @name
    (generic_type type: (type_identifier) @name)])
  (dynamic_type trait: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])]) @definition.implementation
(impl_item trait: (type_identifier) @name @reference.implementation)

; `const _: () = …` checks something and names nothing.
((const_item name: (identifier) @name) @definition.constant (#not-eq? @name "_"))
(static_item name: (identifier) @name) @definition.variable
(macro_definition name: (identifier) @name) @definition.macro
; A macro that is declared by `macro` is parsed as a signature: what stands at its keyword is the beginning of that word.
((function_signature_item "fn" @_keyword name: (identifier) @name) @definition.macro (#eq? @_keyword "ma"))

; Items that a macro is given (bitflags!, lazy_static!, cfg_if! …): the grammar sees only their words. What is quoted in a
; function is no item of the file. Parentheses first, as calls have them, end the patterns at once.
((token_tree . "{" "struct" . (identifier) @name @definition.struct) (#set! not-in function))
((token_tree . "{" "union" . (identifier) @name @definition.union) (#set! not-in function))
((token_tree . "{" "enum" . (identifier) @name @definition.enum) (#set! not-in function))
((token_tree . "{" "trait" . (identifier) @name @definition.trait) (#set! not-in function))
((token_tree . "{" "type" . (identifier) @name @definition.type) (#set! not-in function))
((token_tree . "{" "mod" . (identifier) @name @definition.module) (#set! not-in function))
((token_tree . "{" "fn" . (identifier) @name @definition.function) (#set! not-in function))
((token_tree . "{" "const" . (identifier) @name @definition.constant)
  (#not-eq? @name "_")
  (#set! not-in function)
  (#set! unless defined))
((token_tree . "{" "struct" . (identifier) @owner . ":" . (_) .
    (token_tree . "{" "const" . (identifier) @name @definition.constant))
  (#set! not-in function))
((token_tree . "{" "static" . (identifier) @name @definition.variable)
  (#not-eq? @name "ref")
  (#set! not-in function))
((token_tree . "{" "static" . (identifier) @_ref . (identifier) @name @definition.variable)
  (#eq? @_ref "ref")
  (#set! not-in function))
((token_tree . "(" . "static" . (identifier) @name @definition.variable) (#set! not-in function))
((token_tree . "{" "static" . (mutable_specifier) . (identifier) @name @definition.variable) (#set! not-in function))
((token_tree . "{" "struct" . (identifier) @owner . (token_tree . "{" (identifier) @name @definition.field . ":"))
  (#set! not-in function))
((token_tree . "{" "struct" . (identifier) @owner . "<" (token_tree . "{" (identifier) @name @definition.field . ":") . "}" .)
  (#set! not-in function))

; Calls. Inside the arguments of a macro the grammar sees only a list of words and brackets: a word before parentheses
; is a call, also where it is another macro.
(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression field: (field_identifier) @name)) @reference.call
(call_expression function: (scoped_identifier name: (identifier) @name)) @reference.call
(call_expression function: (generic_function function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)])) @reference.call
(token_tree (identifier) @name . (token_tree . "(")) @reference.call
(macro_invocation macro: (identifier) @name) @reference.macro
(macro_invocation macro: (scoped_identifier name: (identifier) @name)) @reference.macro

; Values made, or taken apart, by the name of their type or variant
(struct_expression name: (type_identifier) @name) @reference.class
(struct_pattern type: (type_identifier) @name) @reference.type
(tuple_struct_pattern type: (identifier) @name) @reference.type
(tuple_struct_pattern type: (scoped_identifier name: (identifier) @name)) @reference.type

; Types that are used: wherever a type may stand, but for the names that the items above give.
(abstract_type trait: (type_identifier) @name @reference.type)
(array_type element: (type_identifier) @name @reference.type)
(bounded_type (type_identifier) @name @reference.type)
(bracketed_type (type_identifier) @name @reference.type)
(closure_expression return_type: (type_identifier) @name @reference.type)
(const_item type: (type_identifier) @name @reference.type)
(dynamic_type trait: (type_identifier) @name @reference.type)
(field_declaration type: (type_identifier) @name @reference.type)
(function_item return_type: (type_identifier) @name @reference.type)
(function_signature_item return_type: (type_identifier) @name @reference.type)
(function_type return_type: (type_identifier) @name @reference.type)
(function_type trait: (type_identifier) @name @reference.type)
(generic_type type: (type_identifier) @name @reference.type)
(generic_type_with_turbofish type: (type_identifier) @name @reference.type)
(let_declaration type: (type_identifier) @name @reference.type)
(ordered_field_declaration_list type: (type_identifier) @name @reference.type)
(parameter type: (type_identifier) @name @reference.type)
(pointer_type type: (type_identifier) @name @reference.type)
(qualified_type type: (type_identifier) @name @reference.type)
(qualified_type alias: (type_identifier) @name @reference.type)
(reference_type type: (type_identifier) @name @reference.type)
(scoped_type_identifier name: (type_identifier) @name @reference.type)
(static_item type: (type_identifier) @name @reference.type)
(trait_bounds (type_identifier) @name @reference.type)
(tuple_type (type_identifier) @name @reference.type)
(type_arguments (type_identifier) @name @reference.type)
(type_binding type: (type_identifier) @name @reference.type)
(type_cast_expression type: (type_identifier) @name @reference.type)
(type_item type: (type_identifier) @name @reference.type)
(where_predicate left: (type_identifier) @name @reference.type)

; What `use` brings in, by its own name
(use_declaration argument: (identifier) @name) @reference.import
(use_declaration argument: (scoped_identifier name: (identifier) @name)) @reference.import
(use_list (identifier) @name @reference.import)
(use_list (scoped_identifier name: (identifier) @name @reference.import))
(use_as_clause path: (identifier) @name) @reference.import
(use_as_clause path: (scoped_identifier name: (identifier) @name)) @reference.import
