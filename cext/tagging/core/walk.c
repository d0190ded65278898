/* Included by core.c, behind the core: only there are subtrees and the insides of a query visible. */
#include "walk.h"

#define WALK_CHECK_INTERVAL 65536

uint8_t *repomap_pattern_starts(const TSQuery *query, const TSLanguage *language, uint32_t *n_symbols_out) {
  if (query->wildcard_root_pattern_count) return NULL;
  /* Names that a grammar gives to other nodes are numbered behind its symbols. */
  uint32_t n_symbols = language->symbol_count + language->alias_count;
  uint8_t *is_start = (uint8_t *)calloc(n_symbols + 1, 1);
  if (!is_start) return NULL;
  for (uint32_t i = 0; i < query->pattern_map.size; i++) {
    const PatternEntry *pattern = array_get(&query->pattern_map, i);
    const QueryStep *step = array_get(&query->steps, pattern->step_index);
    bool is_local = pattern->is_rooted && step->depth == 0 && !step->field && !step->supertype_symbol &&
                    !step->is_immediate && !step->is_last_child && step->symbol < n_symbols;
    if (!is_local) {
      free(is_start);
      return NULL;
    }
    for (uint32_t symbol = 0; symbol < n_symbols; symbol++) {
      if (ts_language_public_symbol(language, (TSSymbol)symbol) == step->symbol) is_start[symbol] = 1;
    }
  }
  *n_symbols_out = n_symbols;
  return is_start;
}

/* Whether a node of this kind, where a file begins and ends with it, is the file's root. */
static bool walk_may_be_root(const TSLanguage *language, TSSymbol symbol) {
  enum { FIRST_STATE = 1 };
  for (TSSymbol i = (TSSymbol)language->token_count; i < language->symbol_count; i++) {
    if (ts_language_public_symbol(language, i) != symbol) continue;
    TSStateId state = ts_language_next_state(language, FIRST_STATE, i);
    TableEntry entry;
    if (!state) continue;
    ts_language_table_entry(language, state, ts_builtin_sym_end, &entry);
    if (entry.action_count && entry.actions[0].type == TSParseActionTypeAccept) return true;
  }
  return false;
}

bool repomap_is_cut_safe(const TSQuery *query, const TSLanguage *language) {
  for (uint32_t i = 0; i < query->pattern_map.size; i++) {
    uint32_t first = array_get(&query->pattern_map, i)->step_index, n_children = 0;
    const QueryStep *step = array_get(&query->steps, first);
    if (!walk_may_be_root(language, step->symbol)) continue;
    bool is_safe = step->capture_ids[0] == NONE && !step->negated_field_list_id;
    for (uint32_t j = first + 1; is_safe && j < query->steps.size; j++) {
      step = array_get(&query->steps, j);
      if (step->depth == PATTERN_DONE_MARKER) break;
      if (step->depth == 1) is_safe = !step->is_immediate && !step->is_last_child && ++n_children == 1;
    }
    if (!is_safe) return false;
  }
  return true;
}

static bool walk_enter(RepomapWalk *walk, const Subtree *subtree, Length position) {
  if (walk->depth == walk->capacity) {
    size_t capacity = walk->capacity ? walk->capacity * 2 : 64;
    RepomapWalkEntry *entries = (RepomapWalkEntry *)realloc(walk->entries, capacity * sizeof *entries);
    if (!entries) return false;
    walk->entries = entries;
    walk->capacity = capacity;
  }
  walk->entries[walk->depth++] = (RepomapWalkEntry){
    .subtree = subtree,
    .aliases = ts_language_alias_sequence(walk->tree->language, subtree->ptr->production_id),
    .byte = position.bytes,
    .row = position.extent.row,
    .column = position.extent.column,
  };
  return true;
}

/* Go on to the entry's next child, which there is; say by what other name it is known there, and where it starts. */
static REPOMAP_INLINE const Subtree *walk_pass_child(
  RepomapWalkEntry *entry, Subtree parent, TSSymbol *alias_out, Length *position_out
) {
  const Subtree *child = &ts_subtree_children(parent)[entry->child++];
  // By the time that the walk comes to it, the next node is in the processor's cache.
  if (entry->child < parent.ptr->child_count && !child[1].data.is_inline) REPOMAP_PREFETCH(child[1].ptr);
  *alias_out = 0;
  if (!ts_subtree_extra(*child)) {
    if (entry->aliases) *alias_out = entry->aliases[entry->structural_child];
    entry->structural_child++;
  }
  Length position = {entry->byte, {entry->row, entry->column}};
  /* The padding before a first child is its parent's, which the parent's own position is behind. */
  if (entry->child > 1) position = length_add(position, ts_subtree_padding(*child));
  Length end = length_add(position, ts_subtree_size(*child));
  entry->byte = end.bytes;
  entry->row = end.extent.row;
  entry->column = end.extent.column;
  *position_out = position;
  return child;
}

static REPOMAP_INLINE bool walk_is_start(const RepomapWalk *walk, Subtree subtree, TSSymbol alias) {
  TSSymbol symbol = alias ? alias : ts_subtree_symbol(subtree);
  return symbol < walk->n_symbols && walk->is_start[symbol] && (alias || ts_subtree_visible(subtree));
}

void repomap_walk_start(RepomapWalk *walk, const TSTree *tree, const uint8_t *is_start, uint32_t n_symbols) {
  walk->tree = tree;
  walk->is_start = is_start;
  walk->n_symbols = n_symbols;
  walk->n_steps += walk->countdown ? WALK_CHECK_INTERVAL - walk->countdown : 0;
  walk->countdown = WALK_CHECK_INTERVAL;
  walk->depth = 0;
  walk->is_root_passed = false;
}

uint64_t repomap_walk_steps(const RepomapWalk *walk) {
  return walk->n_steps + (walk->countdown ? WALK_CHECK_INTERVAL - walk->countdown : 0);
}

// Count one child that a walk looks at; now and then, ask whether the file may go on.
static REPOMAP_INLINE ArenaVerdict walk_count_child(RepomapWalk *walk, const Arena *arena) {
  if (!REPOMAP_UNLIKELY(--walk->countdown == 0)) return ARENA_RUNNING;
  walk->countdown = WALK_CHECK_INTERVAL;
  walk->n_steps += WALK_CHECK_INTERVAL;
  return arena_verdict(arena);
}

// Pass the next node in document order and return it; NULL after the last, or where the verdict is another.
static REPOMAP_INLINE const Subtree *walk_pass_next(
  RepomapWalk *walk, const Arena *arena, TSSymbol *alias, Length *position, ArenaVerdict *verdict
) {
  *verdict = ARENA_RUNNING;
  while (walk->depth) {
    RepomapWalkEntry *entry = &walk->entries[walk->depth - 1];
    const Subtree parent = *(const Subtree *)entry->subtree;
    if (entry->child == parent.ptr->child_count) {
      walk->depth--;
      continue;
    }
    *verdict = walk_count_child(walk, arena);
    return *verdict == ARENA_RUNNING ? walk_pass_child(entry, parent, alias, position) : NULL;
  }
  return NULL;
}

ArenaVerdict repomap_walk_next(RepomapWalk *walk, Arena *arena, TSNode *node_out) {
  memset(node_out, 0, sizeof *node_out);
  if (!walk->is_root_passed) {
    walk->is_root_passed = true;
    const Subtree *root = &walk->tree->root;
    Length position = ts_subtree_padding(*root);
    if (ts_subtree_child_count(*root) && !walk_enter(walk, root, position)) return ARENA_OUT_OF_MEMORY;
    if (walk_is_start(walk, *root, 0)) {
      *node_out = ts_node_new(walk->tree, root, position, 0);
      return ARENA_RUNNING;
    }
  }
  ArenaVerdict verdict;
  TSSymbol alias;
  Length position;
  const Subtree *child;
  while ((child = walk_pass_next(walk, arena, &alias, &position, &verdict))) {
    bool is_start = walk_is_start(walk, *child, alias);
    if (ts_subtree_child_count(*child) && !walk_enter(walk, child, position)) return ARENA_OUT_OF_MEMORY;
    if (is_start) {
      *node_out = ts_node_new(walk->tree, child, position, alias);
      return ARENA_RUNNING;
    }
  }
  return verdict;
}
