/* Included by core.c, behind fact_nodes.c: what names bind, as the walk meets them. */

/* Note that a name is bound. */
static bool fact_bind_name(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, uint8_t part, uint8_t slot,
  Length position, uint32_t name, bool is_member
) {
  bool in_parameters = around->in_parameters || slot == FACT_SLOT_PARAMETERS;
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
            : in_parameters           ? FACT_PARAMETER_OF
            : around->action == FACT_DO_TYPE_PARAMETER && around->rule->data ? around->rule->data
            : !around->binds && around->action != FACT_DO_TYPE_PARAMETER ? FACT_DEFINED
                                      : FACT_LOCAL,
  };
  /* Those of a function that is only declared are parameters of nothing. */
  uint8_t kind = facts->scopes[scope].kind;
  /* Where the tree is broken, a type parameter may belong to nothing. */
  if (binding.kind == FACT_TYPE_PARAMETER && kind == FACT_IN_FILE) return true;
  if (in_parameters && (kind == FACT_IN_FILE || kind == FACT_IN_CLASS || kind == FACT_IN_OBJECT)) return true;
  if (part == USE_IMPORT) binding.chain = FACT_NONE;
  if (around->action == FACT_DO_UNPACK) {
    const FactFrame *pattern = fact_frame(finder, around->frame);
    if (is_member) {
      if (!fact_chain_on(facts, arena, FACT_MEMBER, pattern->base, name, &binding.chain)) return false;
    } else if (!fact_part(facts, arena, around, pattern, &binding.chain)) {
      return false;
    }
  }
  if (binding.kind == FACT_PARAMETER_OF && around->action != FACT_DO_DECLARE && around->action != FACT_DO_PATTERN) {
    uint32_t expected = facts->scopes[scope].expected, place = facts->scopes[scope].n_parameters++;
    if (expected && !fact_chain(facts, arena, FACT_PARAMETER, expected, place, &binding.chain)) return false;
    if (!fact_doc_of_parameter(finder, arena, facts->scopes[scope].doc, place, &binding)) return false;
  }
  if (binding.kind == FACT_PARAMETER_OF && !facts->scopes[scope].has_parameters) {
    facts->scopes[scope].has_parameters = true;
    if (rules->has_named_self && fact_is_method(facts, scope)) {
      facts->scopes[scope].self_name = name + 1;
      if (!fact_chain(facts, arena, FACT_SELF, 0, 0, &binding.chain)) return false;
    }
  }
  return fact_bind(facts, arena, binding);
}

/* Note what a module of CommonJS gives: exports.name, module.exports.name; all of it is known as `export=`. */
static bool fact_bind_given(
  UseFinder *finder, Arena *arena, const UseContext *around, uint32_t receiver, Length position, uint32_t name
) {
  static const char whole[] = "export=";
  Facts *facts = &finder->facts;
  const FactChain *object = &facts->chains[receiver - 1];
  uint32_t known_as = INTERNER_FULL;
  if (object->op == FACT_NAME && fact_is_named(finder, receiver, "exports")) known_as = name;
  if (object->op == FACT_MEMBER && fact_is_named(finder, receiver, "exports")) {
    bool is_module = facts->chains[object->base - 1].op == FACT_NAME && fact_is_named(finder, object->base, "module");
    if (is_module) known_as = name;
  }
  if (object->op == FACT_NAME && fact_is_named(finder, receiver, "module")) {
    uint32_t exports = fact_intern(finder, arena, (const uint8_t *)"exports", strlen("exports"));
    if (exports == INTERNER_FULL) return false;
    if (exports == name) known_as = fact_intern(finder, arena, (const uint8_t *)whole, sizeof whole - 1);
  }
  return known_as == INTERNER_FULL || fact_bind(facts, arena, (FactBinding){
    .start = position.bytes,
    .row = position.extent.row,
    .name = known_as,
    .eval_scope = around->scope,
    .chain = FACT_UNSET,
    .kind = FACT_EXPORTED,
  });
}

/* Note that a member of the object whose method this is, by a word of the language or a name, is assigned. */
static bool fact_bind_attribute(
  UseFinder *finder, Arena *arena, const UseContext *around, uint32_t receiver, Length position, uint32_t name
) {
  Facts *facts = &finder->facts;
  if (receiver == FACT_NONE) return true;
  const FactChain *object = &facts->chains[receiver - 1];
  uint32_t method = 0;
  if (object->op == FACT_NAME) method = fact_method_of(facts, around->bind_scope, object->second);
  if (object->op == FACT_SELF) method = fact_method_around(facts, around->bind_scope);
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

/* A key of an object: bind a member of its scope, and find what it is a member of. */
static bool fact_bind_entry(
  UseFinder *finder, Arena *arena, const UseContext *around, Length position, uint32_t name, uint32_t *receiver_out
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, around->frame);
  FactBinding binding = {
    .start = position.bytes,
    .row = position.extent.row,
    .name = name,
    .scope = around->bind_scope,
    .eval_scope = around->scope,
    .chain = FACT_UNSET,
    .kind = FACT_DEFINED,
  };
  *receiver_out = frame->base;
  if (!fact_bind(facts, arena, binding)) return false;
  frame->end_binding = (uint32_t)facts->n_bindings;
  return fact_chain_on(facts, arena, FACT_MEMBER, frame->base, name, &frame->expected);
}

/* The same of a key that is its own value: {name}. */
static bool fact_bind_shorthand(
  UseFinder *finder, Arena *arena, const UseContext *around, Length position, uint32_t name, uint32_t *receiver_out
) {
  Facts *facts = &finder->facts;
  FactBinding binding = {
    .start = position.bytes,
    .row = position.extent.row,
    .name = name,
    .scope = around->bind_scope,
    .eval_scope = around->scope,
    .kind = FACT_DEFINED,
  };
  *receiver_out = fact_frame(finder, around->frame)->expected;
  return fact_chain(facts, arena, FACT_NAME, 0, name, &binding.chain) && fact_bind(facts, arena, binding);
}

/* By what name the file exports something. */
static bool fact_bind_export(
  UseFinder *finder, Arena *arena, Length position, uint32_t name
) {
  return fact_bind(&finder->facts, arena, (FactBinding){
    .start = position.bytes, .row = position.extent.row, .name = name, .chain = FACT_UNSET, .kind = FACT_EXPORTED,
  });
}

/* Whether the word before a name says that the name is read like a field: get name(). */
static bool fact_is_getter(const uint8_t *text, uint32_t start, uint32_t name_start) {
  static const char word[] = "get";
  uint32_t end = name_start, size = sizeof word - 1;
  while (end > start && strchr(" \t\r\n", text[end - 1])) end--;
  if (end == name_start || end - start < size || memcmp(text + end - size, word, size) != 0) return false;
  return end - size == start || strchr(" \t\r\n", text[end - size - 1]);
}

/* The name of what a node defines: its scope is known by it. */
static bool fact_name_scope(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, Length position, const uint8_t *text
) {
  Facts *facts = &finder->facts;
  FactFrame *frame = fact_frame(finder, around->frame);
  facts->scopes[frame->scope].name_start = position.bytes;
  bool may_be_getter = rules->expects && around->action == FACT_DO_FUNCTION;
  if (may_be_getter && fact_is_getter(text, frame->start, position.bytes)) frame->flags |= FACT_IS_PROPERTY;
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
