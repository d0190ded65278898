/* Included by core.c, behind fact_nodes.c: the frames and scopes of nodes that the walk enters. */

static uint8_t fact_scope_kind(uint8_t action, uint8_t data) {
  if (action == FACT_DO_CLASS && data) return data;
  return action == FACT_DO_CLASS ? FACT_IN_CLASS : action == FACT_DO_FUNCTION ? FACT_IN_FUNCTION : FACT_IN_BLOCK;
}

/* Whether a node may stand for an object that is given to something: in brackets, as an item, by a condition. */
static bool fact_may_be_given(uint8_t action) {
  return action == FACT_DO_PASS || action == FACT_DO_EITHER || action == FACT_DO_CAST || action == FACT_DO_ITEMS;
}

/* Whether what stands in a node is given to something, although nobody asks what it is. */
static bool fact_is_given(uint8_t action) { return action == FACT_DO_GIVE || fact_may_be_given(action); }

/* What an object, or a function without a name, has to be: of the type that is written of what it is given to. */
static bool fact_expect(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, uint8_t slot, uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  FactFrame *outer = fact_frame(finder, around->frame);
  if (around->action == FACT_DO_RETURN || slot == FACT_SLOT_GIVEN) {
    const FactScope *function = &facts->scopes[facts->scopes[around->bind_scope].function];
    uint32_t result = function->result;
    if (!function->has_written_result && !fact_chain_on(facts, arena, FACT_CALL, function->expected, 0, &result)) {
      return false;
    }
    *chain_out = result;
    return !rules->awaits || fact_chain_on(facts, arena, FACT_AWAITED, result, 0, chain_out);
  }
  if (around->action == FACT_DO_ATTRIBUTE) {
    return !outer->name || fact_chain_on(facts, arena, FACT_MEMBER, outer->base, outer->name - 1, chain_out);
  }
  if (around->action == FACT_DO_GIVE) {
    return fact_chain_on(facts, arena, FACT_PARAMETER, outer->base, outer->n_children - 1, chain_out);
  }
  if (around->action == FACT_DO_ITEMS) {
    return fact_chain_on(facts, arena, FACT_ITEM, outer->expected, 0, chain_out);
  }
  if (around->action == FACT_DO_CAST) {
    if (!outer->has_hole && facts->n_holes == FACT_MOST_HOLES) return true;
    facts->n_holes += !outer->has_hole;
    outer->has_hole = true;
    return fact_chain(facts, arena, FACT_HOLE, 0, 0, chain_out);
  }
  bool passes = around->action == FACT_DO_PASS || around->action == FACT_DO_EITHER || around->action == FACT_DO_ASSIGN;
  if (passes) *chain_out = outer->expected;
  bool is_literal = around->action == FACT_DO_OP || around->action == FACT_DO_NEW;
  if (is_literal) return fact_chain_on(facts, arena, FACT_INSTANCE, outer->base, 0, chain_out);
  if (around->action != FACT_DO_DECLARE && around->action != FACT_DO_INITIALIZER) return true;
  *chain_out = outer->expected;
  return outer->type == FACT_NONE || fact_chain(facts, arena, FACT_INSTANCE, outer->type, 0, chain_out);
}

/* A parameter that is taken apart is one without a name; what it binds is none. */
static bool fact_bind_pattern(UseFinder *finder, Arena *arena, Length position, UseContext *inner) {
  inner->in_parameters = false;
  uint32_t name = fact_intern(finder, arena, (const uint8_t *)"", 0);
  return name != INTERNER_FULL && fact_bind(&finder->facts, arena, (FactBinding){
    .start = position.bytes,
    .row = position.extent.row,
    .name = name,
    .scope = inner->bind_scope,
    .eval_scope = inner->scope,
    .chain = FACT_UNSET,
    .kind = FACT_PARAMETER_OF,
  });
}

/* The walk enters a node: make its frame, and the scope that it opens. `inner` is its context so far. */
static bool fact_enter(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, Length position, UseContext *inner
) {
  Facts *facts = &finder->facts;
  size_t n_frames = facts->n_frames + 1;
  if (!fact_reserve((void **)&facts->frames, &facts->frames_capacity, n_frames, sizeof(FactFrame), arena)) return false;
  inner->frame = (uint32_t)facts->n_frames++;
  FactFrame *frame = fact_frame(finder, inner->frame);
  *frame = (FactFrame){
    .first_binding = (uint32_t)facts->n_bindings,
    .start = position.bytes,
    .row = position.extent.row,
    .column = position.extent.column,
  };
  if (inner->action == FACT_DO_TYPE && !inner->in_type) inner->in_type = USE_IN_TYPE;
  if (inner->slot == FACT_SLOT_PARAMETERS) inner->in_parameters = true;
  if (inner->slot == FACT_SLOT_BASES) {
    frame->has_bases = true;
    frame->scope = fact_frame(finder, around->frame)->scope;
  }
  const FactFrame *outer = fact_frame(finder, around->frame);
  if (inner->action == FACT_DO_UNPACK) {
    if (around->action == FACT_DO_UNPACK) {
      if (!fact_part(facts, arena, around, outer, &frame->base)) return false;
    } else if (!fact_chain(facts, arena, FACT_HOLE, 0, 0, &frame->base)) {
      return false;
    }
  }
  /* An entry is a member of what its object has to be. */
  if (inner->action == FACT_DO_DECLARE && outer->is_object && around->action == FACT_DO_CLASS) {
    frame->base = outer->expected;
  }
  bool is_in_object = outer->is_object && around->action == FACT_DO_CLASS;
  bool may_be_expected = fact_may_be_given(inner->action) || inner->action == FACT_DO_FUNCTION ||
                         inner->action == FACT_DO_BLOCK;
  if (inner->action == FACT_DO_CLASS && inner->rule->data == FACT_IN_OBJECT) {
    frame->is_object = true;
    if (!fact_expect(finder, arena, rules, around, inner->slot, &frame->expected)) return false;
  } else if (rules->expects && may_be_expected) {
    if (is_in_object) frame->expected = outer->expected;
    else if (!fact_expect(finder, arena, rules, around, inner->slot, &frame->expected)) return false;
  }
  if (inner->action == FACT_DO_CAST) frame->first_use = (uint32_t)finder->n;
  if (inner->action == FACT_DO_ATTRIBUTE && !fact_attributes_of(finder, arena, outer->base, &frame->base)) return false;
  if (inner->action == FACT_DO_GIVE && around->action == FACT_DO_APPLY) frame->base = outer->base;
  if (inner->action == FACT_DO_UNPACK && inner->in_parameters && !fact_bind_pattern(finder, arena, position, inner)) {
    return false;
  }
  if (inner->slot == FACT_SLOT_MEMBER && around->action == FACT_DO_MEMBER) frame->prefix = outer->base;
  if (inner->action == FACT_DO_MEMBER && inner->rule->data == FACT_SELF &&
      !fact_chain(facts, arena, FACT_SELF, 0, 0, &frame->base)) {
    return false;
  }
  if (inner->action == FACT_DO_INITIALIZER) {
    if (!fact_expect(finder, arena, rules, around, inner->slot, &frame->expected)) return false;
    bool is_item = inner->rule->data == FACT_ITEM && around->action == FACT_DO_INITIALIZER;
    if (is_item && !fact_chain_on(facts, arena, FACT_ITEM, frame->expected, 0, &frame->expected)) return false;
  }
  if (inner->action == FACT_DO_DESIGNATOR) frame->base = outer->expected;
  if (inner->action == FACT_DO_DECLARE && around->action == FACT_DO_DECLARE &&
      !fact_chain_on(facts, arena, FACT_INSTANCE, outer->type, 0, &frame->expected)) {
    return false;
  }
  if (inner->slot == FACT_SLOT_METHOD_OF) inner->in_parameters = true;
  bool opens = inner->action >= FACT_DO_FUNCTION;
  if (!opens) return true;
  FactScopeKind kind = fact_scope_kind(inner->action, inner->rule->data);
  if (!fact_new_scope(facts, arena, around->bind_scope, kind, &frame->scope)) return false;
  bool is_of_class = around->action == FACT_DO_NEW && frame->is_object;
  if (is_of_class) {
    fact_frame(finder, around->frame)->scope = frame->scope;
    if (!fact_base(facts, arena, frame->scope, outer->base, FACT_BASE)) return false;
  }
  if (around->action == FACT_DO_DECORATED) frame->flags = fact_frame(finder, around->frame)->flags;
  if (inner->action >= FACT_DO_BRACES && inner->action <= FACT_DO_CASE) {
    facts->scopes[frame->scope].is_braces = true;
    facts->scopes[frame->scope].function = facts->scopes[around->bind_scope].function;
  }
  facts->scopes[frame->scope].is_static = (frame->flags & FACT_IS_STATIC) != 0;
  bool is_function = inner->action == FACT_DO_FUNCTION || inner->action == FACT_DO_BLOCK;
  if (is_function && finder->doc_text && !fact_doc_of_function(finder, arena, position.bytes, frame->scope)) {
    return false;
  }
  if (!is_in_object && inner->action != FACT_DO_CLASS) facts->scopes[frame->scope].expected = frame->expected;
  inner->bind_scope = frame->scope;
  inner->in_type = USE_IN_VALUE;
  inner->in_parameters = false;
  if (inner->rule->has_body) return true;
  inner->scope = frame->scope;
  inner->opens = true;
  return fact_event(facts, arena, position.bytes, frame->scope);
}

/* A child is the body of a node: its names stand in the node's scope. */
static bool fact_enter_body(
  UseFinder *finder, Arena *arena, const UseContext *around, uint32_t start, UseContext *inner
) {
  inner->scope = fact_frame(finder, around->frame)->scope;
  inner->opens = true;
  return fact_event(&finder->facts, arena, start, inner->scope);
}

/* A name that stands behind a dot: its receiver, and what the node has gathered so far. */
static bool fact_pass_member(
  UseFinder *finder, Arena *arena, const UseContext *around, uint32_t name, uint32_t *receiver_out
) {
  FactFrame *frame = fact_frame(finder, around->frame);
  if (frame->name && !fact_chain_on(&finder->facts, arena, FACT_MEMBER, frame->base, frame->name - 1, &frame->base)) {
    return false;
  }
  frame->name = name + 1;
  *receiver_out = frame->base;
  return true;
}
