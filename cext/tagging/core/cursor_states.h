/* Included by cursor.c: the states of a query's patterns, where they wait, and which of them are part of others. */
#ifndef REPOMAP_CURSOR_STATES_H_
#define REPOMAP_CURSOR_STATES_H_

#include "cursor.h"

#define CURSOR_CHECK_INTERVAL 2048
#define CURSOR_FEW 8            /* states that are compared in pairs */

static const uint32_t NO_STATE = UINT32_MAX;
static const uint32_t NO_LIST = UINT32_MAX;

typedef Array(uint32_t) CursorIds;

/* Captures of one or several states, each of which has the first so many of them: a state is copied without its
 * captures, and where a repetition goes on, the next capture is put behind the others. */
typedef struct {
  Array(TSQueryCapture) captures;
  uint32_t n_owners;
  uint32_t next_free;           /* of those released, which keep their memory */
} CursorList;

typedef struct {
  uint64_t hash;                /* of the captures, in order */
  uint32_t list;                /* where its captures are, or NO_LIST */
  uint32_t n_captures;
  uint32_t start_depth;         /* where the first step of the pattern matched */
  uint16_t step_index;          /* that is to match next */
  uint16_t pattern_index;
  uint32_t newer, older;        /* neighbours in the pattern's chain; `older` is the next free one of those released */
  bool is_chained;
  bool seeking_immediate_match; /* these three are as in the core's QueryState */
  bool needs_parent;
  bool skipped_quantifier;
} CursorState;

/* States whose next step can match a node of one depth. */
typedef struct {
  CursorIds ids;
  bool is_dirty;                /* some came since those that others contain were last dropped */
} CursorLevel;

struct RepomapCursor {
  Arena *arena;
  const TSQuery *query;
  uint64_t next_check;          /* steps at which the clock is looked at */
  TSTreeCursor tree_cursor;
  uint32_t depth;               /* of the node at hand; where it is hidden, of the visible one that it is part of */
  bool is_only_here;
  bool on_visible_node, is_ascending, is_halted;
  Array(CursorState) pool;
  uint32_t free_state;
  Array(CursorList) lists;
  uint32_t free_list;
  uint32_t *chains;             /* (n_patterns,) states in progress, those of the greatest start_depth first */
  Array(CursorLevel) levels;
  uint32_t top;                 /* levels beyond it are empty */
  CursorIds passed;             /* room for the states of the level at hand */
  CursorIds family;             /* room for a state and its alternatives */
  CursorIds table;              /* room for drop_contained_of_many() */
  CursorIds done;               /* matched, but maybe part of a longer match */
  bool is_changed;              /* a state came or went since the last look at those that are done */
  CursorIds finished;
  uint32_t n_taken;             /* of the finished ones */
};

/* What is asked of a node, once for all states. */
typedef struct {
  TSNode node;
  TSSymbol symbol;
  TSFieldId field;
  bool is_named, is_missing, is_error;
  bool has_later_siblings, has_later_named_siblings, can_have_later_siblings_with_this_field;
  unsigned n_supertypes;
  TSSymbol supertypes[8];
} CursorNode;

static REPOMAP_INLINE void cursor_count_many(RepomapCursor *self, uint32_t n) {
  self->arena->n_steps += n;
  if (REPOMAP_UNLIKELY(self->arena->n_steps >= self->next_check)) {
    self->next_check = self->arena->n_steps + CURSOR_CHECK_INTERVAL;
    arena_check(self->arena);
  }
}

static REPOMAP_INLINE void cursor_count(RepomapCursor *self) {
  cursor_count_many(self, 1);
}

static REPOMAP_INLINE CursorState *state_at(const RepomapCursor *self, uint32_t id) {
  return &self->pool.contents[id];
}

static REPOMAP_INLINE const QueryStep *step_of(const RepomapCursor *self, const CursorState *state) {
  return &self->query->steps.contents[state->step_index];
}

static REPOMAP_INLINE const TSQueryCapture *captures_of(const RepomapCursor *self, const CursorState *state) {
  return state->list == NO_LIST ? NULL : self->lists.contents[state->list].captures.contents;
}

/* Lists of captures: made, given up, added to */

static uint32_t list_new(RepomapCursor *self) {
  uint32_t id = self->free_list;
  if (id != NO_LIST) {
    self->free_list = self->lists.contents[id].next_free;
    array_clear(&self->lists.contents[id].captures);
  } else {
    id = self->lists.size;
    array_push(&self->lists, ((CursorList){.captures = array_new()}));
  }
  self->lists.contents[id].n_owners = 1;
  return id;
}

static void list_release(RepomapCursor *self, uint32_t id) {
  if (id == NO_LIST) return;
  CursorList *list = &self->lists.contents[id];
  if (--list->n_owners) return;
  list->next_free = self->free_list;
  self->free_list = id;
}

/* The list, with room behind the captures of the state, which are copied where another's follow them. */
static CursorList *list_to_add_to(RepomapCursor *self, CursorState *state) {
  if (state->list == NO_LIST) state->list = list_new(self);
  CursorList *list = &self->lists.contents[state->list];
  if (list->captures.size != state->n_captures && list->n_owners > 1) {
    uint32_t id = list_new(self);
    const CursorList *shared = &self->lists.contents[state->list];
    list = &self->lists.contents[id];
    array_extend(&list->captures, state->n_captures, shared->captures.contents);
    cursor_count_many(self, state->n_captures);
    list_release(self, state->list);
    state->list = id;
  }
  list->captures.size = state->n_captures;
  return list;
}

/* States: made, copied, put into their chain and their level, released */

static uint32_t state_new(RepomapCursor *self) {
  uint32_t id = self->free_state;
  if (id != NO_STATE) {
    self->free_state = state_at(self, id)->older;
  } else {
    id = self->pool.size;
    array_push(&self->pool, ((CursorState){0}));
  }
  self->is_changed = true;
  return id;
}

static void chain(RepomapCursor *self, uint32_t id, uint32_t newer, uint32_t older) {
  CursorState *state = state_at(self, id);
  state->newer = newer;
  state->older = older;
  state->is_chained = true;
  if (older != NO_STATE) state_at(self, older)->newer = id;
  if (newer != NO_STATE) {
    state_at(self, newer)->older = id;
  } else {
    self->chains[state->pattern_index] = id;
  }
}

static void unchain(RepomapCursor *self, uint32_t id) {
  CursorState *state = state_at(self, id);
  if (!state->is_chained) return;
  state->is_chained = false;
  if (state->older != NO_STATE) state_at(self, state->older)->newer = state->newer;
  if (state->newer != NO_STATE) {
    state_at(self, state->newer)->older = state->older;
  } else {
    self->chains[state->pattern_index] = state->older;
  }
}

static void state_release(RepomapCursor *self, uint32_t id) {
  unchain(self, id);
  list_release(self, state_at(self, id)->list);
  state_at(self, id)->older = self->free_state;
  self->free_state = id;
  self->is_changed = true;
}

static uint32_t state_copy(RepomapCursor *self, uint32_t id) {
  uint32_t copy_id = state_new(self);
  const CursorState *state = state_at(self, id);
  *state_at(self, copy_id) = *state;
  if (state->list != NO_LIST) self->lists.contents[state->list].n_owners++;
  chain(self, copy_id, id, state->older);
  return copy_id;
}

static REPOMAP_INLINE void level_push(RepomapCursor *self, uint32_t depth, uint32_t id) {
  while (self->levels.size <= depth) array_push(&self->levels, ((CursorLevel){.ids = array_new()}));
  array_push(&self->levels.contents[depth].ids, id);
  if (depth > self->top) self->top = depth;
}

/* Let a state that has come to another step wait for that step. */
static void state_place(RepomapCursor *self, uint32_t id) {
  const CursorState *state = state_at(self, id);
  const QueryStep *step = step_of(self, state);
  if (step->depth == PATTERN_DONE_MARKER) {
    unchain(self, id);
    array_push(&self->done, id);
    self->is_changed = true;
  } else {
    uint32_t depth = state->start_depth + step->depth;
    level_push(self, depth, id);
    self->levels.contents[depth].is_dirty = true;
  }
}

static void state_capture(RepomapCursor *self, CursorState *state, const QueryStep *step, TSNode node) {
  for (unsigned i = 0; i < MAX_STEP_CAPTURE_COUNT && step->capture_ids[i] != NONE; i++) {
    CursorList *list = list_to_add_to(self, state);
    array_push(&list->captures, ((TSQueryCapture){node, step->capture_ids[i]}));
    state->n_captures++;
    state->hash = (state->hash ^ (uintptr_t)node.id ^ step->capture_ids[i]) * 0x9E3779B97F4A7C15u;
    state->hash ^= state->hash >> 29;
  }
}

/* States that others contain: of two of one pattern, the longer match counts */

static REPOMAP_INLINE bool are_of_one_match(const CursorState *a, const CursorState *b) {
  return a->pattern_index == b->pattern_index && a->start_depth == b->start_depth;
}

/* Whether all captures of `b` are captures of `a`, as ts_query_cursor__compare_captures() has it. */
static bool state_contains(RepomapCursor *self, const CursorState *a, const CursorState *b) {
  uint32_t i = 0, j = 0;
  if (a->n_captures < b->n_captures || (a->n_captures == b->n_captures && a->hash != b->hash)) return false;
  if (a->list == b->list) return true;
  const TSQueryCapture *of_a = captures_of(self, a), *of_b = captures_of(self, b);
  while (i < a->n_captures && j < b->n_captures) {
    const TSQueryCapture *left = &of_a[i], *right = &of_b[j];
    cursor_count(self);
    if (left->node.id == right->node.id && left->index == right->index) {
      j++;
    } else if (ts_query_cursor__compare_nodes(left->node, right->node) != -1) {
      return false;
    }
    i++;
  }
  return j == b->n_captures;
}

/* Which of two states of one step, the earlier first, is to go: 0 for none, else 1 or 2. */
static int find_redundant(RepomapCursor *self, const CursorState *a, const CursorState *b) {
  if ((b->seeking_immediate_match || !a->seeking_immediate_match) && state_contains(self, a, b)) return 2;
  if ((a->seeking_immediate_match || !b->seeking_immediate_match) && state_contains(self, b, a)) return 1;
  return 0;
}

static REPOMAP_INLINE bool are_of_one_step(const CursorState *a, const CursorState *b) {
  return a->step_index == b->step_index && are_of_one_match(a, b);
}

/* Compare each with each; with `is_mixed_only` those that have equally many captures have been compared. */
static void drop_contained_of_few(RepomapCursor *self, CursorIds *ids, bool is_mixed_only) {
  for (uint32_t j = 0; j < ids->size; j++) {
    for (uint32_t k = j + 1; k < ids->size && ids->contents[j] != NO_STATE; k++) {
      cursor_count(self);
      if (ids->contents[k] == NO_STATE) continue;
      const CursorState *a = state_at(self, ids->contents[j]);
      const CursorState *b = state_at(self, ids->contents[k]);
      if (!are_of_one_step(a, b) || (is_mixed_only && a->n_captures == b->n_captures)) continue;
      int redundant = find_redundant(self, a, b);
      if (!redundant) continue;
      uint32_t *slot = &ids->contents[redundant == 1 ? j : k];
      state_release(self, *slot);
      *slot = NO_STATE;
    }
  }
}

/* The place in the table of the state that is of one step with this one, or where it is to go; with `is_equal` of one
 * that has the same captures too. The table holds positions in `ids`. */
static uint32_t *table_find(RepomapCursor *self, const CursorIds *ids, const CursorState *state, bool is_equal) {
  uint64_t hash = ((uint64_t)state->start_depth << 32 | (uint32_t)state->pattern_index << 16 | state->step_index);
  if (is_equal) hash ^= state->hash;
  hash *= 0x9E3779B97F4A7C15u;
  for (uint32_t i = (uint32_t)(hash >> 32);; i++) {
    uint32_t *slot = &self->table.contents[i & (self->table.size - 1)];
    cursor_count(self);
    if (*slot == NO_STATE) return slot;
    const CursorState *other = state_at(self, ids->contents[*slot]);
    if (are_of_one_step(state, other) && (!is_equal || (other->n_captures == state->n_captures &&
        state_contains(self, other, state)))) return slot;
  }
}

static void table_clear(RepomapCursor *self, uint32_t n) {
  uint32_t size = 16;
  while (size < 2 * n) size *= 2;
  array_clear(&self->table);
  array_reserve(&self->table, size);
  self->table.size = size;
  memset(self->table.contents, 0xFF, size * sizeof *self->table.contents);
}

/* First drop those that have the same captures, by a table. All others of one step have equally many, unless a
 * quantifier is at work: only then are they compared in pairs. */
static void drop_contained_of_many(RepomapCursor *self, CursorIds *ids) {
  bool is_mixed = false;
  table_clear(self, ids->size);
  for (uint32_t i = 0; i < ids->size; i++) {
    uint32_t *slot = table_find(self, ids, state_at(self, ids->contents[i]), true);
    uint32_t earlier = *slot, dropped = i;
    if (earlier == NO_STATE) {
      *slot = i;
      continue;
    }
    if (find_redundant(self, state_at(self, ids->contents[earlier]), state_at(self, ids->contents[i])) == 1) {
      *slot = i;
      dropped = earlier;
    }
    state_release(self, ids->contents[dropped]);
    ids->contents[dropped] = NO_STATE;
  }
  table_clear(self, ids->size);
  for (uint32_t i = 0; i < ids->size; i++) {
    if (ids->contents[i] == NO_STATE) continue;
    const CursorState *state = state_at(self, ids->contents[i]);
    uint32_t *slot = table_find(self, ids, state, false);
    if (*slot == NO_STATE) {
      *slot = i;
    } else if (state_at(self, ids->contents[*slot])->n_captures != state->n_captures) {
      is_mixed = true;
    }
  }
  if (is_mixed) drop_contained_of_few(self, ids, true);
}

static void drop_contained(RepomapCursor *self, CursorIds *ids) {
  uint32_t n = 0;
  if (ids->size < 2) return;
  if (ids->size <= CURSOR_FEW) {
    drop_contained_of_few(self, ids, false);
  } else {
    drop_contained_of_many(self, ids);
  }
  for (uint32_t i = 0; i < ids->size; i++) {
    if (ids->contents[i] != NO_STATE) ids->contents[n++] = ids->contents[i];
  }
  ids->size = n;
}

/* Whether a state in progress may still become a longer match than this one, which is done. */
static bool is_part_of_longer(RepomapCursor *self, const CursorState *state, bool is_any_seeking) {
  uint32_t id = self->chains[state->pattern_index];
  while (id != NO_STATE) {
    const CursorState *other = state_at(self, id);
    cursor_count(self);
    if (other->start_depth < state->start_depth) break;
    if (other->start_depth == state->start_depth && state_contains(self, other, state)) return true;
    id = other->older;
  }
  for (uint32_t i = 0; is_any_seeking && i < self->done.size; i++) {
    const CursorState *other = state_at(self, self->done.contents[i]);
    cursor_count(self);
    if (other != state && are_of_one_match(other, state) && state_contains(self, other, state)) return true;
  }
  return false;
}

static void finish_done(RepomapCursor *self) {
  uint32_t n_kept = 0, n = self->done.size;
  bool is_any_seeking = false;
  drop_contained(self, &self->done);
  n = self->done.size;
  for (uint32_t i = 0; i < n; i++) is_any_seeking |= state_at(self, self->done.contents[i])->seeking_immediate_match;
  self->is_changed = false;
  self->family.size = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t id = self->done.contents[i];
    if (is_part_of_longer(self, state_at(self, id), is_any_seeking)) {
      array_push(&self->family, id);
    } else {
      array_push(&self->finished, id);
    }
  }
  for (; n_kept < self->family.size; n_kept++) self->done.contents[n_kept] = self->family.contents[n_kept];
  self->done.size = n_kept;
}

#endif
