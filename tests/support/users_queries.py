"""Tags queries as users have them, in the forms of tree-sitter's and aider's own.

Unlike ours, they have patterns of several siblings, and patterns that begin with a wildcard.
"""

from __future__ import annotations

from collections.abc import Mapping

_ADJACENT = '(#strip! @doc "^[\\\\s\\\\*/]+|^[\\\\s\\\\*/]$") (#select-adjacent! @doc @definition.{kind})'


def _documented(kind: str, definition: str, comment: str = "comment") -> str:
    return f"(({comment})* @doc . {definition} @definition.{kind} {_ADJACENT.replace('{kind}', kind)})\n"


_JAVASCRIPT = (
    _documented("method", "(method_definition name: (property_identifier) @name.definition.method)")
    + _documented(
        "class", "[(class name: (_) @name.definition.class) (class_declaration name: (_) @name.definition.class)]"
    )
    + _documented(
        "function",
        "[(function_expression name: (identifier) @name.definition.function)"
        " (function_declaration name: (identifier) @name.definition.function)"
        " (generator_function name: (identifier) @name.definition.function)"
        " (generator_function_declaration name: (identifier) @name.definition.function)]",
    )
    + """
((comment)* @doc .
  (lexical_declaration (variable_declarator
    name: (identifier) @name.definition.function
    value: [(arrow_function) (function_expression)]) @definition.function)
  (#select-adjacent! @doc @definition.function))
((comment)* @doc .
  (variable_declaration (variable_declarator
    name: (identifier) @name.definition.function
    value: [(arrow_function) (function_expression)]) @definition.function)
  (#select-adjacent! @doc @definition.function))
(assignment_expression
  left: [
    (identifier) @name.definition.function
    (member_expression property: (property_identifier) @name.definition.function)]
  right: [(arrow_function) (function_expression)]) @definition.function
(pair key: (property_identifier) @name.definition.function
  value: [(arrow_function) (function_expression)]) @definition.function
((call_expression function: (identifier) @name.reference.call) @reference.call
  (#not-match? @name.reference.call "^(require)$"))
(call_expression
  function: (member_expression property: (property_identifier) @name.reference.call)
  arguments: (_) @reference.call)
(new_expression constructor: (_) @name.reference.class) @reference.class
(export_statement (export_clause (export_specifier name: (identifier) @name.reference.export))
  source: (string)) @reference.export
(variable_declarator
  name: (object_pattern (shorthand_property_identifier_pattern) @name.definition.variable)
  value: (_)) @definition.variable
(_ (identifier) @name.reference.any) @reference.any
"""
)

_RUBY = (
    _documented(
        "method", "[(method name: (_) @name.definition.method) (singleton_method name: (_) @name.definition.method)]"
    )
    + _documented(
        "class",
        "[(class name: [(constant) @name.definition.class (scope_resolution name: (_) @name.definition.class)])"
        " (singleton_class value: [(constant) @name.definition.class"
        " (scope_resolution name: (_) @name.definition.class)])]",
    )
    + _documented(
        "module",
        "(module name: [(constant) @name.definition.module (scope_resolution name: (_) @name.definition.module)])",
    )
    + """
(call method: (identifier) @name.reference.call) @reference.call
([(identifier) (constant)] @name.reference.call @reference.call (#is-not? local)
  (#not-match? @name.reference.call "^(lambda|load|require|require_relative|__FILE__|__LINE__)$"))
"""
)

_PYTHON = """
(module (expression_statement (assignment left: (identifier) @name.definition.constant) @definition.constant))
(module (assignment left: (identifier) @name.definition.constant) @definition.constant)
(class_definition name: (identifier) @name.definition.class) @definition.class
(function_definition name: (identifier) @name.definition.function) @definition.function
(call function: [(identifier) @name.reference.call
  (attribute attribute: (identifier) @name.reference.call)]) @reference.call
(import_from_statement module_name: (_) name: (dotted_name (identifier) @name.reference.import)) @reference.import
(decorated_definition (decorator (identifier) @name.reference.decorator)
  definition: (function_definition)) @reference.decorator
"""

_C = """
(struct_specifier name: (type_identifier) @name.definition.class body: (_)) @definition.class
(declaration type: (union_specifier name: (type_identifier) @name.definition.class)) @definition.class
(function_declarator declarator: (identifier) @name.definition.function) @definition.function
(type_definition declarator: (type_identifier) @name.definition.type) @definition.type
(enum_specifier name: (type_identifier) @name.definition.type) @definition.type
(declaration declarator: (init_declarator declarator: (_) @name.definition.variable)) @definition.variable
((comment)* @doc . (function_definition declarator: (function_declarator declarator: (_) @name.definition.function))
  @definition.function)
"""

_GO = (
    _documented("function", "(function_declaration name: (identifier) @name.definition.function)")
    + _documented("method", "(method_declaration name: (field_identifier) @name.definition.method)")
    + """
(call_expression function: [
  (identifier) @name.reference.call
  (parenthesized_expression (identifier) @name.reference.call)
  (selector_expression field: (field_identifier) @name.reference.call)
  (parenthesized_expression (selector_expression field: (field_identifier) @name.reference.call))]) @reference.call
(type_spec name: (type_identifier) @name.definition.type) @definition.type
(type_identifier) @name.reference.type @reference.type
(package_clause "package" (package_identifier) @name.definition.module)
(type_declaration (type_spec name: (type_identifier) @name.definition.interface type: (interface_type)))
(import_declaration (import_spec) @name.reference.module)
(var_declaration (var_spec name: (identifier) @name.definition.variable))
(const_declaration (const_spec name: (identifier) @name.definition.constant))
"""
)

_RUST = """
(struct_item name: (type_identifier) @name.definition.class) @definition.class
(enum_item name: (type_identifier) @name.definition.class) @definition.class
(type_item name: (type_identifier) @name.definition.class) @definition.class
(declaration_list (function_item name: (identifier) @name.definition.method)) @definition.method
(function_item name: (identifier) @name.definition.function) @definition.function
(trait_item name: (type_identifier) @name.definition.interface) @definition.interface
(mod_item name: (identifier) @name.definition.module) @definition.module
(macro_definition name: (identifier) @name.definition.macro) @definition.macro
(call_expression function: (identifier) @name.reference.call) @reference.call
(call_expression function: (field_expression field: (field_identifier) @name.reference.call)) @reference.call
(macro_invocation macro: (identifier) @name.reference.call) @reference.call
(impl_item trait: (type_identifier) @name.reference.implementation) @reference.implementation
(impl_item type: (type_identifier) @name.reference.implementation !trait) @reference.implementation
"""

_JAVA = """
(class_declaration name: (identifier) @name.definition.class) @definition.class
(method_declaration name: (identifier) @name.definition.method) @definition.method
(method_invocation name: (identifier) @name.reference.method arguments: (argument_list) @reference.call)
(interface_declaration name: (identifier) @name.definition.interface) @definition.interface
(type_list (type_identifier) @name.reference.interface) @reference.implementation
(object_creation_expression type: (type_identifier) @name.reference.class) @reference.class
(superclass (type_identifier) @name.reference.class) @reference.class
((block_comment)* @doc . (method_declaration name: (identifier) @name.definition.method) @definition.method)
"""

USERS_QUERIES: Mapping[str, str] = {
    "javascript": _JAVASCRIPT,
    "ruby": _RUBY,
    "python": _PYTHON,
    "c": _C,
    "go": _GO,
    "rust": _RUST,
    "java": _JAVA,
}
