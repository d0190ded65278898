/* Included by core.c, behind walk.c: it goes over the bare subtrees as that does. */
#include "uses.h"
#include "use_rules.h"

enum {
  USE_MOST_SCOPES_AROUND = 64, /* in which a name is looked for; nobody nests functions deeper */
  USE_STEPS_BETWEEN_CHECKS = 1 << 16
};

static const UseRule use_no_rule = {.others = USE_INHERIT};

/* Rules */

static bool use_is_of(const char *grammars, const char *grammar) {
  size_t size = strlen(grammar);
  for (const char *at = grammars; size && (at = strstr(at, grammar)); at += size) {
    if ((at == grammars || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return true;
  }
  return false;
}

static void use_add_row(UseRule *rule, const UseRow *row, const TSLanguage *language) {
  rule->is_known = 1;
  rule->is_name = row->is_name;
  rule->is_member = row->is_member;
  rule->is_symbol = row->is_symbol;
  rule->is_function = row->is_function;
  rule->is_class = row->is_class;
  rule->others = (uint8_t)row->others;
  for (int i = 0; i < USE_MAX_FIELDS && row->fields[i].name; i++) {
    const char *name = row->fields[i].name;
    TSFieldId field = ts_language_field_id_for_name(language, name, (uint32_t)strlen(name));
    if (!field) continue;
    rule->fields[rule->n_fields] = field;
    rule->parts[rule->n_fields++] = (uint8_t)row->fields[i].part;
  }
}

bool repomap_use_rules(const TSLanguage *language, const char *grammar, UseRules *rules_out) {
  uint32_t n_symbols = ts_language_symbol_count(language);
  rules_out->rules = NULL;
  for (size_t i = 0; i < sizeof use_rows / sizeof *use_rows; i++) {
    const UseRow *row = &use_rows[i];
    if (!use_is_of(row->grammars, grammar)) continue;
    if (!rules_out->rules) {
      rules_out->rules = (UseRule *)calloc(n_symbols + 1, sizeof(UseRule));
      rules_out->n_symbols = n_symbols;
      if (!rules_out->rules) return false;
    }
    for (uint32_t symbol = 0; symbol < n_symbols; symbol++) {
      const char *name = ts_language_symbol_name(language, (TSSymbol)symbol);
      bool is_named = ts_language_symbol_type(language, (TSSymbol)symbol) == TSSymbolTypeRegular;
      if (is_named && name && strcmp(name, row->node) == 0) use_add_row(&rules_out->rules[symbol], row, language);
    }
  }
  return true;
}

/* Bindings */

static UseBinding *use_slot(UseBinding *bindings, size_t n_slots, uint64_t key) {
  size_t slot = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & (n_slots - 1);
  while (bindings[slot].key && bindings[slot].key != key) slot = (slot + 1) & (n_slots - 1);
  return &bindings[slot];
}

static bool use_bind(UseFinder *finder, Arena *arena, uint32_t scope, uint32_t name, bool is_open) {
  if (2 * finder->n_bindings >= finder->n_slots) {
    size_t n_slots = finder->n_slots ? 2 * finder->n_slots : 256;
    if (!arena_take(arena, (n_slots - finder->n_slots) * sizeof(UseBinding))) return false;
    UseBinding *grown = (UseBinding *)calloc(n_slots, sizeof(UseBinding));
    if (!grown) return false;
    for (size_t i = 0; i < finder->n_slots; i++) {
      if (finder->bindings[i].key) *use_slot(grown, n_slots, finder->bindings[i].key) = finder->bindings[i];
    }
    free(finder->bindings);
    finder->bindings = grown;
    finder->n_slots = n_slots;
  }
  uint64_t key = ((uint64_t)scope << 32 | name) + 1;
  UseBinding *slot = use_slot(finder->bindings, finder->n_slots, key);
  if (!slot->key) finder->n_bindings++;
  slot->key = key;
  slot->is_open |= is_open;
  return true;
}

static bool use_is_bound(const UseFinder *finder, uint32_t scope, uint32_t name) {
  for (int i = 0; scope && i < USE_MOST_SCOPES_AROUND; i++, scope = finder->scopes[scope]) {
    const UseBinding *slot = use_slot(finder->bindings, finder->n_slots, ((uint64_t)scope << 32 | name) + 1);
    if (slot->key && !slot->is_open) return true;
  }
  return false;
}

/* The walk */

static bool use_reserve(void **array, size_t *capacity, size_t count, size_t item_size) {
  if (count <= *capacity) return true;
  size_t wanted = *capacity + *capacity / 2 + 64;
  if (wanted < count) wanted = count;
  void *grown = realloc(*array, wanted * item_size);
  if (!grown) return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

/* The field of a child, which an entry of the walk has just passed; 0 for none. */
static REPOMAP_INLINE uint16_t use_field(const RepomapWalk *walk, Subtree parent, Subtree child, uint32_t place) {
  if (ts_subtree_extra(child)) return 0;
  const TSFieldMapEntry *at, *end;
  ts_language_field_map(walk->tree->language, parent.ptr->production_id, &at, &end);
  for (; at < end; at++) {
    if (at->child_index == place && !at->inherited) return at->field_id;
  }
  return 0;
}

static REPOMAP_INLINE uint8_t use_part_of(const UseRule *rule, uint16_t field, uint8_t around) {
  uint8_t part = rule->others;
  for (uint8_t i = 0; i < rule->n_fields; i++) {
    if (rule->fields[i] == field) part = rule->parts[i];
  }
  return part == USE_INHERIT ? around : part;
}

static bool use_new_scope(UseFinder *finder, uint32_t around, uint32_t *scope_out) {
  if (!use_reserve((void **)&finder->scopes, &finder->scopes_capacity, finder->n_scopes + 1, sizeof(uint32_t))) {
    return false;
  }
  *scope_out = (uint32_t)finder->n_scopes;
  finder->scopes[finder->n_scopes++] = around;
  return true;
}

static ArenaVerdict use_note(
  UseFinder *finder, Arena *arena, const uint8_t *text, Length position, uint32_t size, uint8_t part, bool is_written,
  bool is_member, bool binds, uint32_t scope
) {
  if (!size || part == USE_SKIP || part == USE_INHERIT) return ARENA_RUNNING;
  uint32_t n_names = finder->names.count;
  uint32_t name = interner_intern(&finder->names, text + position.bytes, size);
  if (name == INTERNER_FULL) return ARENA_OUT_OF_MEMORY;
  if (name == n_names && !arena_take(arena, 2 * (size_t)size + 32)) return ARENA_OUT_OF_MEMORY;
  bool is_bound = part == USE_BIND || part == USE_TARGET || part == USE_CAPTURE || part == USE_OPEN;
  if (scope && binds && is_bound && !use_bind(finder, arena, scope, name, part == USE_OPEN)) return ARENA_OUT_OF_MEMORY;
  if (!is_member && (part == USE_BIND || part == USE_OPEN || part == USE_CAPTURE)) return ARENA_RUNNING;
  size_t capacity = finder->capacity;
  if (!use_reserve((void **)&finder->uses, &finder->capacity, finder->n + 1, sizeof(Use)) ||
      !arena_take(arena, (finder->capacity - capacity) * sizeof(Use))) {
    return ARENA_OUT_OF_MEMORY;
  }
  is_written |= part == USE_TARGET || part == USE_WRITE;
  UseKind kind = is_written ? USE_KIND_WRITE : part == USE_MEMBER ? USE_KIND_MEMBER : USE_KIND_READ;
  finder->uses[finder->n++] = (Use){
    .name = name,
    /* A member is none of the names around it. */
    .scope = part == USE_MEMBER ? 0 : scope,
    .start = position.bytes,
    .row = position.extent.row,
    .column = position.extent.column,
    .kind = (uint8_t)kind,
    .is_member = is_member,
  };
  return ARENA_RUNNING;
}

static bool use_enter(UseFinder *finder, const Subtree *node, Length position, UseContext context) {
  RepomapWalk *walk = &finder->walk;
  if (!use_reserve((void **)&finder->contexts, &finder->contexts_capacity, walk->depth + 2, sizeof(UseContext))) {
    return false;
  }
  if (!walk_enter(walk, node, position)) return false;
  finder->contexts[walk->depth] = context;
  return true;
}

/* Whether a node of a pattern with dots in it names something: then none of its names is bound. */
static bool use_has_several_names(const UseRules *rules, Subtree node) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < node.ptr->child_count && n < 2; i++) {
    Subtree child = ts_subtree_children(node)[i];
    TSSymbol symbol = ts_subtree_symbol(child);
    /* All names but the first may be in one hidden node, which repeats. */
    bool is_more = !ts_subtree_visible(child) && ts_subtree_child_count(child);
    n += is_more || (symbol < rules->n_symbols && rules->rules[symbol].is_name);
  }
  return n > 1;
}

static ArenaVerdict use_walk(
  UseFinder *finder, Arena *arena, const UseRules *rules, const TSTree *tree, const uint8_t *text
) {
  RepomapWalk *walk = &finder->walk;
  const Subtree *root = &tree->root;
  repomap_walk_start(walk, tree, NULL, 0);
  UseContext top = {.part = USE_READ, .rule = &use_no_rule};
  if (ts_subtree_child_count(*root) && !use_enter(finder, root, ts_subtree_padding(*root), top)) {
    return ARENA_OUT_OF_MEMORY;
  }
  ArenaVerdict verdict = ARENA_RUNNING;
  while (walk->depth) {
    RepomapWalkEntry *entry = &walk->entries[walk->depth - 1];
    const Subtree parent = *(const Subtree *)entry->subtree;
    if (entry->child == parent.ptr->child_count) {
      walk->depth--;
      continue;
    }
    if ((verdict = walk_count_child(walk, arena)) != ARENA_RUNNING) return verdict;
    const UseContext *around = &finder->contexts[walk->depth];
    uint32_t place = entry->structural_child;
    TSSymbol alias;
    Length position;
    const Subtree *child = walk_pass_child(entry, parent, &alias, &position);
    bool is_visible = alias || ts_subtree_visible(*child);
    TSSymbol symbol = alias ? alias : ts_subtree_symbol(*child);
    uint16_t field = 0;
    if (around->rule->n_fields) {
      field = use_field(walk, parent, *child, place);
      if (!field) field = around->field;
    }
    if (!is_visible) {
      UseContext hidden = *around;
      hidden.field = field;
      if (ts_subtree_child_count(*child) && !use_enter(finder, child, position, hidden)) return ARENA_OUT_OF_MEMORY;
      continue;
    }
    const UseRule *rule = symbol < rules->n_symbols ? &rules->rules[symbol] : &use_no_rule;
    uint8_t part = use_part_of(around->rule, field, around->part);
    if (rule->is_name) {
      bool is_written = part == USE_MEMBER && (around->part == USE_TARGET || around->part == USE_WRITE);
      uint32_t size = ts_subtree_size(*child).bytes;
      if (rule->is_symbol && size) {
        position.bytes++;
        position.extent.column++;
        size--;
      }
      verdict = use_note(
        finder, arena, text, position, size, part, is_written, rule->is_member, around->binds,
        around->scope
      );
      if (verdict != ARENA_RUNNING) return verdict;
    }
    if (!ts_subtree_child_count(*child)) continue;
    UseContext inner = {.part = part, .scope = around->scope, .rule = rule};
    inner.binds = rule->is_function || (around->binds && !rule->is_class);
    if (part == USE_CAPTURE && use_has_several_names(rules, *child)) inner.part = USE_READ;
    if (rule->is_function && !use_new_scope(finder, around->scope, &inner.scope)) return ARENA_OUT_OF_MEMORY;
    if (!use_enter(finder, child, position, inner)) return ARENA_OUT_OF_MEMORY;
  }
  return verdict;
}

/* Leave out what is bound in a function around it, now that all bindings are known. */
static ArenaVerdict use_drop_bound(UseFinder *finder, const Arena *arena) {
  size_t n_kept = 0;
  for (size_t i = 0; i < finder->n; i++) {
    Use use = finder->uses[i];
    bool is_bound = finder->n_slots && use_is_bound(finder, use.scope, use.name);
    if (is_bound) use.kind = USE_KIND_MEMBER;
    if (!is_bound || use.is_member) finder->uses[n_kept++] = use;
    if (i % USE_STEPS_BETWEEN_CHECKS == USE_STEPS_BETWEEN_CHECKS - 1) {
      ArenaVerdict verdict = arena_verdict(arena);
      if (verdict != ARENA_RUNNING) return verdict;
    }
  }
  finder->n = n_kept;
  return ARENA_RUNNING;
}

ArenaVerdict repomap_find_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const TSTree *tree, const uint8_t *text
) {
  uint32_t file;
  interner_clear(&finder->names);
  finder->n = finder->n_scopes = 0;
  if (finder->n_slots > 1 << 14) {
    free(finder->bindings);
    finder->bindings = NULL;
    finder->n_slots = 0;
  } else if (finder->n_bindings) {
    memset(finder->bindings, 0, finder->n_slots * sizeof(UseBinding));
  }
  finder->n_bindings = 0;
  if (!use_new_scope(finder, 0, &file)) return ARENA_OUT_OF_MEMORY;
  ArenaVerdict verdict = use_walk(finder, arena, rules, tree, text);
  if (verdict == ARENA_RUNNING) verdict = use_drop_bound(finder, arena);
  if (verdict != ARENA_RUNNING) finder->n = 0;
  return verdict;
}

void repomap_free_uses(UseFinder *finder) {
  free(finder->walk.entries);
  interner_free(&finder->names);
  free(finder->uses);
  free(finder->scopes);
  free(finder->contexts);
  free(finder->bindings);
  free(finder->local_ids);
}
