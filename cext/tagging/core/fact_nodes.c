/* Included by core.c, behind facts.c: what the nodes of a tree say, from the leaves upwards. */

/* Whether a node of this kind has its children's chains made although nobody asks for its own. */
static REPOMAP_INLINE bool fact_always_wants(uint8_t action) { return action == FACT_DO_MEMBER || action >= FACT_DO_DECORATED; }

static REPOMAP_INLINE bool fact_is_chain_slot(uint8_t slot) {
  return (slot >= FACT_SLOT_BASE && slot <= FACT_SLOT_ARGUMENT) || slot == FACT_SLOT_RESULT ||
         slot == FACT_SLOT_BODY_VALUE || slot == FACT_SLOT_DECORATOR;
}

static REPOMAP_INLINE FactFrame *fact_frame(UseFinder *finder, uint32_t depth) { return &finder->facts.frames[depth]; }

/* The last name of a chain, and its size in bytes; NULL where it has none. */
static const uint8_t *fact_last_name(const UseFinder *finder, uint32_t chain, size_t *size_out) {
  if (chain == FACT_NONE) return NULL;
  const FactChain *last = &finder->facts.chains[chain - 1];
  if (last->op != FACT_NAME && last->op != FACT_MEMBER) return NULL;
  *size_out = (size_t)(finder->names.offsets[last->second + 1] - finder->names.offsets[last->second]);
  return finder->names.bytes.contents + finder->names.offsets[last->second];
}

static bool fact_is_named(const UseFinder *finder, uint32_t chain, const char *name) {
  size_t size;
  const uint8_t *text = fact_last_name(finder, chain, &size);
  return text && strlen(name) == size && memcmp(name, text, size) == 0;
}

/* What the call of a chain's last name gives, by the table of the language: its UseCall, or NULL. */
static const UseCall *fact_call_of(const UseFinder *finder, const UseRules *rules, uint32_t chain) {
  for (int i = 0; i < USE_MAX_CALLS && rules->calls[i].name; i++) {
    if (fact_is_named(finder, chain, rules->calls[i].name)) return &rules->calls[i];
  }
  return NULL;
}

static uint8_t fact_flags_of_decorator(const UseFinder *finder, uint32_t chain) {
  if (chain != FACT_NONE && finder->facts.chains[chain - 1].op == FACT_CALL) chain = finder->facts.chains[chain - 1].base;
  for (size_t i = 0; i < sizeof fact_decorators / sizeof *fact_decorators; i++) {
    if (fact_is_named(finder, chain, fact_decorators[i].name)) return fact_decorators[i].flags;
  }
  return 0;
}

/* Give a node's child, which is known now, to the node. */
static bool fact_deliver(UseFinder *finder, Arena *arena, const UseContext *around, uint8_t slot, uint32_t chain) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, around->frame);
  switch (slot) {
    case FACT_SLOT_BASE: frame->base = chain; return true;
    case FACT_SLOT_SECOND:
    case FACT_SLOT_ARGUMENTS: frame->second = chain; return true;
    case FACT_SLOT_TYPE: frame->type = chain; return true;
    case FACT_SLOT_VALUE: frame->value = chain; return true;
    case FACT_SLOT_UNION: return fact_one_of(facts, arena, frame->base, chain, &frame->base);
    case FACT_SLOT_ARGUMENT:
      if (frame->has_bases) return fact_base(facts, arena, frame->scope, chain, FACT_BASE);
      return fact_chain(facts, arena, FACT_ARGUMENT, chain, frame->second, &frame->second);
    case FACT_SLOT_TARGET: frame->end_binding = (uint32_t)facts->n_bindings; return true;
    case FACT_SLOT_RESULT: {
      FactScope *scope = &facts->scopes[frame->scope];
      scope->has_written_result = true;
      return fact_chain_on(facts, arena, FACT_INSTANCE, chain, 0, &scope->result);
    }
    case FACT_SLOT_BODY_VALUE: return fact_add_result(facts, arena, frame->scope, chain);
    case FACT_SLOT_DECORATOR: frame->flags |= fact_flags_of_decorator(finder, chain); return true;
    default: return true;
  }
}

/* Give the bindings of a node's target, whose value is known now, what they are. */
static void fact_settle_bindings(Facts *facts, size_t first, size_t end, uint32_t chain, uint8_t flags) {
  for (size_t i = first; i < end && i < facts->n_bindings; i++) {
    if (facts->bindings[i].chain != FACT_UNSET) continue;
    facts->bindings[i].chain = chain;
    facts->bindings[i].flags |= flags;
  }
}

static bool fact_declare(UseFinder *finder, Arena *arena, const UseContext *left, bool is_raised, uint32_t *chain_out) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, left->frame);
  uint32_t chain = frame->value;
  uint8_t op = is_raised ? FACT_RAISED : left->rule->data;
  if (frame->type) {
    if (!fact_chain(facts, arena, FACT_INSTANCE, frame->type, 0, &chain)) return false;
  } else if (op && !fact_chain_on(facts, arena, op, chain, 0, &chain)) {
    return false;
  }
  uint8_t flags = (frame->type ? FACT_IS_TYPED : 0) | (left->in_parameters && frame->value ? FACT_IS_OPTIONAL : 0);
  fact_settle_bindings(facts, frame->first_binding, frame->end_binding, chain, flags);
  *chain_out = chain;
  return true;
}

/* The arguments of a subscript: one is a type's argument, or a key that does not matter. */
static bool fact_item(UseFinder *finder, Arena *arena, const UseContext *left, uint32_t *chain_out) {
  const FactFrame *frame = fact_frame(finder, left->frame);
  bool is_type = left->in_type == USE_IN_TYPE;
  uint8_t op = is_type ? FACT_GENERIC : FACT_ITEM;
  return fact_chain_on(&finder->facts, arena, op, frame->base, is_type ? frame->second : 0, chain_out);
}

static bool fact_call(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *left, uint32_t *chain_out
) {
  const FactFrame *frame = fact_frame(finder, left->frame);
  const UseCall *call = fact_call_of(finder, rules, frame->base);
  if (!call) return fact_chain_on(&finder->facts, arena, FACT_CALL, frame->base, 0, chain_out);
  /* The list holds the last argument first. */
  uint32_t first = frame->second;
  while (first && finder->facts.chains[first - 1].second) first = finder->facts.chains[first - 1].second;
  first = first ? finder->facts.chains[first - 1].base : FACT_NONE;
  *chain_out = first;
  return call->op != FACT_INSTANCE || fact_chain_on(&finder->facts, arena, FACT_INSTANCE, first, 0, chain_out);
}

/* What a node is, which ends at `end` and of which all children are known. */
static bool fact_of_node(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *left, const UseContext *around, uint32_t end,
  const uint8_t *text, uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, left->frame);
  switch (left->action) {
    case FACT_DO_SELF: return fact_chain(facts, arena, FACT_SELF, 0, 0, chain_out);
    case FACT_DO_SUPER: return fact_chain(facts, arena, FACT_SUPER, 0, 0, chain_out);
    case FACT_DO_LITERAL: return fact_chain(facts, arena, FACT_LITERAL, left->rule->data, 0, chain_out);
    case FACT_DO_STRING:
      if (left->in_type != USE_IN_TYPE) return fact_chain(facts, arena, FACT_LITERAL, FACT_STRING, 0, chain_out);
      return fact_type_string(finder, arena, frame, left->scope, end, text, chain_out);
    case FACT_DO_PASS: *chain_out = left->rule->data && left->in_type != USE_IN_TYPE ? FACT_NONE : frame->base; return true;
    case FACT_DO_TYPE: *chain_out = frame->base; return true;
    case FACT_DO_LIST: *chain_out = frame->second; return true;
    case FACT_DO_OP: return fact_chain_on(facts, arena, left->rule->data, frame->base, 0, chain_out);
    case FACT_DO_MEMBER: {
      /* A name with dots has several: each is a member of those before it, and that is the base by now. */
      if (!frame->name) *chain_out = frame->base;
      if (!frame->name || !left->wants) return true;
      return fact_chain_on(facts, arena, FACT_MEMBER, frame->base, frame->name - 1, chain_out);
    }
    case FACT_DO_CALL: return fact_call(finder, arena, rules, left, chain_out);
    case FACT_DO_ITEM: return fact_item(finder, arena, left, chain_out);
    case FACT_DO_GENERIC: return fact_chain_on(facts, arena, FACT_GENERIC, frame->base, frame->second, chain_out);
    case FACT_DO_KEYWORD: {
      const FactFrame *outer = fact_frame(finder, around->frame);
      bool is_metaclass = frame->flags && around->action == FACT_DO_LIST && outer->has_bases;
      return !is_metaclass || fact_base(facts, arena, outer->scope, frame->base, FACT_METACLASS);
    }
    case FACT_DO_DECORATOR:
      if (around->action == FACT_DO_DECORATED) {
        fact_frame(finder, around->frame)->flags |= fact_flags_of_decorator(finder, frame->base);
      }
      return true;
    case FACT_DO_PATTERN:
      fact_settle_bindings(facts, frame->first_binding, facts->n_bindings, FACT_NONE, 0);
      return true;
    case FACT_DO_DECLARE: return fact_declare(finder, arena, left, around->action == FACT_DO_EXCEPT, chain_out);
    case FACT_DO_RETURN: return fact_add_result(facts, arena, left->bind_scope, frame->base);
    case FACT_DO_BLOCK:
      if (left->rule->data) return fact_chain(facts, arena, FACT_LITERAL, left->rule->data, 0, chain_out);
      return fact_chain(facts, arena, FACT_SCOPE, frame->scope, 0, chain_out);
    default: return true;
  }
}

/* The walk leaves a node, which ends at `end`. */
static bool fact_leave(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *left, const UseContext *around, uint32_t end,
  const uint8_t *text
) {
  uint32_t chain = FACT_NONE;
  if (left->opens && !fact_event(&finder->facts, arena, end, around->scope)) return false;
  if (left->action && !fact_of_node(finder, arena, rules, left, around, end, text, &chain)) return false;
  return !left->slot || fact_deliver(finder, arena, around, left->slot, chain);
}

static uint8_t fact_scope_kind(uint8_t action) {
  return action == FACT_DO_CLASS ? FACT_IN_CLASS : action == FACT_DO_BLOCK ? FACT_IN_BLOCK : FACT_IN_FUNCTION;
}

/* The walk enters a node: make its frame, and the scope that it opens. `inner` is its context so far. */
static bool fact_enter(
  UseFinder *finder, Arena *arena, const UseContext *around, Length position, uint32_t depth, UseContext *inner
) {
  Facts *facts = &finder->facts;
  size_t n_frames = depth + 1;
  if (!fact_reserve((void **)&facts->frames, &facts->frames_capacity, n_frames, sizeof(FactFrame), arena)) return false;
  FactFrame *frame = &facts->frames[depth];
  *frame = (FactFrame){
    .first_binding = (uint32_t)facts->n_bindings,
    .start = position.bytes,
    .row = position.extent.row,
    .column = position.extent.column,
  };
  inner->frame = depth;
  if (inner->action == FACT_DO_TYPE && !inner->in_type) inner->in_type = USE_IN_TYPE;
  if (inner->slot == FACT_SLOT_PARAMETERS) inner->in_parameters = true;
  if (inner->slot == FACT_SLOT_BASES) {
    frame->has_bases = true;
    frame->scope = fact_frame(finder, around->frame)->scope;
  }
  bool opens = inner->action == FACT_DO_FUNCTION || inner->action == FACT_DO_BLOCK || inner->action == FACT_DO_CLASS;
  if (!opens) return true;
  if (!fact_new_scope(facts, arena, around->bind_scope, fact_scope_kind(inner->action), &frame->scope)) return false;
  if (around->action == FACT_DO_DECORATED) frame->flags = fact_frame(finder, around->frame)->flags;
  facts->scopes[frame->scope].is_static = (frame->flags & FACT_IS_STATIC) != 0;
  inner->bind_scope = frame->scope;
  inner->in_type = USE_IN_VALUE;
  inner->in_parameters = false;
  if (inner->rule->has_body) return true;
  inner->scope = frame->scope;
  inner->opens = true;
  return fact_event(facts, arena, position.bytes, frame->scope);
}

/* A child is the body of a node: its names stand in the node's scope. */
static bool fact_enter_body(UseFinder *finder, Arena *arena, const UseContext *around, uint32_t start, UseContext *inner) {
  inner->scope = fact_frame(finder, around->frame)->scope;
  inner->opens = true;
  return fact_event(&finder->facts, arena, start, inner->scope);
}

/* Note that a name is bound. */
static bool fact_bind_name(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, uint8_t part, Length position,
  uint32_t name
) {
  Facts *facts = &finder->facts;
  uint32_t scope = around->bind_scope;
  FactBinding binding = {
    .start = position.bytes,
    .row = position.extent.row,
    .name = name,
    .scope = scope,
    .eval_scope = around->scope,
    .chain = FACT_UNSET,
    .kind = part == USE_IMPORT        ? FACT_IMPORTED
            : around->in_parameters   ? FACT_PARAMETER_OF
            : !around->binds          ? FACT_DEFINED
                                      : FACT_LOCAL,
  };
  if (part == USE_IMPORT) binding.chain = FACT_NONE;
  if (binding.kind == FACT_PARAMETER_OF && !facts->scopes[scope].has_parameters) {
    facts->scopes[scope].has_parameters = true;
    if (rules->has_named_self && fact_is_method(facts, scope)) {
      facts->scopes[scope].self_name = name + 1;
      if (!fact_chain(facts, arena, FACT_SELF, 0, 0, &binding.chain)) return false;
    }
  }
  return fact_bind(facts, arena, binding);
}

/* Note that a member of the object whose method this is, known by a name there, is assigned. */
static bool fact_bind_attribute(
  UseFinder *finder, Arena *arena, const UseContext *around, uint32_t receiver, Length position, uint32_t name
) {
  Facts *facts = &finder->facts;
  if (receiver == FACT_NONE || facts->chains[receiver - 1].op != FACT_NAME) return true;
  uint32_t method = fact_method_of(facts, around->bind_scope, facts->chains[receiver - 1].second);
  if (!method) return true;
  FactBinding binding = {
    .start = position.bytes,
    .row = position.extent.row,
    .name = name,
    .scope = facts->scopes[method].parent,
    .eval_scope = around->scope,
    .chain = FACT_UNSET,
    .kind = FACT_ATTRIBUTE,
  };
  return fact_bind(facts, arena, binding);
}

/* The name of what a node defines: its scope is known by it. */
static bool fact_name_scope(UseFinder *finder, Arena *arena, const UseContext *around, Length position) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, around->frame);
  facts->scopes[frame->scope].name_start = position.bytes;
  if (!frame->flags) return true;
  FactBinding binding = {
    .start = position.bytes,
    .row = position.extent.row,
    .scope = facts->scopes[frame->scope].parent,
    .eval_scope = facts->scopes[frame->scope].parent,
    .kind = FACT_DEFINED,
    .flags = frame->flags,
  };
  return fact_bind(facts, arena, binding);
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
