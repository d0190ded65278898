/* How each language writes its imports: one function for each kind of node. */
#ifndef REPOMAP_IMPORT_SYNTAX_H_
#define REPOMAP_IMPORT_SYNTAX_H_

#include "import_finder.h"

/* Python */

static inline void import_python_name(ImportFinder *finder, int kind, TSNode node, ImportText module) {
  TSNode alias = {.id = NULL}, name = node;
  if (import_is(node, "aliased_import")) {
    name = import_field(node, "name");
    alias = import_field(node, "alias");
  } else if (!import_is(node, "dotted_name")) {
    if (import_is(node, "wildcard_import")) import_put_module(finder, IMPORT_ALL, node, module);
    return;
  }
  ImportText text = import_text(finder, name), other = import_text(finder, alias);
  if (kind == IMPORT_MODULE) {
    import_put(finder, kind, node, text, no_import_text, other);
  } else {
    import_put(finder, kind, node, module, text, other);
  }
}

static inline void import_python(ImportFinder *finder, TSNode node) {
  IMPORT_FOR_EACH_CHILD(finder, node, { import_python_name(finder, IMPORT_MODULE, child, no_import_text); });
}

static inline void import_python_from(ImportFinder *finder, TSNode node) {
  TSNode source = import_field(node, "module_name");
  ImportText module = import_text(finder, source);
  IMPORT_FOR_EACH_CHILD(finder, node, {
    if (child.id != source.id) import_python_name(finder, IMPORT_NAME, child, module);
  });
}

/* JavaScript and TypeScript */

static inline void import_script_names(ImportFinder *finder, int flags, TSNode list, ImportText module) {
  IMPORT_FOR_EACH_CHILD(finder, list, {
    if (import_is(child, "import_specifier") || import_is(child, "export_specifier")) {
      ImportText name = import_text(finder, import_field(child, "name"));
      import_put(finder, IMPORT_NAME | flags, child, module, name, import_text(finder, import_field(child, "alias")));
    }
  });
}

static inline void import_script_clause(ImportFinder *finder, int flags, TSNode clause, ImportText module) {
  static const ImportText by_default = {(const uint8_t *)"default", 7};
  IMPORT_FOR_EACH_CHILD(finder, clause, {
    if (import_is(child, "identifier")) {
      import_put(finder, IMPORT_NAME | flags, child, module, by_default, import_text(finder, child));
    } else if (import_is(child, "named_imports")) {
      import_script_names(finder, flags, child, module);
    } else if (import_is(child, "namespace_import")) {
      TSNode alias = import_child_of_type(finder, child, "identifier");
      import_put(finder, IMPORT_MODULE | flags, child, module, no_import_text, import_text(finder, alias));
    }
  });
}

static inline void import_script(ImportFinder *finder, TSNode node) {
  TSNode source = import_field(node, "source");
  TSNode clause = import_child_of_type(finder, node, "import_clause");
  if (ts_node_is_null(source)) {
    clause = import_child_of_type(finder, node, "import_require_clause");
    if (ts_node_is_null(clause)) return;
    ImportText module = import_string(finder, import_field(clause, "source"));
    TSNode alias = import_child_of_type(finder, clause, "identifier");
    import_put(finder, IMPORT_MODULE, node, module, no_import_text, import_text(finder, alias));
  } else if (ts_node_is_null(clause)) {
    import_put_module(finder, IMPORT_MODULE, node, import_string(finder, source));
  } else {
    import_script_clause(finder, 0, clause, import_string(finder, source));
  }
}

static inline void import_script_export(ImportFinder *finder, TSNode node) {
  TSNode source = import_field(node, "source");
  if (ts_node_is_null(source)) return;
  ImportText module = import_string(finder, source);
  IMPORT_FOR_EACH_CHILD(finder, node, {
    if (import_is(child, "export_clause")) {
      import_script_names(finder, IMPORT_EXPORTED, child, module);
    } else if (import_is(child, "namespace_export")) {
      TSNode alias = import_child_of_type(finder, child, "identifier");
      ImportText known_as = import_text(finder, alias);
      import_put(finder, IMPORT_MODULE | IMPORT_EXPORTED, child, module, no_import_text, known_as);
    } else if (import_is(child, "*")) {
      import_put_module(finder, IMPORT_ALL | IMPORT_EXPORTED, child, module);
    }
  });
}

/* require("…") and import("…"), of all calls. */
static inline void import_script_call(ImportFinder *finder, TSNode node) {
  ImportText text = import_text(finder, node);
  if (!import_begins(text, "require") && !import_begins(text, "import")) return;
  TSNode function = import_field(node, "function");
  if (!import_is(function, "import") && !import_equals(import_text(finder, function), "require")) return;
  TSNode argument = import_named_child(import_field(node, "arguments"), 0);
  if (!import_is(argument, "string")) return;
  import_put_module(finder, IMPORT_MODULE, node, import_string(finder, argument));
}

/* Go */

static inline void import_go(ImportFinder *finder, TSNode node) {
  TSNode alias = import_field(node, "name");
  ImportText module = import_string(finder, import_field(node, "path"));
  bool has_all = import_is(alias, "dot");
  import_put(
    finder, has_all ? IMPORT_ALL : IMPORT_MODULE, node, module, no_import_text,
    has_all ? no_import_text : import_text(finder, alias)
  );
}

/* Java, Kotlin, C# */

static inline bool import_is_dotted(TSNode node) {
  return import_is(node, "scoped_identifier") || import_is(node, "identifier") || import_is(node, "qualified_name") ||
         import_is(node, "alias_qualified_name");
}

static inline void import_dotted(ImportFinder *finder, TSNode node, bool is_of_namespaces) {
  TSNode alias = import_field(node, "name"), module = {.id = NULL};
  bool has_all = false, is_static = false;
  IMPORT_FOR_EACH_CHILD(finder, node, {
    if (child.id == alias.id) continue;
    if (import_is_dotted(child)) module = child;
    if (import_is(child, "static")) is_static = true;
    if (import_is(child, "asterisk") || import_is(child, "wildcard_import")) has_all = true;
    if (import_is(child, "import_alias")) alias = import_named_child(child, 0);
  });
  if (is_of_namespaces) has_all = ts_node_is_null(alias);
  int kind = (has_all ? IMPORT_ALL : IMPORT_MODULE) | (is_static ? IMPORT_STATIC : 0);
  import_put(finder, kind, node, import_text(finder, module), no_import_text, import_text(finder, alias));
}

static inline void import_package(ImportFinder *finder, TSNode node) {
  TSNode name = import_field(node, "name");
  if (ts_node_is_null(name)) {
    IMPORT_FOR_EACH_CHILD(finder, node, {
      if (import_is_dotted(child) || import_is(child, "package_identifier")) name = child;
    });
  }
  import_put_module(finder, IMPORT_PACKAGE, node, import_text(finder, name));
}

static inline void import_csharp_namespace(ImportFinder *finder, TSNode node) {
  import_enter_container(finder, node, import_text(finder, import_field(node, "name")), ".");
  import_put_module(finder, IMPORT_PACKAGE, node, (ImportText){finder->scope.contents, finder->scope.size});
}

/* C and C++ */

static inline void import_included(ImportFinder *finder, TSNode node, TSNode path) {
  if (ts_node_is_null(path)) return;
  bool is_local = import_is(path, "string_literal");
  if (!is_local && !import_is(path, "system_lib_string")) return;
  import_put_module(finder, is_local ? IMPORT_LOCAL_PATH : IMPORT_PATH, node, import_string(finder, path));
}

static inline void import_cpp_module(ImportFinder *finder, TSNode node) {
  ImportText name = import_text(finder, import_field(node, "name"));
  if (name.size) {
    import_put_module(finder, IMPORT_MODULE, node, name);
    return;
  }
  IMPORT_FOR_EACH_CHILD(finder, node, { import_included(finder, node, child); });
}

/* Rust */

/* The path as it is seen from the file's own module: what `self` and `super` mean in an inline module is written
 * out. */
static inline ImportText import_rust_path(const ImportFinder *finder, ImportText path, uint8_t *room) {
  uint32_t n_up = 0;
  path = import_squeeze(path, room);
  if (import_begins(path, "::")) path = (ImportText){path.bytes + 2, path.size - 2};
  ImportText rest = path;
  while (import_equals(rest, "super") || import_begins(rest, "super::")) {
    n_up++;
    rest = rest.size == 5 ? no_import_text : (ImportText){rest.bytes + 7, rest.size - 7};
  }
  if (!n_up) {
    if (!import_equals(rest, "self") && !import_begins(rest, "self::")) return path;
    rest = rest.size == 4 ? no_import_text : (ImportText){rest.bytes + 6, rest.size - 6};
  }
  if (!finder->depth) return path;
  uint32_t n_inline = finder->depth > n_up ? finder->depth - n_up : 0;
  size_t n_scope = n_inline == finder->depth ? finder->scope.size : finder->containers[n_inline].scope_size;
  uint32_t n_left = n_up > finder->depth ? n_up - finder->depth : 0;
  if (4 + 7 * (size_t)n_left + n_scope + rest.size + 8 > IMPORT_MAX_TEXT) return no_import_text;
  uint8_t made[IMPORT_MAX_TEXT];
  size_t size = 0;
  for (uint32_t i = 0; i < n_left; i++) {
    memcpy(made + size, i ? "::super" : "super", i ? 7 : 5);
    size += i ? 7 : 5;
  }
  if (!n_left) {
    memcpy(made, "self", 4);
    size = 4;
  }
  for (int part = 0; part < 2; part++) {
    ImportText text = part ? rest : (ImportText){finder->scope.contents, n_scope};
    if (!text.size) continue;
    memcpy(made + size, "::", 2);
    memcpy(made + size + 2, text.bytes, text.size);
    size += 2 + text.size;
  }
  memcpy(room, made, size);
  return (ImportText){room, size};
}

/* Put one path of a `use`; `prefix` is that of the lists around it. */
static inline void import_rust_leaf(
  ImportFinder *finder, int kind, TSNode node, ImportText prefix, ImportText path, ImportText alias
) {
  uint8_t room[IMPORT_MAX_TEXT];
  if (prefix.size) {
    bool is_self = import_equals(path, "self");
    if ((kind & IMPORT_KIND_MASK) == IMPORT_NAME && is_self) kind = (kind & ~IMPORT_KIND_MASK) | IMPORT_MODULE;
    import_put(finder, kind, node, prefix, is_self ? no_import_text : path, alias);
    return;
  }
  path = import_rust_path(finder, path, room);
  size_t cut = path.size;
  while ((kind & IMPORT_KIND_MASK) == IMPORT_NAME && cut && path.bytes[cut - 1] != ':') cut--;
  if ((kind & IMPORT_KIND_MASK) == IMPORT_ALL) {
    import_put(finder, kind, node, path, no_import_text, alias);
  } else if (cut < 2) {
    import_put(finder, (kind & ~IMPORT_KIND_MASK) | IMPORT_MODULE, node, path, no_import_text, alias);
  } else {
    ImportText module = {path.bytes, cut - 2}, name = {path.bytes + cut, path.size - cut};
    import_put(finder, kind, node, module, name, alias);
  }
}

static inline void import_rust_use(ImportFinder *finder, int flags, TSNode node, ImportText prefix, int depth) {
  uint8_t room[IMPORT_MAX_TEXT], joined[IMPORT_MAX_TEXT];
  if (depth == IMPORT_MAX_DEPTH) return;
  if (import_is(node, "use_list")) {
    IMPORT_FOR_EACH_CHILD(finder, node, {
      if (ts_node_is_named(child)) import_rust_use(finder, flags, child, prefix, depth + 1);
    });
  } else if (import_is(node, "scoped_use_list")) {
    ImportText path = import_text(finder, import_field(node, "path"));
    if (path.size > IMPORT_MAX_TEXT) return;
    path = prefix.size ? import_squeeze(path, room) : import_rust_path(finder, path, room);
    if (prefix.size + 2 + path.size > IMPORT_MAX_TEXT) return;
    if (prefix.size && path.size) {
      memcpy(joined, prefix.bytes, prefix.size);
      memcpy(joined + prefix.size, "::", 2);
      memcpy(joined + prefix.size + 2, path.bytes, path.size);
      path = (ImportText){joined, prefix.size + 2 + path.size};
    }
    TSNode list = import_field(node, "list");
    if (!ts_node_is_null(list)) import_rust_use(finder, flags, list, path.size ? path : prefix, depth + 1);
  } else if (import_is(node, "use_as_clause")) {
    ImportText path = import_text(finder, import_field(node, "path"));
    import_rust_leaf(finder, IMPORT_NAME | flags, node, prefix, path, import_text(finder, import_field(node, "alias")));
  } else if (import_is(node, "use_wildcard")) {
    ImportText path = import_text(finder, import_named_child(node, 0));
    import_rust_leaf(finder, IMPORT_ALL | flags, node, prefix, path, no_import_text);
  } else if (!import_is(node, "line_comment") && !import_is(node, "block_comment")) {
    ImportText path = import_text(finder, node);
    if (path.size <= IMPORT_MAX_TEXT) import_rust_leaf(finder, IMPORT_NAME | flags, node, prefix, path, no_import_text);
  }
}

static inline int import_rust_flags(ImportFinder *finder, TSNode node) {
  return ts_node_is_null(import_child_of_type(finder, node, "visibility_modifier")) ? 0 : IMPORT_EXPORTED;
}

static inline void import_rust(ImportFinder *finder, TSNode node) {
  TSNode argument = import_field(node, "argument");
  if (ts_node_is_null(argument)) return;
  import_rust_use(finder, import_rust_flags(finder, node), argument, no_import_text, 0);
}

/* `mod name;` is an import of the module's file, `mod name { … }` a scope of what stands in it. */
static inline void import_rust_mod(ImportFinder *finder, TSNode node) {
  ImportText name = import_text(finder, import_field(node, "name")), path = finder->path_attribute;
  finder->path_attribute = no_import_text;
  if (!ts_node_is_null(import_field(node, "body"))) {
    import_enter_container(finder, node, name, "::");
    return;
  }
  int flags = import_rust_flags(finder, node);
  if (path.size) {
    import_put(finder, IMPORT_LOCAL_PATH | flags, node, path, no_import_text, name);
    return;
  }
  uint8_t own[IMPORT_MAX_TEXT], room[IMPORT_MAX_TEXT];
  if (!name.size || name.size + 6 > IMPORT_MAX_TEXT) return;
  memcpy(own, "self::", 6);
  memcpy(own + 6, name.bytes, name.size);
  import_put_module(
    finder, IMPORT_MODULE | flags, node, import_rust_path(finder, (ImportText){own, name.size + 6}, room)
  );
}

static inline void import_rust_attribute(ImportFinder *finder, TSNode node) {
  ImportText text = import_text(finder, node);
  if (!import_begins(text, "#[path")) return;
  TSNode attribute = import_child_of_type(finder, node, "attribute");
  TSNode value = import_field(attribute, "value");
  if (!ts_node_is_null(value)) finder->path_attribute = import_string(finder, value);
}

/* PHP */

static inline ImportText import_php_name(ImportText name) {
  return import_begins(name, "\\") ? (ImportText){name.bytes + 1, name.size - 1} : name;
}

static inline void import_php_clauses(ImportFinder *finder, int flags, TSNode list, ImportText prefix) {
  IMPORT_FOR_EACH_CHILD(finder, list, {
    if (!import_is(child, "namespace_use_clause")) continue;
    TSNode alias = import_field(child, "alias");
    TSNode name = {.id = NULL};
    int kind = flags;
    IMPORT_FOR_EACH_CHILD(finder, child, {
      if (import_is(child, "qualified_name") || (import_is(child, "name") && child.id != alias.id)) name = child;
      if (import_is(child, "function") || import_is(child, "const")) kind |= IMPORT_STATIC;
    });
    ImportText text = import_php_name(import_text(finder, name));
    kind |= prefix.size ? IMPORT_NAME : IMPORT_MODULE;
    import_put(
      finder, kind, child, prefix.size ? prefix : text, prefix.size ? text : no_import_text, import_text(finder, alias)
    );
  });
}

static inline void import_php_use(ImportFinder *finder, TSNode node) {
  TSNode group = import_field(node, "body");
  int flags = ts_node_is_null(import_field(node, "type")) ? 0 : IMPORT_STATIC;
  if (ts_node_is_null(group)) {
    import_php_clauses(finder, flags, node, no_import_text);
  } else {
    TSNode prefix = import_child_of_type(finder, node, "namespace_name");
    import_php_clauses(finder, flags, group, import_php_name(import_text(finder, prefix)));
  }
}

/* Whether the node is a string with nothing in it that is computed. */
static inline bool import_is_plain_string(TSNode node) {
  return (import_is(node, "string") || import_is(node, "encapsed_string")) && ts_node_named_child_count(node) == 1 &&
         import_is(import_named_child(node, 0), "string_content");
}

/* `require "path"`, and `require __DIR__ . "/path"`. */
static inline void import_php_require(ImportFinder *finder, TSNode node) {
  TSNode argument = import_named_child(node, 0);
  if (import_is(argument, "parenthesized_expression")) {
    argument = import_named_child(argument, 0);
  }
  if (ts_node_is_null(argument)) return;
  if (import_is_plain_string(argument)) {
    import_put_module(finder, IMPORT_PATH, node, import_string(finder, argument));
  } else if (import_is(argument, "binary_expression")) {
    TSNode left = import_field(argument, "left"), right = import_field(argument, "right");
    ImportText folder = import_text(finder, left);
    bool is_here = import_equals(folder, "__DIR__") || import_equals(folder, "dirname(__FILE__)");
    if (!is_here || !import_is_plain_string(right)) return;
    ImportText path = import_string(finder, right);
    if (import_begins(path, "/")) path = (ImportText){path.bytes + 1, path.size - 1};
    import_put_module(finder, IMPORT_LOCAL_PATH, node, path);
  }
}

/* Ruby */

static inline void import_ruby(ImportFinder *finder, TSNode node) {
  ImportText text = import_text(finder, node);
  if (!import_begins(text, "require") && !import_begins(text, "load") && !import_begins(text, "autoload")) return;
  ImportText method = import_text(finder, import_field(node, "method"));
  bool is_autoload = import_equals(method, "autoload"), is_local = import_equals(method, "require_relative");
  if (!is_autoload && !is_local && !import_equals(method, "require") && !import_equals(method, "load")) return;
  TSNode arguments = import_field(node, "arguments");
  if (ts_node_is_null(arguments) || !ts_node_is_null(import_field(node, "receiver"))) return;
  TSNode path = import_named_child(arguments, is_autoload ? 1 : 0);
  if (!import_is_plain_string(path)) return;
  ImportText name = is_autoload ? import_text(finder, import_named_child(arguments, 0)) : no_import_text;
  if (import_begins(name, ":")) name = (ImportText){name.bytes + 1, name.size - 1};
  int kind = is_local ? IMPORT_LOCAL_PATH : IMPORT_PATH;
  import_put(finder, kind, node, import_string(finder, path), name, no_import_text);
}

#endif
