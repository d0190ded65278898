/* What all languages share that find imports in a syntax tree: nodes, records, and the inline modules around a place.
 *
 * All nodes of a list are reached by one cursor, so that an import of a hundred thousand names costs no more than its
 * text. What is longer than IMPORT_MAX_TEXT, or nested deeper than IMPORT_MAX_DEPTH, names no file and is left out. */
#ifndef REPOMAP_IMPORT_FINDER_H_
#define REPOMAP_IMPORT_FINDER_H_

#include "import_records.h"
#include "tree_sitter/api.h"
#include "walk.h"

enum {
  IMPORT_MAX_DEPTH = 16,
  IMPORT_RECORD_COPIES = 2, /* in the block, and where the block is taken from */
  IMPORT_NODES_BETWEEN_CHECKS = 4096
};

typedef struct {
  uint32_t end;        /* byte where it ends */
  uint32_t scope_size; /* of the scope around it */
} ImportContainer;

typedef struct {
  RepomapBytes records;          /* of the files of a batch, one after another; owned, as all that follows */
  RepomapBytes scope;            /* names of the inline modules or namespaces around the place at hand */
  ImportContainer containers[IMPORT_MAX_DEPTH];
  uint32_t depth;                /* of containers */
  Arena *arena;                  /* of the file at hand; borrowed, as all that follows */
  const uint8_t *text;
  ArenaVerdict verdict;
  uint32_t n_nodes;              /* since the last check of the clock */
  uint32_t last_row;
  size_t last_module, last_size; /* bytes of records; SIZE_MAX before the first record */
  ImportText path_attribute;     /* Rust: of the next item */
} ImportFinder;

static const ImportText no_import_text = {NULL, 0};

/* Nodes */

/* A node that is not there has no type, no fields, no children and no text. */
static inline bool import_is(TSNode node, const char *type) {
  return !ts_node_is_null(node) && strcmp(ts_node_type(node), type) == 0;
}

static inline TSNode import_field(TSNode node, const char *name) {
  return ts_node_is_null(node) ? node : ts_node_child_by_field_name(node, name, (uint32_t)strlen(name));
}

static inline TSNode import_named_child(TSNode node, uint32_t position) {
  return ts_node_is_null(node) ? node : ts_node_named_child(node, position);
}

static inline ImportText import_text(const ImportFinder *finder, TSNode node) {
  if (ts_node_is_null(node)) return no_import_text;
  uint32_t start = ts_node_start_byte(node);
  return (ImportText){finder->text + start, ts_node_end_byte(node) - start};
}

/* The text of a string without its quotes. */
static inline ImportText import_string(const ImportFinder *finder, TSNode node) {
  ImportText text = import_text(finder, node);
  if (text.size < 2) return no_import_text;
  return (ImportText){text.bytes + 1, text.size - 2};
}

static inline bool import_equals(ImportText text, const char *string) {
  return text.size == strlen(string) && memcmp(text.bytes, string, text.size) == 0;
}

static inline bool import_begins(ImportText text, const char *string) {
  return text.size >= strlen(string) && memcmp(text.bytes, string, strlen(string)) == 0;
}

/* Count a node of a list; false when the file may not go on. */
static inline bool import_goes_on(ImportFinder *finder) {
  if (++finder->n_nodes == IMPORT_NODES_BETWEEN_CHECKS) {
    finder->n_nodes = 0;
    finder->verdict = arena_verdict(finder->arena);
  }
  return finder->verdict == ARENA_RUNNING;
}

/* `for each child of a node`: the body sees it as `child`. */
#define IMPORT_FOR_EACH_CHILD(finder, node, ...)                                                  \
  do {                                                                                            \
    TSTreeCursor cursor_ = ts_tree_cursor_new(node);                                              \
    bool is_there_ = ts_tree_cursor_goto_first_child(&cursor_);                                   \
    for (; is_there_ && import_goes_on(finder); is_there_ = ts_tree_cursor_goto_next_sibling(&cursor_)) { \
      TSNode child = ts_tree_cursor_current_node(&cursor_);                                       \
      __VA_ARGS__                                                                                 \
    }                                                                                             \
    ts_tree_cursor_delete(&cursor_);                                                              \
  } while (0)

static inline TSNode import_child_of_type(ImportFinder *finder, TSNode node, const char *type) {
  TSNode found = {.id = NULL};
  IMPORT_FOR_EACH_CHILD(finder, node, {
    if (import_is(child, type)) {
      found = child;
      break;
    }
  });
  return found;
}

/* Records */

/* The text without the white space in it, which may stand around dots; in `room` unless it has none. */
static inline ImportText import_squeeze(ImportText text, uint8_t *room) {
  size_t size = 0, i = 0;
  while (i < text.size && text.bytes[i] > ' ') i++;
  if (i == text.size || text.size > IMPORT_MAX_TEXT) return text;
  for (i = 0; i < text.size; i++) {
    if (text.bytes[i] > ' ') room[size++] = text.bytes[i];
  }
  return (ImportText){room, size};
}

static inline void import_put(
  ImportFinder *finder, int kind, TSNode node, ImportText module, ImportText name, ImportText alias
) {
  uint8_t rooms[3][IMPORT_MAX_TEXT];
  module = import_squeeze(module, rooms[0]);
  name = import_squeeze(name, rooms[1]);
  alias = import_squeeze(alias, rooms[2]);
  if (finder->verdict != ARENA_RUNNING || !module.size) return;
  if (module.size > IMPORT_MAX_TEXT || name.size > IMPORT_MAX_TEXT || alias.size > IMPORT_MAX_TEXT) return;
  RepomapBytes *records = &finder->records;
  size_t largest = 1 + 4 * 5 + module.size + name.size + alias.size;
  size_t wanted = records->size + largest;
  if (!arena_take(finder->arena, IMPORT_RECORD_COPIES * largest) ||
      (wanted > records->capacity && !repomap_bytes_reserve(records, wanted + wanted / 2))) {
    finder->verdict = ARENA_OUT_OF_MEMORY;
    return;
  }
  uint32_t row = ts_node_start_point(node).row;
  if (row < finder->last_row) row = finder->last_row;
  if (finder->last_module != SIZE_MAX && finder->last_size == module.size &&
      memcmp(records->contents + finder->last_module, module.bytes, module.size) == 0) {
    kind |= IMPORT_SAME_MODULE;
  }
  uint8_t *out = records->contents + records->size;
  *out++ = (uint8_t)kind;
  out = import_put_varint(out, row - finder->last_row);
  if (!(kind & IMPORT_SAME_MODULE)) {
    out = import_put_text(out, module);
    finder->last_module = (size_t)(out - records->contents) - module.size;
    finder->last_size = module.size;
  }
  out = import_put_text(out, name);
  out = import_put_text(out, alias);
  records->size = (size_t)(out - records->contents);
  finder->last_row = row;
}

static inline void import_put_module(ImportFinder *finder, int kind, TSNode node, ImportText module) {
  import_put(finder, kind, node, module, no_import_text, no_import_text);
}

/* Inline modules and namespaces */

static inline void import_leave_containers(ImportFinder *finder, uint32_t byte) {
  while (finder->depth && finder->containers[finder->depth - 1].end <= byte) {
    finder->scope.size = finder->containers[--finder->depth].scope_size;
  }
}

static inline void import_enter_container(ImportFinder *finder, TSNode node, ImportText name, const char *separator) {
  RepomapBytes *scope = &finder->scope;
  size_t n_separator = finder->depth ? strlen(separator) : 0;
  size_t size = scope->size + n_separator + name.size;
  if (finder->depth == IMPORT_MAX_DEPTH || size > IMPORT_MAX_TEXT) return;
  if (!repomap_bytes_reserve(scope, IMPORT_MAX_TEXT)) {
    finder->verdict = ARENA_OUT_OF_MEMORY;
    return;
  }
  finder->containers[finder->depth++] = (ImportContainer){ts_node_end_byte(node), (uint32_t)scope->size};
  memcpy(scope->contents + scope->size, separator, n_separator);
  memcpy(scope->contents + scope->size + n_separator, name.bytes, name.size);
  scope->size = size;
}

#endif
