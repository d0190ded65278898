/* Finds what a file imports, at those nodes of its syntax tree that may import: the walk of uses.h notes them. */
#ifndef REPOMAP_IMPORTS_H_
#define REPOMAP_IMPORTS_H_

#include <stdio.h>

#include "import_syntax.h"

typedef enum {
  IMPORTS_NOTHING,
  IMPORTS_PYTHON,
  IMPORTS_PYTHON_FROM,
  IMPORTS_SCRIPT,
  IMPORTS_SCRIPT_EXPORT,
  IMPORTS_SCRIPT_CALL,
  IMPORTS_GO,
  IMPORTS_TYPES,
  IMPORTS_NAMESPACES,
  IMPORTS_PACKAGE,
  IMPORTS_CSHARP_NAMESPACE,
  IMPORTS_INCLUDE,
  IMPORTS_CPP_MODULE,
  IMPORTS_RUST,
  IMPORTS_RUST_MOD,
  IMPORTS_RUST_ATTRIBUTE,
  IMPORTS_PHP_USE,
  IMPORTS_PHP_REQUIRE,
  IMPORTS_RUBY
} ImportAction;

static const struct {
  const char *grammars; /* between commas */
  const char *node;
  ImportAction action;
} import_actions[] = {
  {",python,", "import_statement", IMPORTS_PYTHON},
  {",python,", "import_from_statement", IMPORTS_PYTHON_FROM},
  {",javascript,typescript,tsx,", "import_statement", IMPORTS_SCRIPT},
  {",javascript,typescript,tsx,", "export_statement", IMPORTS_SCRIPT_EXPORT},
  {",javascript,typescript,tsx,", "call_expression", IMPORTS_SCRIPT_CALL},
  {",go,", "import_spec", IMPORTS_GO},
  {",go,", "package_clause", IMPORTS_PACKAGE},
  {",java,", "import_declaration", IMPORTS_TYPES},
  {",java,", "package_declaration", IMPORTS_PACKAGE},
  {",kotlin,", "import_header", IMPORTS_TYPES},
  {",kotlin,", "package_header", IMPORTS_PACKAGE},
  {",csharp,", "using_directive", IMPORTS_NAMESPACES},
  {",csharp,", "file_scoped_namespace_declaration", IMPORTS_PACKAGE},
  {",csharp,", "namespace_declaration", IMPORTS_CSHARP_NAMESPACE},
  {",c,cpp,", "preproc_include", IMPORTS_INCLUDE},
  {",cpp,", "import_declaration", IMPORTS_CPP_MODULE},
  {",cpp,", "module_declaration", IMPORTS_PACKAGE},
  {",rust,", "use_declaration", IMPORTS_RUST},
  {",rust,", "mod_item", IMPORTS_RUST_MOD},
  {",rust,", "attribute_item", IMPORTS_RUST_ATTRIBUTE},
  {",php,", "namespace_use_declaration", IMPORTS_PHP_USE},
  {",php,", "namespace_definition", IMPORTS_PACKAGE},
  {",php,", "require_expression", IMPORTS_PHP_REQUIRE},
  {",php,", "require_once_expression", IMPORTS_PHP_REQUIRE},
  {",php,", "include_expression", IMPORTS_PHP_REQUIRE},
  {",php,", "include_once_expression", IMPORTS_PHP_REQUIRE},
  {",ruby,", "call", IMPORTS_RUBY},
};

/* What is done at each kind of node, by its number in the grammar: (symbol count,) bytes of ImportAction, to be freed
 * by the caller. NULL for a grammar whose imports are not known; `has_memory` says whether that is why. */
static inline uint8_t *import_actions_of(const TSLanguage *language, const char *grammar, bool *has_memory) {
  char wanted[64];
  *has_memory = true;
  if (snprintf(wanted, sizeof wanted, ",%s,", grammar) >= (int)sizeof wanted) return NULL;
  uint32_t n_symbols = ts_language_symbol_count(language);
  uint8_t *actions = NULL;
  for (size_t i = 0; i < sizeof import_actions / sizeof *import_actions; i++) {
    if (!strstr(import_actions[i].grammars, wanted)) continue;
    if (!actions && !(actions = (uint8_t *)calloc(n_symbols + 1, 1))) {
      *has_memory = false;
      return NULL;
    }
    for (uint32_t symbol = 0; symbol < n_symbols; symbol++) {
      const char *name = ts_language_symbol_name(language, (TSSymbol)symbol);
      bool is_named = ts_language_symbol_type(language, (TSSymbol)symbol) == TSSymbolTypeRegular;
      if (is_named && name && strcmp(name, import_actions[i].node) == 0) {
        actions[symbol] = (uint8_t)import_actions[i].action;
      }
    }
  }
  return actions;
}

static inline void import_at(ImportFinder *finder, ImportAction action, TSNode node) {
  import_leave_containers(finder, ts_node_start_byte(node));
  switch (action) {
    case IMPORTS_NOTHING: break;
    case IMPORTS_PYTHON: import_python(finder, node); break;
    case IMPORTS_PYTHON_FROM: import_python_from(finder, node); break;
    case IMPORTS_SCRIPT: import_script(finder, node); break;
    case IMPORTS_SCRIPT_EXPORT: import_script_export(finder, node); break;
    case IMPORTS_SCRIPT_CALL: import_script_call(finder, node); break;
    case IMPORTS_GO: import_go(finder, node); break;
    case IMPORTS_TYPES: import_dotted(finder, node, false); break;
    case IMPORTS_NAMESPACES: import_dotted(finder, node, true); break;
    case IMPORTS_PACKAGE: import_package(finder, node); break;
    case IMPORTS_CSHARP_NAMESPACE: import_csharp_namespace(finder, node); break;
    case IMPORTS_INCLUDE: import_included(finder, node, import_field(node, "path")); break;
    case IMPORTS_CPP_MODULE: import_cpp_module(finder, node); break;
    case IMPORTS_RUST: import_rust(finder, node); break;
    case IMPORTS_RUST_MOD: import_rust_mod(finder, node); break;
    case IMPORTS_RUST_ATTRIBUTE: import_rust_attribute(finder, node); break;
    case IMPORTS_PHP_USE: import_php_use(finder, node); break;
    case IMPORTS_PHP_REQUIRE: import_php_require(finder, node); break;
    case IMPORTS_RUBY: import_ruby(finder, node); break;
  }
}

/* Begin with another file. `finder` is zeroed memory or was used before. */
static inline void start_imports(ImportFinder *finder, Arena *arena, const uint8_t *text) {
  finder->arena = arena;
  finder->text = text;
  finder->depth = finder->last_row = 0;
  finder->scope.size = 0;
  finder->last_module = SIZE_MAX;
  finder->path_attribute = no_import_text;
  finder->verdict = ARENA_RUNNING;
}

/* Append the records of a file's imports: what stands at `nodes`, all those of a kind that has an action, in the order
 * of the text; it may be called for one part of them after another. `actions` are as import_actions_of gives them.
 * Unless the verdict is ARENA_RUNNING, none of these are appended. */
static inline ArenaVerdict find_imports(
  ImportFinder *finder, const TSNode *nodes, size_t n_nodes, const uint8_t *actions
) {
  size_t size_before = finder->records.size;
  for (size_t i = 0; i < n_nodes && finder->verdict == ARENA_RUNNING; i++) {
    import_at(finder, (ImportAction)actions[ts_node_symbol(nodes[i])], nodes[i]);
    if (i % IMPORT_NODES_BETWEEN_CHECKS == IMPORT_NODES_BETWEEN_CHECKS - 1 && finder->verdict == ARENA_RUNNING) {
      finder->verdict = arena_verdict(finder->arena);
    }
  }
  if (finder->verdict != ARENA_RUNNING) finder->records.size = size_before;
  return finder->verdict;
}

static inline void free_imports(ImportFinder *finder) {
  repomap_bytes_free(&finder->records);
  repomap_bytes_free(&finder->scope);
}

#endif
