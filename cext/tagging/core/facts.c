/* Included by core.c, before uses.c, whose walk calls these. */
#include "uses.h"

static bool fact_reserve(void **array, size_t *capacity, size_t count, size_t item_size, Arena *arena) {
  if (count <= *capacity) return true;
  size_t wanted = *capacity + *capacity / 2 + 64;
  if (wanted < count) wanted = count;
  if (!arena_take(arena, (wanted - *capacity) * item_size)) return false;
  void *grown = realloc(*array, wanted * item_size);
  if (!grown) return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

#define FACT_RESERVE(facts, items, arena) \
  fact_reserve( \
    (void **)&(facts)->items, &(facts)->items##_capacity, (facts)->n_##items + 1, sizeof *(facts)->items, arena \
  )

static uint32_t fact_intern(UseFinder *finder, Arena *arena, const uint8_t *text, size_t size) {
  uint32_t n_names = finder->names.count;
  uint32_t name = interner_intern(&finder->names, text, size);
  if (name == n_names && name != INTERNER_FULL && !arena_take(arena, 2 * size + 32)) return INTERNER_FULL;
  return name;
}

/* Chains */

static REPOMAP_INLINE size_t fact_first_slot(uint8_t op, uint32_t base, uint32_t second, size_t n_slots) {
  uint64_t key = ((uint64_t)base << 32 | second) * 0x9E3779B97F4A7C15u + op;
  key ^= key >> 29;
  return (size_t)(key * 0xBF58476D1CE4E5B9u >> 32) & (n_slots - 1);
}

static bool fact_grow_slots(Facts *facts, Arena *arena) {
  size_t n_slots = facts->n_slots ? 2 * facts->n_slots : 256;
  if (!arena_take(arena, n_slots * sizeof(uint32_t))) return false;
  uint32_t *slots = (uint32_t *)calloc(n_slots, sizeof *slots);
  if (!slots) return false;
  for (size_t i = 0; i < facts->n_chains; i++) {
    const FactChain *chain = &facts->chains[i];
    size_t slot = fact_first_slot(chain->op, chain->base, chain->second, n_slots);
    while (slots[slot]) slot = (slot + 1) & (n_slots - 1);
    slots[slot] = 1 + (uint32_t)i;
  }
  free(facts->slots);
  facts->slots = slots;
  facts->n_slots = n_slots;
  return true;
}

/* How many steps a chain has. */
static REPOMAP_INLINE uint8_t fact_depth(const Facts *facts, uint32_t chain) {
  return chain == FACT_NONE ? 0 : facts->chains[chain - 1].depth;
}

/* Find or make a chain; FACT_NONE for one that is too deep. False where there is no memory. */
static bool fact_chain(
  Facts *facts, Arena *arena, uint8_t op, uint32_t base, uint32_t second, uint32_t *chain_out
) {
  uint8_t depth = fact_base_is_chain(op) ? fact_depth(facts, base) : 0;
  if (fact_second_is_chain(op) && fact_depth(facts, second) > depth) depth = fact_depth(facts, second);
  *chain_out = FACT_NONE;
  if (depth >= FACT_MOST_DEPTH) return true;
  if (2 * facts->n_chains >= facts->n_slots && !fact_grow_slots(facts, arena)) return false;
  size_t slot = fact_first_slot(op, base, second, facts->n_slots);
  for (; facts->slots[slot]; slot = (slot + 1) & (facts->n_slots - 1)) {
    const FactChain *known = &facts->chains[facts->slots[slot] - 1];
    if (known->base == base && known->second == second && known->op == op) {
      *chain_out = facts->slots[slot];
      return true;
    }
  }
  if (!FACT_RESERVE(facts, chains, arena)) return false;
  facts->chains[facts->n_chains++] = (FactChain){.op = op, .depth = depth + 1, .base = base, .second = second};
  *chain_out = facts->slots[slot] = (uint32_t)facts->n_chains;
  return true;
}

/* The same of a base that there is; FACT_NONE without one. */
static bool fact_chain_on(Facts *facts, Arena *arena, uint8_t op, uint32_t base, uint32_t second, uint32_t *chain_out) {
  *chain_out = FACT_NONE;
  return base == FACT_NONE || fact_chain(facts, arena, op, base, second, chain_out);
}

/* One of two chains; of an unknown and a known one, the known one. */
static bool fact_one_of(Facts *facts, Arena *arena, uint32_t base, uint32_t second, uint32_t *chain_out) {
  if (base == FACT_NONE || second == FACT_NONE || base == second) {
    *chain_out = base ? base : second;
    return true;
  }
  return fact_chain(facts, arena, FACT_ONE_OF, base, second, chain_out);
}

static bool fact_is_list(const Facts *facts, uint32_t chain) {
  return chain != FACT_NONE && facts->chains[chain - 1].op == FACT_ARGUMENT;
}

/* One of a list of chains, which has the last one first; FACT_NONE for one that is not there. */
static uint32_t fact_of_list(const Facts *facts, uint32_t list, uint32_t place) {
  uint32_t n = 0;
  for (uint32_t at = list; at != FACT_NONE; at = facts->chains[at - 1].second) n++;
  if (place >= n) return FACT_NONE;
  for (uint32_t i = n - 1; i > place; i--) list = facts->chains[list - 1].second;
  return facts->chains[list - 1].base;
}

/* Put a chain in the place of the hole that another begins with; FACT_NONE where there is none to put. */
static bool fact_fill(Facts *facts, Arena *arena, uint32_t chain, uint32_t filling, uint32_t *chain_out) {
  FactChain steps[FACT_MOST_DEPTH];
  int n = 0;
  *chain_out = chain;
  for (uint32_t at = chain; at != FACT_NONE; at = facts->chains[at - 1].base) {
    steps[n] = facts->chains[at - 1];
    if (steps[n].op == FACT_HOLE) {
      *chain_out = filling;
      while (n-- > 0) {
        if (steps[n].op == FACT_RESULT && fact_is_list(facts, *chain_out)) {
          *chain_out = fact_of_list(facts, *chain_out, steps[n].second);
          continue;
        }
        if (!fact_chain_on(facts, arena, steps[n].op, *chain_out, steps[n].second, chain_out)) return false;
      }
      return true;
    }
    if (!fact_base_is_chain(steps[n].op) || ++n == FACT_MOST_DEPTH) break;
  }
  return true;
}

/* Scopes and bindings */

static bool fact_new_scope(Facts *facts, Arena *arena, uint32_t parent, uint8_t kind, uint32_t *scope_out) {
  if (!FACT_RESERVE(facts, scopes, arena)) return false;
  *scope_out = (uint32_t)facts->n_scopes;
  facts->scopes[facts->n_scopes++] = (FactScope){
    .parent = parent, .function = *scope_out, .kind = kind, .name_start = FACT_NO_START,
  };
  return true;
}

/* From `start` on names stand in `scope`. */
static bool fact_event(Facts *facts, Arena *arena, uint32_t start, uint32_t scope) {
  if (!FACT_RESERVE(facts, events, arena)) return false;
  facts->events[facts->n_events++] = (FactEvent){start, scope};
  return true;
}

static bool fact_base(Facts *facts, Arena *arena, uint32_t scope, uint32_t chain, uint8_t kind) {
  if (chain == FACT_NONE) return true;
  if (!FACT_RESERVE(facts, bases, arena)) return false;
  uint32_t place = (uint32_t)facts->n_bases;
  facts->bases[facts->n_bases++] = (FactBase){.scope = scope, .chain = chain, .place = place, .kind = kind};
  return true;
}

static bool fact_bind(Facts *facts, Arena *arena, FactBinding binding) {
  if (!FACT_RESERVE(facts, bindings, arena)) return false;
  facts->bindings[facts->n_bindings++] = binding;
  return true;
}

static bool fact_is_method(const Facts *facts, uint32_t scope) {
  const FactScope *at = &facts->scopes[scope];
  return at->kind == FACT_IN_FUNCTION && !at->is_static && facts->scopes[at->parent].kind == FACT_IN_CLASS;
}

/* The method around a scope whose object is known by this name there; 0 for none. */
static uint32_t fact_method_of(const Facts *facts, uint32_t scope, uint32_t name) {
  for (int i = 0; scope && i < FACT_MOST_DEPTH; i++, scope = facts->scopes[scope].parent) {
    const FactScope *at = &facts->scopes[scope];
    if (at->kind != FACT_IN_FUNCTION && at->kind != FACT_IN_BLOCK) return 0;
    if (at->self_name) return at->self_name == name + 1 ? scope : 0;
  }
  return 0;
}

/* The method around a scope whose object is known by a word of the language; 0 for none. */
static uint32_t fact_method_around(const Facts *facts, uint32_t scope) {
  for (int i = 0; i < FACT_MOST_DEPTH && facts->scopes[scope].kind == FACT_IN_BLOCK; i++) {
    scope = facts->scopes[scope].parent;
  }
  return fact_is_method(facts, scope) ? scope : 0;
}

/* Add one of the values that a function gives, unless its type is written. */
static bool fact_add_result(Facts *facts, Arena *arena, uint32_t function, uint32_t chain) {
  FactScope *scope = &facts->scopes[function];
  if (!function || scope->has_written_result) return true;
  if (++scope->n_returns > FACT_MOST_RETURNS) {
    scope->n_returns = FACT_MOST_RETURNS + 1;
    scope->result = FACT_NONE;
    return true;
  }
  return fact_one_of(facts, arena, scope->result, chain, &scope->result);
}

/* What a word of C before a declaration says of it: flags. */
static uint8_t fact_flags_of_storage(
  const Facts *facts, const UseContext *around, const FactFrame *outer, const uint8_t *word, size_t size
) {
  static const char static_word[] = "static", extern_word[] = "extern";
  uint32_t scope = around->action == FACT_DO_FUNCTION ? facts->scopes[outer->scope].parent : around->bind_scope;
  bool is_member = facts->scopes[scope].kind == FACT_IN_CLASS;
  if (size == sizeof static_word - 1 && memcmp(word, static_word, size) == 0) {
    return is_member ? FACT_IS_STATIC : FACT_IS_PRIVATE;
  }
  return size == sizeof extern_word - 1 && memcmp(word, extern_word, size) == 0 ? FACT_IS_DECLARED : 0;
}

/* Note of a function that other files do not see it. */
static bool fact_bind_private(UseFinder *finder, Arena *arena, const FactFrame *frame) {
  const FactScope *scope = &finder->facts.scopes[frame->scope];
  if (!(frame->flags & FACT_IS_PRIVATE) || scope->name_start == FACT_NO_START) return true;
  return fact_bind(&finder->facts, arena, (FactBinding){
    .start = scope->name_start,
    .row = scope->name_row,
    .scope = scope->parent,
    .eval_scope = scope->parent,
    .kind = FACT_DEFINED,
    .flags = frame->flags,
  });
}

static void fact_start(Facts *facts) {
  if (facts->n_slots > 1 << 14) {
    free(facts->slots);
    facts->slots = NULL;
    facts->n_slots = 0;
  } else if (facts->n_chains) {
    memset(facts->slots, 0, facts->n_slots * sizeof *facts->slots);
    if (facts->n_slots > 256 && facts->n_chains < facts->n_slots / 8) facts->n_slots /= 2;
  }
  facts->member_start = facts->n_holes = 0;
  facts->n_chains = facts->n_scopes = facts->n_bases = facts->n_bindings = facts->n_events = 0;
}

static void fact_free(Facts *facts) {
  free(facts->chains);
  free(facts->slots);
  free(facts->scopes);
  free(facts->bases);
  free(facts->bindings);
  free(facts->events);
  free(facts->frames);
  free(facts->numbers);
}
