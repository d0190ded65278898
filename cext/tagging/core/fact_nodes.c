/* Included by core.c, behind facts.c: what the nodes of a tree say, from the leaves upwards. */

static bool use_bind(UseFinder *finder, Arena *arena, uint32_t scope, uint32_t name, uint8_t is);
static bool use_add(UseFinder *finder, Arena *arena, Use use);

/* Whether a node of this kind has its children's chains made although nobody asks for its own. */
static REPOMAP_INLINE bool fact_always_wants(uint8_t action) {
  return action == FACT_DO_MEMBER || action >= FACT_DO_DECORATED;
}

/* Whether the chains of a node's children are made. */
static REPOMAP_INLINE bool fact_asks(const UseContext *around) {
  return around->wants || (fact_always_wants(around->action) && around->action != FACT_DO_GIVE);
}

static REPOMAP_INLINE bool fact_is_chain_slot(uint8_t slot) {
  return (slot >= FACT_SLOT_BASE && slot <= FACT_SLOT_ARGUMENT) || slot == FACT_SLOT_RESULT ||
         slot == FACT_SLOT_BODY_VALUE || slot == FACT_SLOT_GIVEN || slot == FACT_SLOT_HERITAGE ||
         slot == FACT_SLOT_METHOD_OF || slot == FACT_SLOT_EXPECTED || slot == FACT_SLOT_DECORATOR ||
         slot == FACT_SLOT_INDEX;
}

static REPOMAP_INLINE FactFrame *fact_frame(UseFinder *finder, uint32_t number) {
  return &finder->facts.frames[number];
}

/* Make the first frame, which stands for none: contexts that have no frame of their own have its number. */
static bool fact_no_frame(Facts *facts, Arena *arena) {
  if (!fact_reserve((void **)&facts->frames, &facts->frames_capacity, 1, sizeof(FactFrame), arena)) return false;
  facts->frames[0] = (FactFrame){0};
  facts->n_frames = 1;
  return true;
}

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
  if (chain != FACT_NONE && finder->facts.chains[chain - 1].op == FACT_CALL) {
    chain = finder->facts.chains[chain - 1].base;
  }
  if (chain != FACT_NONE && finder->facts.chains[chain - 1].op == FACT_GIVEN) {
    chain = finder->facts.chains[chain - 1].base;
  }
  for (size_t i = 0; i < sizeof fact_decorators / sizeof *fact_decorators; i++) {
    if (fact_is_named(finder, chain, fact_decorators[i].name)) return fact_decorators[i].flags;
  }
  return 0;
}

/* The type of the one parameter of a list. */
static uint32_t fact_type_of_object(const Facts *facts, uint32_t list) {
  uint32_t chain = list;
  if (chain != FACT_NONE && facts->chains[chain - 1].op == FACT_ARGUMENT) chain = facts->chains[chain - 1].base;
  if (chain != FACT_NONE && facts->chains[chain - 1].op == FACT_INSTANCE) chain = facts->chains[chain - 1].base;
  return chain == list ? FACT_NONE : chain;
}

/* Whether the operator behind the left operand, which ends at `end`, gives one of its operands; true at the right
 * one. */
static bool fact_is_either(const UseFinder *finder, uint32_t end, const uint8_t *text) {
  while (end < finder->text_size && (text[end] == ' ' || text[end] == '\n' || text[end] == '\r' || text[end] == '\t')) {
    end++;
  }
  if (end + 1 >= finder->text_size) return true;
  uint8_t first = text[end], second = text[end + 1];
  bool is_operator = first && strchr("+-*/%<>=!^&|?", first);
  return !is_operator || (first == second && (first == '|' || first == '&' || first == '?'));
}

/* The member that an assignment is to, if it is to one. */
static void fact_take_member(Facts *facts, FactFrame *frame) {
  frame->member_start = facts->member_start;
  facts->member_start = 0;
}

/* A function without a name that is assigned to a member is known by the member's name. */
static void fact_name_by_member(Facts *facts, const FactFrame *frame, uint32_t chain) {
  if (!frame->member_start || chain == FACT_NONE || facts->chains[chain - 1].op != FACT_SCOPE) return;
  FactScope *scope = &facts->scopes[facts->chains[chain - 1].base];
  if (scope->name_start == FACT_NO_START) scope->name_start = frame->member_start;
}

/* A type with arguments, if there are any. */
static bool fact_generic(Facts *facts, Arena *arena, uint32_t base, uint32_t arguments, uint32_t *chain_out) {
  *chain_out = base;
  return !arguments || fact_chain_on(facts, arena, FACT_GENERIC, base, arguments, chain_out);
}

/* The arguments of a call, without the last ones that say nothing of a type; none where they are too many. */
static uint32_t fact_given(const Facts *facts, const FactFrame *frame) {
  uint32_t n = 0, list = frame->second;
  for (uint32_t at = list; at != FACT_NONE; at = facts->chains[at - 1].second) n++;
  if (n != frame->n_children || n > FACT_MOST_GIVEN) return FACT_NONE;
  for (; list != FACT_NONE; list = facts->chains[list - 1].second) {
    uint32_t last = facts->chains[list - 1].base;
    if (last != FACT_NONE && facts->chains[last - 1].op != FACT_LITERAL) break;
  }
  return list;
}

/* What a call is of: with its arguments, unless those of its type are written. */
static bool fact_called_with(Facts *facts, Arena *arena, FactFrame *frame) {
  if (frame->base == FACT_NONE || !fact_is_list(facts, frame->second)) return true;
  if (facts->chains[frame->base - 1].op == FACT_GENERIC) return true;
  return fact_chain(facts, arena, FACT_GIVEN, frame->base, frame->second, &frame->base);
}

/* Give a node's child, which ends at `end` and is known now, to the node. */
static bool fact_deliver(
  UseFinder *finder, Arena *arena, const UseContext *around, uint8_t slot, uint32_t chain, uint32_t end,
  const uint8_t *text
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, around->frame);
  switch (slot) {
    case FACT_SLOT_BASE:
      frame->base = chain;
      frame->has_base = true;
      return true;
    case FACT_SLOT_SECOND:
      /* What is called is generic: it has these arguments. */
      if (around->action == FACT_DO_APPLY) return fact_generic(facts, arena, frame->base, chain, &frame->base);
      frame->second = chain;
      return true;
    case FACT_SLOT_ARGUMENTS: frame->second = chain; return true;
    case FACT_SLOT_TYPE: frame->type = chain; return true;
    case FACT_SLOT_VALUE: frame->value = chain; return true;
    case FACT_SLOT_UNION:
      if (around->action == FACT_DO_EITHER) frame->flags |= !fact_is_either(finder, end, text);
      return fact_one_of(facts, arena, frame->base, chain, &frame->base);
    case FACT_SLOT_ARGUMENT:
      if (frame->has_bases) return fact_base(facts, arena, frame->scope, chain, FACT_BASE);
      return fact_chain(facts, arena, FACT_ARGUMENT, chain, frame->second, &frame->second);
    case FACT_SLOT_TARGET:
      frame->end_binding = (uint32_t)facts->n_bindings;
      frame->end_use = (uint32_t)finder->n;
      fact_take_member(facts, frame);
      return true;
    case FACT_SLOT_RESULT: {
      FactScope *scope = &facts->scopes[frame->scope];
      scope->has_written_result = true;
      scope->result = chain;
      /* Several types are a list of instances already. */
      bool is_list = chain != FACT_NONE && facts->chains[chain - 1].op == FACT_ARGUMENT;
      return is_list || fact_chain_on(facts, arena, FACT_INSTANCE, chain, 0, &scope->result);
    }
    case FACT_SLOT_GIVEN: return chain == FACT_NONE || fact_add_result(facts, arena, frame->scope, chain);
    case FACT_SLOT_HERITAGE: {
      bool is_known = around->action == FACT_DO_HERITAGE && around->rule->data < FACT_N_BASES;
      uint8_t kind = is_known ? around->rule->data : FACT_BASE;
      /* A method of an interface is no base of it. */
      bool is_scope = chain != FACT_NONE && facts->chains[chain - 1].op == FACT_SCOPE;
      if (is_scope && around->rule->data == FACT_IN_OBJECT) return true;
      return fact_base(facts, arena, around->bind_scope, chain, kind);
    }
    case FACT_SLOT_MEMBER: frame->base = chain; return true;
    case FACT_SLOT_EXPECTED:
      /* What stands behind a key has to be what the key names, or goes on as the node does. */
      if (around->rule->data != FACT_INSTANCE) frame->expected = chain;
      fact_take_member(facts, frame);
      return true;
    case FACT_SLOT_METHOD_OF:
      return fact_base(facts, arena, frame->scope, fact_type_of_object(facts, chain), FACT_METHOD_OF);
    case FACT_SLOT_SOURCE: facts->n_bindings = frame->first_binding; return true;
    case FACT_SLOT_BODY_VALUE: return fact_add_result(facts, arena, frame->scope, chain);
    case FACT_SLOT_DECORATOR: frame->flags |= fact_flags_of_decorator(finder, chain); return true;
    default: return true;
  }
}

/* What one of several names is that are declared together, of a value or of a list of them. */
static bool fact_share(
  Facts *facts, Arena *arena, uint32_t chain, size_t place, size_t n, bool is_type, uint32_t *chain_out
) {
  *chain_out = chain;
  if (fact_is_list(facts, chain)) {
    if (n > 1) *chain_out = fact_of_list(facts, chain, (uint32_t)place);
    return n > 1 || fact_chain(facts, arena, FACT_LITERAL, FACT_TUPLE, 0, chain_out);
  }
  return is_type || n == 1 || fact_chain_on(facts, arena, FACT_RESULT, chain, (uint32_t)place, chain_out);
}

/* Give the bindings of a node's target, whose value is known now, what they are. */
static bool fact_settle_bindings(
  Facts *facts, Arena *arena, size_t first, size_t end, uint32_t chain, uint8_t flags
) {
  size_t n = 0, place = 0;
  if (end > facts->n_bindings) end = facts->n_bindings;
  for (size_t i = first; i < end; i++) n += facts->bindings[i].chain == FACT_UNSET;
  for (size_t i = first; i < end; i++) {
    FactBinding *binding = &facts->bindings[i];
    if (binding->chain == FACT_UNSET) {
      bool is_type = (flags & FACT_IS_TYPED) != 0;
      if (!fact_share(facts, arena, chain, place++, n, is_type, &binding->chain)) return false;
      binding->flags |= flags;
    } else if (binding->chain != FACT_NONE && !fact_fill(facts, arena, binding->chain, chain, &binding->chain)) {
      return false;
    }
  }
  return true;
}

/* The same of the members that a pattern names. */
static bool fact_settle_uses(UseFinder *finder, Arena *arena, size_t first, size_t end, uint32_t chain) {
  for (size_t i = first; i < end && i < finder->n; i++) {
    uint32_t receiver = finder->uses[i].receiver;
    if (receiver <= FACT_UNKNOWN) continue;
    if (!fact_fill(&finder->facts, arena, receiver - 1, chain, &receiver)) return false;
    finder->uses[i].receiver = receiver ? 1 + receiver : FACT_UNKNOWN;
  }
  return true;
}

/* What stands in a cast is of the cast's type, or of what the cast has to be. */
static bool fact_settle_cast(UseFinder *finder, Arena *arena, const FactFrame *frame) {
  Facts *facts = &finder->facts;
  uint32_t chain = FACT_NONE;
  if (!frame->has_hole) return true;
  facts->n_holes--;
  if (!fact_chain_on(facts, arena, FACT_INSTANCE, frame->base, 0, &chain)) return false;
  if (chain == FACT_NONE) chain = frame->expected;
  for (size_t i = frame->first_binding; i < facts->n_bindings; i++) {
    uint32_t *bound = &facts->bindings[i].chain;
    if (*bound != FACT_UNSET && *bound != FACT_NONE && !fact_fill(facts, arena, *bound, chain, bound)) return false;
  }
  return fact_settle_uses(finder, arena, frame->first_use, finder->n, chain);
}

/* What a pattern's part is: of what the pattern stands for. */
static bool fact_part(
  Facts *facts, Arena *arena, const UseContext *pattern, const FactFrame *frame, uint32_t *chain_out
) {
  uint8_t op = pattern->rule->data;
  *chain_out = frame->base;
  if (op == FACT_ITEM) return fact_chain_on(facts, arena, op, frame->base, 0, chain_out);
  if (op == FACT_RESULT) return fact_chain_on(facts, arena, op, frame->base, frame->n_children - 1, chain_out);
  return op != FACT_MEMBER || !frame->name || fact_chain_on(facts, arena, op, frame->base, frame->name - 1, chain_out);
}

/* Bind a member of which the name is not known: it is computed, or any. */
static bool fact_bind_unnamed(UseFinder *finder, Arena *arena, const UseContext *left, const FactFrame *frame) {
  uint32_t chain = FACT_NONE, name = fact_intern(finder, arena, (const uint8_t *)"", 0);
  if (frame->type == FACT_NONE) return true;
  return name != INTERNER_FULL && fact_chain(&finder->facts, arena, FACT_INSTANCE, frame->type, 0, &chain) &&
         fact_bind(&finder->facts, arena, (FactBinding){
    .start = frame->start,
    .row = frame->row,
    .name = name,
    .scope = left->bind_scope,
    .eval_scope = left->scope,
    .chain = chain,
    .kind = FACT_DEFINED,
    .flags = FACT_IS_TYPED,
  });
}

static bool fact_declare(
  UseFinder *finder, Arena *arena, const UseContext *left, const UseContext *around, uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, left->frame);
  uint32_t chain = frame->value, type = frame->type, written = FACT_NONE;
  bool is_parameter_of_type = left->action == FACT_DO_TYPE_PARAMETER;
  if (is_parameter_of_type && !type) {
    type = frame->second;
    frame->second = FACT_NONE;
  }
  fact_name_by_member(facts, frame, chain);
  uint8_t op = around->action == FACT_DO_EXCEPT ? FACT_RAISED : left->rule->data;
  if (is_parameter_of_type) op = 0;
  if (!type && around->action == FACT_DO_DECLARE) type = fact_frame(finder, around->frame)->type;
  if (fact_is_named(finder, type, "var")) type = FACT_NONE;
  if (!type && finder->doc_text && !fact_doc_of_value(finder, arena, frame->start, &written)) return false;
  if (op == FACT_MEMBER) {
    if (frame->end_binding <= frame->first_binding && !fact_bind_unnamed(finder, arena, left, frame)) return false;
    op = 0;
  }
  if (op == FACT_SUPER) {
    /* A member without a name has its members seen through it. */
    if (!frame->end_binding && !fact_base(facts, arena, left->bind_scope, type, FACT_BASE)) return false;
    op = 0;
  }
  /* One value is no list. */
  if (chain && facts->chains[chain - 1].op == FACT_ARGUMENT && !facts->chains[chain - 1].second) {
    chain = facts->chains[chain - 1].base;
  }
  bool is_parameter = left->in_parameters && frame->end_binding > frame->first_binding;
  uint32_t place = is_parameter ? facts->scopes[left->bind_scope].n_parameters++ : 0;
  if (written) {
    chain = written;
  } else if (type) {
    if (!fact_chain(facts, arena, FACT_INSTANCE, type, 0, &chain)) return false;
    /* A type parameter may have a default too. */
    bool has_default = is_parameter_of_type && frame->second;
    if (has_default && (!fact_chain(facts, arena, FACT_ARGUMENT, frame->second, FACT_NONE, &frame->second) ||
                        !fact_generic(facts, arena, chain, frame->second, &chain))) {
      return false;
    }
  } else if (frame->flags & FACT_IS_REST) {
    chain = FACT_NONE;
  } else if (is_parameter && facts->scopes[left->bind_scope].expected) {
    uint32_t expected = facts->scopes[left->bind_scope].expected;
    if (!fact_chain(facts, arena, FACT_PARAMETER, expected, place, &chain)) return false;
  } else if (op && !fact_chain_on(facts, arena, op, chain, 0, &chain)) {
    return false;
  }
  uint8_t flags = frame->flags | (around->action == FACT_DO_DECLARE ? fact_frame(finder, around->frame)->flags : 0);
  flags |= (type ? FACT_IS_TYPED : 0) | (left->in_parameters && frame->value ? FACT_IS_OPTIONAL : 0);
  *chain_out = chain;
  /* In a tuple it is a type: that of each item. */
  bool is_of_tuple = around->action == FACT_DO_ARRAY && flags & FACT_IS_REST;
  if (is_of_tuple && !fact_chain_on(facts, arena, FACT_ITEM, chain, 0, chain_out)) return false;
  return fact_settle_bindings(facts, arena, frame->first_binding, frame->end_binding, chain, flags) &&
         fact_settle_uses(finder, arena, frame->first_use, frame->end_use, chain);
}

/* The arguments of a subscript: one is a type's argument, or a key that does not matter. */
static bool fact_item(UseFinder *finder, Arena *arena, const UseContext *left, uint32_t *chain_out) {
  const FactFrame *frame = fact_frame(finder, left->frame);
  bool is_type = left->in_type == USE_IN_TYPE;
  uint8_t op = is_type ? FACT_GENERIC : FACT_ITEM;
  return fact_chain_on(&finder->facts, arena, op, frame->base, is_type ? frame->second : 0, chain_out);
}

/* The module that a call imports, as its text says: require("…"), import("…"). */
static bool fact_module_of_call(
  UseFinder *finder, Arena *arena, const FactFrame *frame, uint32_t end, const uint8_t *text, uint32_t *chain_out
) {
  bool is_named = frame->base != FACT_NONE && finder->facts.chains[frame->base - 1].op == FACT_NAME;
  const char *word = frame->base == FACT_NONE ? "import" : "require";
  size_t size = strlen(word);
  uint32_t at = frame->start;
  if ((frame->base != FACT_NONE && !(is_named && fact_is_named(finder, frame->base, word))) || end - at < size + 4 ||
      memcmp(text + at, word, size) != 0) {
    return true;
  }
  for (at += (uint32_t)size; at < end && strchr(" \t\r\n(", text[at]); at++) continue;
  uint8_t quote = text[at];
  if (at == end || (quote != '\'' && quote != '"' && quote != '`')) return true;
  uint32_t start = ++at;
  while (at < end && text[at] != quote && text[at] != '\n' && text[at] != '\\' && text[at] != '$') at++;
  if (at == end || text[at] != quote) return true;
  uint32_t name = fact_intern(finder, arena, text + start, at - start);
  return name != INTERNER_FULL && fact_chain(&finder->facts, arena, FACT_MODULE, 0, name, chain_out);
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

/* What a method gives that is called by its name alone, or of an object. */
static bool fact_invoke(Facts *facts, Arena *arena, const FactFrame *frame, uint32_t *chain_out) {
  uint32_t method = FACT_NONE;
  if (!frame->name) return true;
  if (frame->has_base) {
    if (!fact_chain_on(facts, arena, FACT_MEMBER, frame->base, frame->name - 1, &method)) return false;
  } else if (!fact_chain(facts, arena, FACT_NAME, 0, frame->name - 1, &method)) {
    return false;
  }
  return fact_chain_on(facts, arena, FACT_CALL, method, 0, chain_out);
}

/* What `export default` gives, which is seen from outside by that name; and `export =`, which is all of the module. */
static bool fact_export_default(UseFinder *finder, Arena *arena, const UseContext *left, const uint8_t *text) {
  static const char export_word[] = "export", default_word[] = "default", whole[] = "export=";
  const FactFrame *frame = fact_frame(finder, left->frame);
  uint32_t at = frame->start + sizeof export_word - 1;
  while (at < finder->text_size && (text[at] == ' ' || text[at] == '\n')) at++;
  if (frame->base == FACT_NONE || at >= finder->text_size) return true;
  const char *known_as = text[at] == '=' ? whole : default_word;
  bool is_default = finder->text_size - at >= sizeof default_word &&
                    memcmp(text + at, default_word, sizeof default_word - 1) == 0;
  if (text[at] != '=' && !is_default) return true;
  uint32_t name = fact_intern(finder, arena, (const uint8_t *)known_as, strlen(known_as));
  return name != INTERNER_FULL && fact_bind(&finder->facts, arena, (FactBinding){
    .start = at, .row = frame->row, .name = name, .chain = frame->base, .kind = FACT_EXPORTED,
  });
}

/* Bind in a case what the statement around it binds: it is of the type of the case, if that has only one. */
static bool fact_bind_in_case(UseFinder *finder, Arena *arena, const UseContext *left, const FactFrame *outer) {
  Facts *facts = &finder->facts;
  const FactFrame *frame = fact_frame(finder, left->frame);
  bool is_bound = outer->end_binding > outer->first_binding;
  if (!is_bound || frame->second == FACT_NONE || facts->chains[frame->second - 1].second) return true;
  FactBinding binding = {
    .start = frame->start,
    .row = frame->row,
    .name = facts->bindings[outer->first_binding].name,
    .scope = frame->scope,
    .eval_scope = frame->scope,
    .kind = FACT_LOCAL,
    .flags = FACT_IS_TYPED,
  };
  return fact_chain_on(facts, arena, FACT_INSTANCE, facts->chains[frame->second - 1].base, 0, &binding.chain) &&
         use_bind(finder, arena, frame->scope, binding.name, USE_IS_LOCAL) && fact_bind(facts, arena, binding);
}

/* Whether a type that TypeScript has a word for says nothing of its members. */
static bool fact_is_no_type(const uint8_t *text, uint32_t start, uint32_t end) {
  static const char *const words[] = {"any", "never", "null", "undefined", "unknown", "void"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strlen(words[i]) == end - start && memcmp(text + start, words[i], end - start) == 0) return true;
  }
  return false;
}

/* A member of a type that a text names: T["name"]. */
static bool fact_index(
  UseFinder *finder, Arena *arena, const UseContext *left, const UseContext *around, uint32_t end, const uint8_t *text
) {
  const FactFrame *frame = fact_frame(finder, left->frame);
  FactFrame *outer = fact_frame(finder, around->frame);
  uint32_t start = frame->start + 1;
  bool is_text = end > start + 1 && (text[frame->start] == '"' || text[frame->start] == '\'');
  if (!is_text || memchr(text + start, '\\', end - 1 - start)) return true;
  uint32_t name = fact_intern(finder, arena, text + start, end - 1 - start);
  if (name == INTERNER_FULL) return false;
  outer->name = name + 1;
  return use_add(finder, arena, (Use){
    .name = name,
    .start = start,
    .row = frame->row,
    .column = frame->column + 1,
    .receiver = outer->base ? 1 + outer->base : FACT_UNKNOWN,
    .kind = USE_KIND_MEMBER,
  });
}

/* What a node is, which ends at `end` and of which all children are known. */
static bool fact_of_node(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *left, const UseContext *around,
  uint32_t end, const uint8_t *text, uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, left->frame);
  switch (left->action) {
    case FACT_DO_SELF: return fact_chain(facts, arena, FACT_SELF, 0, 0, chain_out);
    case FACT_DO_SUPER: return fact_chain(facts, arena, FACT_SUPER, 0, 0, chain_out);
    case FACT_DO_LITERAL: return fact_chain(facts, arena, FACT_LITERAL, left->rule->data, 0, chain_out);
    case FACT_DO_ITEMS:
      return !left->wants || fact_chain(facts, arena, FACT_LITERAL, left->rule->data, 0, chain_out);
    case FACT_DO_CAST:
      return fact_settle_cast(finder, arena, frame) &&
             fact_chain_on(facts, arena, FACT_INSTANCE, frame->base, 0, chain_out);
    case FACT_DO_NO_TYPE: {
      if (left->slot == FACT_SLOT_INDEX && !fact_index(finder, arena, left, around, end, text)) return false;
      uint32_t literal = fact_is_no_type(text, frame->start, end) ? FACT_NO_VALUE : left->rule->data;
      return fact_chain(facts, arena, FACT_LITERAL, literal, 0, chain_out);
    }
    case FACT_DO_STRING:
      if (left->in_type != USE_IN_TYPE) return fact_chain(facts, arena, FACT_LITERAL, FACT_STRING, 0, chain_out);
      return fact_type_string(finder, arena, frame, left->scope, end, text, chain_out);
    case FACT_DO_PASS:
      *chain_out = left->rule->data && left->in_type != USE_IN_TYPE ? FACT_NONE : frame->base;
      return true;
    case FACT_DO_TYPE:
    case FACT_DO_ASSIGN:
      *chain_out = frame->base;
      fact_name_by_member(facts, frame, frame->base);
      return true;
    case FACT_DO_LIST: *chain_out = frame->second; return true;
    case FACT_DO_GIVE: *chain_out = fact_given(facts, frame); return true;
    case FACT_DO_OP: return fact_chain_on(facts, arena, left->rule->data, frame->base, 0, chain_out);
    case FACT_DO_MEMBER: {
      /* A name with dots has several: each is a member of those before it, and that is the base by now. */
      if (left->part == USE_DEFINED) return fact_base(facts, arena, left->bind_scope, frame->base, FACT_METHOD_OF);
      if (!frame->name) *chain_out = frame->base;
      if (!frame->name && left->rule->data == FACT_ITEM) {
        return fact_chain_on(facts, arena, FACT_ITEM, frame->base, 0, chain_out);
      }
      if (!frame->name || !left->wants) return true;
      return fact_chain_on(facts, arena, FACT_MEMBER, frame->base, frame->name - 1, chain_out);
    }
    case FACT_DO_CALL: return fact_call(finder, arena, rules, left, chain_out);
    case FACT_DO_APPLY:
      if (!left->wants) return true;
      if (left->rule->data == FACT_CALL && !fact_module_of_call(finder, arena, frame, end, text, chain_out)) {
        return false;
      }
      if (*chain_out) return true;
      return fact_called_with(facts, arena, frame) &&
             fact_chain_on(facts, arena, left->rule->data, frame->base, 0, chain_out);
    case FACT_DO_ITEM: return fact_item(finder, arena, left, chain_out);
    case FACT_DO_GENERIC: return fact_chain_on(facts, arena, FACT_GENERIC, frame->base, frame->second, chain_out);
    case FACT_DO_TAG:
      return !frame->name || !left->wants || fact_chain(facts, arena, FACT_TAG, 0, frame->name - 1, chain_out);
    case FACT_DO_INVOKE: return !left->wants || fact_invoke(facts, arena, frame, chain_out);
    case FACT_DO_DESIGNATOR:
      /* An item is of the type that the array is of. */
      if (!frame->name && !left->rule->data) *chain_out = frame->base;
      return !frame->name || fact_chain_on(facts, arena, FACT_MEMBER, frame->base, frame->name - 1, chain_out);
    case FACT_DO_DECLARATOR:
      for (size_t i = frame->first_binding; i < facts->n_bindings; i++) {
        if (facts->bindings[i].chain == FACT_UNSET && facts->bindings[i].kind != FACT_PARAMETER_OF) {
          facts->bindings[i].flags |= FACT_IS_FUNCTION;
        }
      }
      return true;
    case FACT_DO_ARRAY: return fact_chain(facts, arena, FACT_GENERIC, FACT_NONE, frame->second, chain_out);
    case FACT_DO_EITHER: *chain_out = frame->flags ? FACT_NONE : frame->base; return true;
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
    case FACT_DO_STORAGE: {
      FactFrame *outer = fact_frame(finder, around->frame);
      if (around->action != FACT_DO_DECLARE && around->action != FACT_DO_FUNCTION) return true;
      outer->flags |= fact_flags_of_storage(facts, around, outer, text + frame->start, end - frame->start);
      return true;
    }
    case FACT_DO_PATTERN:
      if (left->slot == FACT_SLOT_TARGET && left->rule->data) {
        fact_frame(finder, around->frame)->flags |= left->rule->data;
        return true;
      }
      return fact_settle_bindings(facts, arena, frame->first_binding, facts->n_bindings, FACT_NONE, 0);
    case FACT_DO_TYPE_PARAMETER:
    case FACT_DO_SWITCH:
    case FACT_DO_DECLARE: return fact_declare(finder, arena, left, around, chain_out);
    case FACT_DO_NEW: {
      uint32_t class = frame->base;
      if (!left->wants) return true;
      if (frame->scope && !fact_chain(facts, arena, FACT_SCOPE, frame->scope, 0, &class)) return false;
      return fact_chain_on(facts, arena, FACT_INSTANCE, class, 0, chain_out);
    }
    case FACT_DO_INDEX: return fact_bind_unnamed(finder, arena, left, frame);
    case FACT_DO_CASE: return fact_bind_in_case(finder, arena, left, fact_frame(finder, around->frame));
    case FACT_DO_RETURN: return fact_add_result(facts, arena, facts->scopes[left->bind_scope].function, frame->base);
    case FACT_DO_EXPORT: return fact_export_default(finder, arena, left, text);
    case FACT_DO_EXPORTED:
      if (facts->n_bindings == frame->first_binding && fact_last_name(finder, frame->base, &(size_t){0})) {
        return fact_bind(facts, arena, (FactBinding){
          .start = end, .row = frame->row, .name = facts->chains[frame->base - 1].second, .chain = frame->base,
          .kind = FACT_EXPORTED,
        });
      }
      return fact_settle_bindings(facts, arena, frame->first_binding, facts->n_bindings, frame->base, 0);
    case FACT_DO_FUNCTION:
      if (!fact_bind_private(finder, arena, frame)) return false;
      return !left->wants || fact_chain(facts, arena, FACT_SCOPE, frame->scope, 0, chain_out);
    case FACT_DO_CLASS: return !left->wants || fact_chain(facts, arena, FACT_SCOPE, frame->scope, 0, chain_out);
    case FACT_DO_BLOCK:
      if (!left->wants) return true;
      if (left->rule->data) return fact_chain(facts, arena, FACT_LITERAL, left->rule->data, 0, chain_out);
      return fact_chain(facts, arena, FACT_SCOPE, frame->scope, 0, chain_out);
    default: return true;
  }
}

/* The walk leaves a node, which ends at `end`. */
static bool fact_leave(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *left, const UseContext *around,
  uint32_t end, const uint8_t *text
) {
  uint32_t chain = FACT_NONE;
  if (left->opens && !fact_event(&finder->facts, arena, end, around->scope)) return false;
  if (left->action && !fact_of_node(finder, arena, rules, left, around, end, text, &chain)) return false;
  return !left->slot || fact_deliver(finder, arena, around, left->slot, chain, end, text);
}
