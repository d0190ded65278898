/* Included by core.c, behind the core: only there are the steps of a query visible.
 *
 * The core's cursor looks at each of its states at each node, and compares each with each. A list of n names that wait
 * for something behind the list then costs n cubed. Here a state waits at the depth at which its next step can match
 * (CursorLevel), and is looked at only at nodes of that depth. States are compared where they meet: those of one step
 * by a table, and those that are done with the states of their own pattern (the chains). The matches are the same. */
#include "cursor_states.h"

/* At a node */

static void node_look(RepomapCursor *self, CursorNode *node) {
  node->n_supertypes = sizeof node->supertypes / sizeof *node->supertypes;
  ts_tree_cursor_current_status(
    &self->tree_cursor, &node->field, &node->has_later_siblings, &node->has_later_named_siblings,
    &node->can_have_later_siblings_with_this_field, node->supertypes, &node->n_supertypes
  );
}

static void pattern_begin(RepomapCursor *self, const PatternEntry *pattern, uint32_t step_depth) {
  uint32_t start_depth = self->depth - step_depth;
  /* A repetition that has come back to the first step goes on with this node, and does not begin anew. */
  uint32_t newest = self->chains[pattern->pattern_index], looked_at = newest;
  for (unsigned i = 0; i < CURSOR_FEW && looked_at != NO_STATE; i++) {
    const CursorState *state = state_at(self, looked_at);
    if (state->start_depth == start_depth && state->step_index == pattern->step_index) return;
    looked_at = state->older;
  }
  uint32_t id = state_new(self);
  CursorState *state = state_at(self, id);
  state->list = NO_LIST;
  state->n_captures = 0;
  state->hash = 0;
  state->start_depth = start_depth;
  state->step_index = pattern->step_index;
  state->pattern_index = pattern->pattern_index;
  state->seeking_immediate_match = true;
  state->needs_parent = step_depth == 1;
  state->skipped_quantifier = false;
  uint32_t newer = NO_STATE, older = newest;
  while (older != NO_STATE && state_at(self, older)->start_depth > start_depth) {
    newer = older;
    older = state_at(self, older)->older;
  }
  chain(self, id, newer, older);
  level_push(self, self->depth, id);
}

static bool is_parent_error(RepomapCursor *self) {
  TSNode parent = ts_tree_cursor_parent_node(&self->tree_cursor);
  return !ts_node_is_null(parent) && ts_node_symbol(parent) == ts_builtin_sym_error;
}

static void begin_where_possible(
  RepomapCursor *self, const PatternEntry *pattern, const CursorNode *node, bool is_wild
) {
  const QueryStep *step = &self->query->steps.contents[pattern->step_index];
  if (step->depth > self->depth || (self->is_only_here && self->depth > step->depth)) return;
  if (step->field && step->field != node->field) return;
  if (is_wild && step->supertype_symbol && !node->n_supertypes) return;
  if (!pattern->is_rooted && is_parent_error(self)) return;
  pattern_begin(self, pattern, step->depth);
}

static void begin_patterns(RepomapCursor *self, const CursorNode *node) {
  const TSQuery *query = self->query;
  unsigned i;
  if (!node->is_error) {
    for (i = 0; i < query->wildcard_root_pattern_count; i++) {
      begin_where_possible(self, &query->pattern_map.contents[i], node, true);
    }
  }
  if (!ts_query__pattern_map_search(query, node->symbol, &i)) return;
  for (; i < query->pattern_map.size; i++) {
    const PatternEntry *pattern = &query->pattern_map.contents[i];
    if (query->steps.contents[pattern->step_index].symbol != node->symbol) return;
    begin_where_possible(self, pattern, node, false);
  }
}

static bool has_any_field(TSNode node, const TSFieldId *fields) {
  for (; *fields; fields++) {
    if (ts_node_child_by_field_id(node, *fields).id) return true;
  }
  return false;
}

static REPOMAP_INLINE bool has_supertype(const CursorNode *node, TSSymbol supertype) {
  for (unsigned i = 0; i < node->n_supertypes; i++) {
    if (node->supertypes[i] == supertype) return true;
  }
  return false;
}

static bool step_matches(const RepomapCursor *self, const QueryStep *step, const CursorNode *node) {
  if (step->symbol == WILDCARD_SYMBOL) {
    if (step->is_missing ? !node->is_missing : node->is_error || (step->is_named && !node->is_named)) return false;
  } else if (node->symbol != step->symbol || (step->is_missing && !node->is_missing)) {
    return false;
  }
  if (step->is_last_child && node->has_later_named_siblings) return false;
  if (step->supertype_symbol && !has_supertype(node, step->supertype_symbol)) return false;
  if (step->field && step->field != node->field) return false;
  return !step->negated_field_list_id ||
         !has_any_field(node->node, &self->query->negated_fields.contents[step->negated_field_list_id]);
}

static REPOMAP_INLINE bool can_later_sibling_match(
  const QueryStep *step, const CursorState *state, const CursorNode *node
) {
  if (state->seeking_immediate_match) return false;
  if (step->is_immediate && node->is_named && !state->skipped_quantifier) return false;
  if (step->field && step->field == node->field && !node->can_have_later_siblings_with_this_field) return false;
  return node->has_later_siblings;
}

/* A pattern that begins with a wildcard is entered at its second step: there must be a parent, which may be
 * captured. */
static bool take_parent(RepomapCursor *self, CursorState *state, const QueryStep *step) {
  TSNode parent = ts_tree_cursor_parent_node(&self->tree_cursor);
  if (ts_node_is_null(parent)) return false;
  state->needs_parent = false;
  do {
    step--;
  } while (step->is_dead_end || step->is_pass_through || step->depth > 0);
  state_capture(self, state, step, parent);
  return true;
}

/* What a quantifier that matches nothing leaves of the anchors beside it, as the core has it. */
static void skip_quantifier(
  const RepomapCursor *self, const CursorState *state, const QueryStep *step, CursorState *copy
) {
  const QueryStep *steps = self->query->steps.contents;
  if (!step->is_immediate) {
    copy->skipped_quantifier = steps[step->alternative_index].depth == step->depth;
  } else if (steps[state->step_index - 1].depth < step->depth) {
    copy->seeking_immediate_match = true;
  }
}

/* Put the alternatives of the states in `family` behind them. Returns as the core's loop does: a step that is a mere
 * jump is followed, one that is a mere branch is passed. */
static void branch(RepomapCursor *self, const CursorNode *node) {
  for (uint32_t k = 0; k < self->family.size; k++) {
    for (bool is_passing = true; is_passing;) {
      uint32_t id = self->family.contents[k];
      CursorState *state = state_at(self, id);
      const QueryStep *step = step_of(self, state);
      cursor_count(self);
      if (step->alternative_index == NONE) break;
      if (step->is_dead_end) {
        state->step_index = step->alternative_index;
        continue;
      }
      is_passing = step->is_pass_through;
      if (is_passing) state->step_index++;
      if (step->alternative_is_skip && step->is_last_child && node->has_later_named_siblings) continue;
      uint32_t copy_id = state_copy(self, id);
      CursorState *copy = state_at(self, copy_id);
      copy->step_index = step->alternative_index;
      if (is_passing) copy->seeking_immediate_match = true;
      if (step->alternative_is_skip) skip_quantifier(self, state_at(self, id), step, copy);
      array_insert(&self->family, k + 1, copy_id);
    }
  }
}

static void state_meet(RepomapCursor *self, uint32_t id, const CursorNode *node) {
  CursorState *state = state_at(self, id);
  const QueryStep *step = step_of(self, state);
  bool can_wait = can_later_sibling_match(step, state, node);
  uint32_t waiting = NO_STATE;

  cursor_count(self);
  if (!step_matches(self, step, node)) {
    if (can_wait) {
      level_push(self, self->depth, id);
    } else {
      state_release(self, id);
    }
    return;
  }
  if (can_wait && (step->contains_captures || ts_query__step_is_fallible(self->query, state->step_index))) {
    waiting = state_copy(self, id);
    state = state_at(self, id);
  }
  if (state->needs_parent && !take_parent(self, state, step)) {
    state_release(self, id);
  } else {
    state_capture(self, state, step, node->node);
    state->step_index++;
    /* Behind an anonymous wildcard, an anchor means the very next node, named or not. */
    state->seeking_immediate_match =
      step->symbol == WILDCARD_SYMBOL && !step->is_named && step_of(self, state)->is_immediate;
    state->skipped_quantifier = false;
    array_clear(&self->family);
    array_push(&self->family, id);
    branch(self, node);
    for (uint32_t i = 0; i < self->family.size; i++) state_place(self, self->family.contents[i]);
  }
  if (waiting != NO_STATE) level_push(self, self->depth, waiting);
}

static void node_enter(RepomapCursor *self) {
  CursorNode node = {.node = ts_tree_cursor_current_node(&self->tree_cursor)};
  CursorLevel *level;
  cursor_count(self);
  while (self->levels.size <= self->depth) array_push(&self->levels, ((CursorLevel){.ids = array_new()}));
  level = &self->levels.contents[self->depth];
  if (level->is_dirty) {
    level->is_dirty = false;
    drop_contained(self, &level->ids);
  }
  bool can_begin = !self->is_only_here || self->depth == 0;
  if (!can_begin && !level->ids.size) return;
  node.symbol = ts_node_symbol(node.node);
  node.is_named = ts_node_is_named(node.node);
  node.is_missing = ts_node_is_missing(node.node);
  node.is_error = node.symbol == ts_builtin_sym_error;
  node_look(self, &node);
  if (can_begin) begin_patterns(self, &node);

  level = &self->levels.contents[self->depth];
  CursorIds passed = level->ids;
  level->ids = self->passed;
  array_clear(&level->ids);
  self->passed = passed;
  for (uint32_t i = 0; i < passed.size; i++) state_meet(self, passed.contents[i], &node);
  if (self->done.size && self->is_changed) finish_done(self);
}

/* Release the states that wait below a depth: what they waited for did not come. */
static void release_below(RepomapCursor *self, uint32_t n_levels_kept) {
  for (uint32_t depth = n_levels_kept; depth <= self->top && depth < self->levels.size; depth++) {
    CursorLevel *level = &self->levels.contents[depth];
    for (uint32_t i = 0; i < level->ids.size; i++) state_release(self, level->ids.contents[i]);
    array_clear(&level->ids);
    level->is_dirty = false;
  }
  if (self->top >= n_levels_kept) self->top = n_levels_kept ? n_levels_kept - 1 : 0;
}

static void node_leave(RepomapCursor *self) {
  uint32_t n_kept = 0;
  release_below(self, self->depth + 1);
  for (uint32_t i = 0; i < self->done.size; i++) {
    uint32_t id = self->done.contents[i];
    cursor_count(self);
    if (self->depth == 0 || state_at(self, id)->start_depth > self->depth) {
      array_push(&self->finished, id);
    } else {
      self->done.contents[n_kept++] = id;
    }
  }
  self->done.size = n_kept;
}

/* From node to node */

static void go_to_parent(RepomapCursor *self) {
  if (self->on_visible_node) self->depth--;
  self->on_visible_node = true;
  if (!ts_tree_cursor_goto_parent(&self->tree_cursor)) {
    release_below(self, 0);
    self->is_halted = true;
  }
}

static void go_on(RepomapCursor *self) {
  switch (ts_tree_cursor_goto_next_sibling_internal(&self->tree_cursor)) {
    case TreeCursorStepVisible:
      if (!self->on_visible_node) self->depth++;
      self->on_visible_node = true;
      self->is_ascending = false;
      break;
    case TreeCursorStepHidden:
      if (self->on_visible_node) self->depth--;
      self->on_visible_node = false;
      self->is_ascending = false;
      break;
    default:
      go_to_parent(self);
  }
}

static bool is_any_below(RepomapCursor *self) {
  while (self->top > self->depth && !self->levels.contents[self->top].ids.size) self->top--;
  return self->top > self->depth;
}

static bool go_down(RepomapCursor *self) {
  switch (ts_tree_cursor_goto_first_child_internal(&self->tree_cursor)) {
    case TreeCursorStepVisible:
      self->depth++;
      self->on_visible_node = true;
      return true;
    case TreeCursorStepHidden:
      self->on_visible_node = false;
      return true;
    default:
      return false;
  }
}

/* Whether no sibling to come can change anything: none begins a pattern, no state waits for one. */
static bool are_siblings_idle(const RepomapCursor *self) {
  uint32_t depth = self->depth + !self->on_visible_node;
  return self->is_only_here && depth && !self->done.size &&
         (depth >= self->levels.size || !self->levels.contents[depth].ids.size);
}

static void cursor_move(RepomapCursor *self) {
  if (self->is_ascending) {
    if (self->on_visible_node) node_leave(self);
    go_on(self);
    return;
  }
  if (self->on_visible_node) {
    node_enter(self);
  } else {
    cursor_count(self);
  }
  if (!self->is_only_here || is_any_below(self)) {
    if (go_down(self)) return;
  } else if (are_siblings_idle(self)) {
    go_to_parent(self);
  }
  self->is_ascending = true;
}

static RepomapCursor *cursor_new(Arena *arena, const TSQuery *query) {
  RepomapCursor *self = (RepomapCursor *)ts_calloc(1, sizeof *self);
  self->arena = arena;
  self->query = query;
  self->free_state = NO_STATE;
  self->free_list = NO_LIST;
  self->chains = (uint32_t *)ts_malloc((query->patterns.size + 1) * sizeof *self->chains);
  memset(self->chains, 0xFF, query->patterns.size * sizeof *self->chains);
  return self;
}

ArenaVerdict repomap_cursor_start(
  Arena *arena, RepomapCursor **cursor, const TSQuery *query, TSNode node, bool is_only_here
) {
  ArenaVerdict verdict = (ArenaVerdict)setjmp(arena->leave);
  if (verdict == ARENA_RUNNING) {
    current_arena = arena;
    if (!*cursor) *cursor = cursor_new(arena, query);
    RepomapCursor *self = *cursor;
    ts_tree_cursor_reset(&self->tree_cursor, node);
    self->is_only_here = is_only_here;
    self->depth = self->top = 0;
    self->on_visible_node = true;
    self->is_ascending = self->is_halted = false;
  }
  current_arena = NULL;
  return verdict;
}

ArenaVerdict repomap_cursor_next(Arena *arena, RepomapCursor *self, RepomapMatch *match_out, bool *is_found_out) {
  *is_found_out = false;
  ArenaVerdict verdict = (ArenaVerdict)setjmp(arena->leave);
  if (verdict == ARENA_RUNNING) {
    current_arena = arena;
    if (self->n_taken) state_release(self, self->finished.contents[self->n_taken - 1]);
    while (self->n_taken == self->finished.size && !self->is_halted) {
      array_clear(&self->finished);
      self->n_taken = 0;
      cursor_move(self);
    }
    if (self->n_taken < self->finished.size) {
      const CursorState *state = state_at(self, self->finished.contents[self->n_taken++]);
      match_out->pattern_index = state->pattern_index;
      match_out->captures = captures_of(self, state);
      match_out->capture_count = state->n_captures;
      *is_found_out = true;
    } else {
      array_clear(&self->finished);
      self->n_taken = 0;
    }
  }
  current_arena = NULL;
  return verdict;
}
