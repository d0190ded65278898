/* Included by core.c, behind uses.c: writes what is known of a file as records (fact_records.h). */

typedef struct {
  UseFinder *finder;
  const UseRules *rules;
  uint8_t *needed;          /* (n_names,) whether a name is asked for in the file */
  uint8_t *is_said;         /* (n_scopes,) whether a chain says that something is the object of this scope */
  uint32_t *numbers;        /* (n_chains,) 1 + number among the chains that are kept, or 0 */
  uint32_t *kept;           /* (n_kept,) bindings, by scope and place */
  uint32_t *first_kept;     /* (n_scopes + 1,) bounds in it */
  uint32_t n_names, n_chains, n_kept, n_events, n_receivers, n_ghosts;
  size_t name_bytes;
} FactWriter;

/* The first tag whose name starts at a byte: of the definitions, or n_tags. */
static uint32_t fact_tag_at(const UseFinder *finder, uint32_t start) {
  size_t lower = 0, upper = finder->n_tags;
  while (lower < upper) {
    size_t middle = lower + (upper - lower) / 2;
    if (finder->tags[middle].start < start) lower = middle + 1;
    else upper = middle;
  }
  bool is_there = lower < finder->n_tags && finder->tags[lower].start == start && !finder->tags[lower].is_reference;
  return is_there ? (uint32_t)lower : (uint32_t)finder->n_tags;
}

static bool fact_has_receiver(const Use *use) { return use->kind != USE_KIND_READ; }

/* Whether a chain begins with what is not known after all. */
static bool fact_has_hole(const Facts *facts, uint32_t chain) {
  while (chain != FACT_NONE && fact_base_is_chain(facts->chains[chain - 1].op)) {
    if (facts->chains[chain - 1].op == FACT_HOLE) return true;
    chain = facts->chains[chain - 1].base;
  }
  return false;
}

static void fact_forget_holes(UseFinder *finder) {
  Facts *facts = &finder->facts;
  for (size_t i = 0; i < facts->n_bindings; i++) {
    if (facts->bindings[i].chain == FACT_UNSET || fact_has_hole(facts, facts->bindings[i].chain)) {
      facts->bindings[i].chain = FACT_NONE;
    }
  }
  for (size_t i = 0; i < finder->n; i++) {
    uint32_t *receiver = &finder->uses[i].receiver;
    if (*receiver > FACT_UNKNOWN && fact_has_hole(facts, *receiver - 1)) *receiver = FACT_UNKNOWN;
  }
  for (size_t i = 0; i < finder->n_tags; i++) {
    uint32_t *receiver = &finder->tags[i].receiver;
    if (*receiver > FACT_UNKNOWN && fact_has_hole(facts, *receiver - 1)) *receiver = FACT_UNKNOWN;
  }
}

static void fact_find_needed(FactWriter *writer) {
  const UseFinder *finder = writer->finder;
  for (size_t i = 0; i < finder->n_tags; i++) {
    if (finder->tags[i].name && finder->tags[i].receiver == FACT_BARE) writer->needed[finder->tags[i].name - 1] = 1;
  }
  for (size_t i = 0; i < finder->n; i++) {
    if (finder->uses[i].receiver == FACT_BARE) writer->needed[finder->uses[i].name] = 1;
  }
  for (size_t i = 0; i < finder->facts.n_chains; i++) {
    const FactChain *chain = &finder->facts.chains[i];
    if (chain->op == FACT_NAME) writer->needed[chain->second] = 1;
    if (chain->op == FACT_SCOPE) writer->is_said[chain->base] = 1;
  }
}

/* Whether a binding says what is not known without it. */
static bool fact_is_kept(FactWriter *writer, const FactBinding *binding) {
  UseFinder *finder = writer->finder;
  bool is_tag = binding->tag < finder->n_tags;
  /* Members of an object that nothing is said to be are asked by nobody, but a key that is its own value is two names. */
  bool is_entry = finder->facts.scopes[binding->scope].kind == FACT_IN_OBJECT;
  bool is_shorthand = binding->chain != FACT_NONE && finder->facts.chains[binding->chain - 1].op == FACT_NAME &&
                      finder->facts.chains[binding->chain - 1].second == binding->name;
  if (is_entry && !is_tag && !is_shorthand && !writer->is_said[binding->scope]) return false;
  if (binding->kind == FACT_DEFINED || binding->kind == FACT_EXPORTED) {
    return !is_tag || binding->chain || binding->flags;
  }
  if (binding->kind == FACT_ATTRIBUTE) return is_tag || binding->chain;
  if (binding->kind == FACT_PARAMETER_OF && (is_tag || writer->rules->keeps_parameters)) return true;
  if (binding->kind == FACT_TYPE_PARAMETER) return true;
  if (!writer->needed[binding->name]) return false;
  bool is_of_class = finder->facts.scopes[binding->scope].kind == FACT_IN_CLASS;
  if (binding->kind != FACT_LOCAL || is_of_class) return true;
  uint64_t key = ((uint64_t)binding->scope << 32 | binding->name) + 1;
  UseBinding *slot = finder->n_slots ? use_slot(finder->bindings, finder->n_slots, key) : NULL;
  if (!slot || !(slot->is & USE_IS_LOCAL) || slot->is & USE_IS_OPEN) return false;
  /* One that nothing is known of hides an outer name, and that once. */
  if (binding->chain == FACT_NONE && slot->is_kept) return false;
  slot->is_kept = true;
  return true;
}

/* Braces in which nothing kept is bound are one with the scope around them: number all other scopes anew. */
static void fact_drop_empty_braces(FactWriter *writer) {
  Facts *facts = &writer->finder->facts;
  size_t n_old = facts->n_scopes;
  uint32_t n = 0, *numbers = writer->first_kept;
  for (size_t i = 0; i < facts->n_bindings; i++) {
    if (facts->bindings[i].kind != FACT_N_BINDINGS) numbers[facts->bindings[i].scope] = 1;
  }
  for (size_t i = 0; i < n_old; i++) {
    FactScope *scope = &facts->scopes[i];
    bool is_dropped = scope->is_braces && !numbers[i];
    scope->parent = numbers[scope->parent];
    numbers[i] = is_dropped ? scope->parent : n;
    if (!is_dropped) facts->scopes[n++] = *scope;
  }
  facts->n_scopes = n;
  for (size_t i = 0; i < facts->n_bindings; i++) {
    facts->bindings[i].scope = numbers[facts->bindings[i].scope];
    facts->bindings[i].eval_scope = numbers[facts->bindings[i].eval_scope];
  }
  for (size_t i = 0; i < facts->n_bases; i++) facts->bases[i].scope = numbers[facts->bases[i].scope];
  for (size_t i = 0; i < facts->n_events; i++) facts->events[i].scope = numbers[facts->events[i].scope];
  for (size_t i = 0; i < facts->n_chains; i++) {
    if (facts->chains[i].op == FACT_SCOPE) facts->chains[i].base = numbers[facts->chains[i].base];
  }
  memset(numbers, 0, (n_old + 1) * sizeof *numbers);
}

static void fact_keep_bindings(FactWriter *writer) {
  Facts *facts = &writer->finder->facts;
  uint32_t n_kept = 0;
  for (size_t i = 0; i < facts->n_bindings; i++) {
    facts->bindings[i].tag = fact_tag_at(writer->finder, facts->bindings[i].start);
    if (!fact_is_kept(writer, &facts->bindings[i])) facts->bindings[i].kind = FACT_N_BINDINGS;
  }
  fact_drop_empty_braces(writer);
  for (size_t i = 0; i < facts->n_bindings; i++) {
    if (facts->bindings[i].kind == FACT_N_BINDINGS) continue;
    writer->first_kept[facts->bindings[i].scope + 1]++;
    n_kept++;
  }
  writer->n_kept = n_kept;
  for (size_t scope = 0; scope < facts->n_scopes; scope++) writer->first_kept[scope + 1] += writer->first_kept[scope];
  /* Each goes to the end of its scope's, from the last on: the bounds become the starts again. */
  for (size_t i = facts->n_bindings; i-- > 0;) {
    if (facts->bindings[i].kind == FACT_N_BINDINGS) continue;
    writer->kept[--writer->first_kept[facts->bindings[i].scope + 1]] = (uint32_t)i;
  }
}

static void fact_mark(FactWriter *writer, uint32_t chain) {
  if (chain != FACT_NONE) writer->numbers[chain - 1] = 1;
}

static void fact_mark_receiver(FactWriter *writer, uint32_t receiver) {
  if (receiver > FACT_UNKNOWN) fact_mark(writer, receiver - 1);
}

static void fact_name(FactWriter *writer, uint32_t name, uint32_t n_use_names) {
  UseFinder *finder = writer->finder;
  if (finder->local_ids[name]) return;
  finder->local_ids[name] = n_use_names + ++writer->n_names;
  writer->name_bytes += (size_t)(finder->names.offsets[name + 1] - finder->names.offsets[name]);
}

/* Number the chains that something kept refers to, and the names of all that is kept. */
static void fact_number(FactWriter *writer, uint32_t n_use_names) {
  UseFinder *finder = writer->finder;
  Facts *facts = &finder->facts;
  for (size_t i = 0; i < finder->n; i++) {
    if (fact_has_receiver(&finder->uses[i])) fact_mark_receiver(writer, finder->uses[i].receiver);
  }
  for (size_t i = 0; i < finder->n_tags; i++) {
    if (finder->tags[i].is_reference) fact_mark_receiver(writer, finder->tags[i].receiver);
  }
  for (size_t i = 0; i < writer->n_kept; i++) fact_mark(writer, facts->bindings[writer->kept[i]].chain);
  for (size_t i = 0; i < facts->n_scopes; i++) fact_mark(writer, facts->scopes[i].result);
  for (size_t i = 0; i < facts->n_bases; i++) fact_mark(writer, facts->bases[i].chain);
  for (size_t i = facts->n_chains; i-- > 0;) {
    const FactChain *chain = &facts->chains[i];
    if (!writer->numbers[i]) continue;
    if (fact_base_is_chain(chain->op)) fact_mark(writer, chain->base);
    if (fact_second_is_chain(chain->op)) fact_mark(writer, chain->second);
  }
  for (size_t i = 0; i < facts->n_chains; i++) {
    if (!writer->numbers[i]) continue;
    writer->numbers[i] = ++writer->n_chains;
    if (fact_second_is_name(facts->chains[i].op)) fact_name(writer, facts->chains[i].second, n_use_names);
  }
  for (size_t i = 0; i < writer->n_kept; i++) {
    const FactBinding *binding = &facts->bindings[writer->kept[i]];
    if (binding->tag == finder->n_tags) fact_name(writer, binding->name, n_use_names);
  }
}

static REPOMAP_INLINE uint32_t fact_numbered(const FactWriter *writer, uint32_t chain) {
  return chain == FACT_NONE ? 0 : writer->numbers[chain - 1];
}

static uint8_t *fact_put_names(const FactWriter *writer, uint32_t n_use_names, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  uint32_t n_written = 0;
  out = import_put_varint(out, writer->n_names);
  /* In the order of their numbers, in which they were met. */
  for (size_t i = 0; i < finder->facts.n_chains + writer->n_kept; i++) {
    uint32_t name;
    if (i < finder->facts.n_chains) {
      if (!writer->numbers[i] || !fact_second_is_name(finder->facts.chains[i].op)) continue;
      name = finder->facts.chains[i].second;
    } else {
      const FactBinding *binding = &finder->facts.bindings[writer->kept[i - finder->facts.n_chains]];
      if (binding->tag < finder->n_tags) continue;
      name = binding->name;
    }
    if (finder->local_ids[name] != n_use_names + n_written + 1) continue;
    n_written++;
    ImportText text = {
      .bytes = finder->names.bytes.contents + finder->names.offsets[name],
      .size = (size_t)(finder->names.offsets[name + 1] - finder->names.offsets[name]),
    };
    out = import_put_text(out, text);
  }
  return out;
}

static uint8_t *fact_put_chain(const FactWriter *writer, const FactChain *chain, uint32_t number, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  uint32_t base = fact_base_is_chain(chain->op) ? fact_numbered(writer, chain->base) : chain->base;
  uint32_t back = base ? number - base : 0;
  uint32_t second = fact_second_is_chain(chain->op) ? fact_numbered(writer, chain->second)
                    : fact_second_is_name(chain->op) ? finder->local_ids[chain->second] - 1
                                                     : chain->second;
  switch (chain->op) {
    case FACT_NAME: return import_put_varint(out, second << 3 | FACT_SHAPE_NAME);
    case FACT_MEMBER: return import_put_varint(import_put_varint(out, back << 3 | FACT_SHAPE_MEMBER), second);
    case FACT_CALL: return import_put_varint(out, back << 3 | FACT_SHAPE_CALL);
    case FACT_ITEM: return import_put_varint(out, back << 3 | FACT_SHAPE_ITEM);
    case FACT_INSTANCE: return import_put_varint(out, back << 3 | FACT_SHAPE_INSTANCE);
    case FACT_ONE_OF: return import_put_varint(import_put_varint(out, second << 3 | FACT_SHAPE_ONE_OF), back);
    case FACT_LITERAL: return import_put_varint(out, base << 3 | FACT_SHAPE_LITERAL);
    default:
      out = import_put_varint(out, (uint32_t)chain->op << 3 | FACT_SHAPE_OTHER);
      return import_put_varint(import_put_varint(out, base), second);
  }
}

static uint8_t *fact_put_chains(const FactWriter *writer, uint8_t *out) {
  const Facts *facts = &writer->finder->facts;
  out = import_put_varint(out, writer->n_chains);
  for (size_t i = 0; i < facts->n_chains; i++) {
    if (writer->numbers[i]) out = fact_put_chain(writer, &facts->chains[i], writer->numbers[i], out);
  }
  return out;
}

static int fact_compare_bases(const void *one, const void *other) {
  const FactBase *a = one, *b = other;
  if (a->scope != b->scope) return a->scope < b->scope ? -1 : 1;
  return a->place < b->place ? -1 : a->place > b->place;
}

static ArenaVerdict fact_sort_bases(Facts *facts, Arena *arena) {
  size_t n = facts->n_bases;
  if (n < 2) return ARENA_RUNNING;
  if (!fact_reserve((void **)&facts->bases, &facts->bases_capacity, 2 * n, sizeof *facts->bases, arena)) {
    return ARENA_OUT_OF_MEMORY;
  }
  return merge_sort(arena, facts->bases, facts->bases + n, n, sizeof *facts->bases, fact_compare_bases);
}

static uint8_t *fact_put_scopes(const FactWriter *writer, uint8_t *out) {
  UseFinder *finder = writer->finder;
  Facts *facts = &finder->facts;
  int64_t last_tag = 0;
  size_t base = 0;
  for (uint32_t i = 1; i < facts->n_scopes; i++) {
    const FactScope *scope = &facts->scopes[i];
    bool is_named = scope->name_start != FACT_NO_START;
    uint32_t tag = is_named ? fact_tag_at(finder, scope->name_start) : (uint32_t)finder->n_tags;
    size_t first = base;
    while (base < facts->n_bases && facts->bases[base].scope == i) base++;
    out = import_put_varint(out, i - scope->parent);
    *out++ = (uint8_t)(scope->kind | (base > first ? FACT_HAS_BASES : 0));
    out = import_put_varint(out, tag == finder->n_tags ? 0 : 1 + fact_zigzag((int64_t)tag - last_tag));
    if (tag < finder->n_tags) last_tag = tag;
    out = import_put_varint(out, fact_numbered(writer, scope->result));
    if (base == first) continue;
    out = import_put_varint(out, (uint32_t)(base - first));
    for (size_t j = first; j < base; j++) {
      *out++ = facts->bases[j].kind;
      out = import_put_varint(out, fact_numbered(writer, facts->bases[j].chain));
    }
  }
  return out;
}

static uint8_t *fact_put_bindings(const FactWriter *writer, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  const Facts *facts = &finder->facts;
  int64_t last_tag = 0, last_row = 0;
  for (uint32_t scope = 0; scope < facts->n_scopes; scope++) {
    uint32_t end = scope + 1 < facts->n_scopes ? writer->first_kept[scope + 2] : writer->n_kept;
    uint32_t first = writer->first_kept[scope + 1];
    out = import_put_varint(out, end - first);
    for (uint32_t i = first; i < end; i++) {
      const FactBinding *binding = &facts->bindings[writer->kept[i]];
      uint32_t tag = binding->tag;
      bool has_tag = tag < finder->n_tags, is_elsewhere = binding->eval_scope != scope;
      *out++ = (uint8_t)(binding->kind | (has_tag ? FACT_HAS_TAG : 0) | (binding->flags ? FACT_HAS_FLAGS : 0) |
                         (is_elsewhere ? FACT_HAS_EVAL_SCOPE : 0));
      uint32_t name = has_tag ? fact_zigzag((int64_t)tag - last_tag) : finder->local_ids[binding->name] - 1;
      if (has_tag) last_tag = tag;
      out = import_put_varint(out, name);
      out = import_put_varint(out, fact_numbered(writer, binding->chain));
      if (binding->flags) *out++ = binding->flags;
      if (is_elsewhere) out = import_put_varint(out, binding->eval_scope);
      out = import_put_varint(out, fact_zigzag((int64_t)binding->row - last_row));
      last_row = binding->row;
    }
  }
  return out;
}

/* Go over tags and uses in the order of the text; with `out` write the changes of scope between them, without it count
 * them. */
static uint8_t *fact_put_events(FactWriter *writer, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  const Facts *facts = &finder->facts;
  size_t tag = 0, use = 0, event = 0;
  uint32_t scope = 0, next = 0, n_before = 0, n = 0;
  if (out) out = import_put_varint(out, writer->n_events);
  while (tag < finder->n_tags || use < finder->n) {
    bool is_tag = use == finder->n || (tag < finder->n_tags && finder->tags[tag].start <= finder->uses[use].start);
    uint32_t start = is_tag ? finder->tags[tag++].start : finder->uses[use++].start;
    for (; event < facts->n_events && facts->events[event].start <= start; event++) next = facts->events[event].scope;
    for (; scope != next; n++, n_before = 0) {
      uint32_t on = next > scope ? next - scope : 0;
      if (out) out = import_put_varint(import_put_varint(out, n_before), on);
      scope = on ? next : facts->scopes[scope].parent;
    }
    n_before++;
  }
  writer->n_events = n;
  return out;
}

static uint8_t *fact_put_receiver(const FactWriter *writer, uint32_t receiver, uint8_t *out) {
  return import_put_varint(out, receiver > FACT_UNKNOWN ? 1 + fact_numbered(writer, receiver - 1) : receiver);
}

static uint8_t *fact_put_receivers(FactWriter *writer, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  size_t tag = 0, use = 0;
  uint32_t n = 0;
  if (out) out = import_put_varint(out, writer->n_receivers);
  while (tag < finder->n_tags || use < finder->n) {
    bool is_tag = use == finder->n || (tag < finder->n_tags && finder->tags[tag].start <= finder->uses[use].start);
    bool is_said = is_tag ? finder->tags[tag].is_reference : fact_has_receiver(&finder->uses[use]);
    uint32_t receiver = is_tag ? finder->tags[tag++].receiver : finder->uses[use++].receiver;
    n += is_said;
    if (out && is_said) out = fact_put_receiver(writer, receiver, out);
  }
  writer->n_receivers = n;
  return out;
}

static uint8_t *fact_put_ghosts(FactWriter *writer, uint8_t *out) {
  const UseFinder *finder = writer->finder;
  uint32_t n = 0, last = 0;
  if (out) out = import_put_varint(out, writer->n_ghosts);
  for (uint32_t i = 0; i < finder->n_tags; i++) {
    const FactTagged *tag = &finder->tags[i];
    if (!tag->may_be_none) continue;
    n++;
    if (!out) continue;
    out = import_put_varint(import_put_varint(out, i - last), tag->row);
    out = import_put_varint(import_put_varint(out, tag->column), tag->is_reference);
    last = i;
  }
  writer->n_ghosts = n;
  return out;
}

static size_t fact_most_bytes(const FactWriter *writer) {
  const Facts *facts = &writer->finder->facts;
  return 5 * 8 + writer->name_bytes + (size_t)writer->n_names * 5 + (size_t)writer->n_chains * FACT_LARGEST_CHAIN +
         facts->n_scopes * FACT_LARGEST_SCOPE + facts->n_bases * FACT_LARGEST_BASE +
         (size_t)writer->n_kept * FACT_LARGEST_BINDING + (size_t)writer->n_events * FACT_LARGEST_EVENT +
         (size_t)writer->n_receivers * FACT_LARGEST_RECEIVER + (size_t)writer->n_ghosts * FACT_LARGEST_GHOST;
}

/* Scratch: bytes for the names, then numbers for chains, bindings and scopes. */
static bool fact_start_writer(FactWriter *writer, Arena *arena) {
  Facts *facts = &writer->finder->facts;
  size_t n_names = writer->finder->names.count / sizeof(uint32_t) + 1;
  size_t n_said = facts->n_scopes / sizeof(uint32_t) + 1;
  size_t n = n_names + n_said + facts->n_chains + facts->n_bindings + facts->n_scopes + 2;
  if (!fact_reserve((void **)&facts->numbers, &facts->numbers_capacity, n, sizeof(uint32_t), arena)) return false;
  memset(facts->numbers, 0, n * sizeof(uint32_t));
  writer->needed = (uint8_t *)facts->numbers;
  writer->is_said = (uint8_t *)(facts->numbers + n_names);
  writer->numbers = facts->numbers + n_names + n_said;
  writer->kept = writer->numbers + facts->n_chains;
  writer->first_kept = writer->kept + facts->n_bindings;
  return true;
}

ArenaVerdict repomap_append_facts(
  UseFinder *finder, Arena *arena, const UseRules *rules, uint32_t n_use_names, RepomapBytes *records
) {
  FactWriter writer = {.finder = finder, .rules = rules};
  if (!rules->has_facts || (!finder->n && !finder->n_tags)) return ARENA_RUNNING;
  if (!fact_start_writer(&writer, arena)) return ARENA_OUT_OF_MEMORY;
  fact_forget_holes(finder);
  fact_find_needed(&writer);
  fact_keep_bindings(&writer);
  fact_number(&writer, n_use_names);
  fact_put_events(&writer, NULL);
  fact_put_receivers(&writer, NULL);
  fact_put_ghosts(&writer, NULL);
  ArenaVerdict verdict = fact_sort_bases(&finder->facts, arena);
  if (verdict == ARENA_RUNNING) verdict = arena_verdict(arena);
  if (verdict != ARENA_RUNNING) return verdict;
  size_t size = fact_most_bytes(&writer), wanted = records->size + size;
  /* Blocks say in four bytes how long the records are. */
  if (size > UINT32_MAX || !arena_take(arena, FACT_COPIES * size)) return ARENA_OUT_OF_MEMORY;
  if (wanted > records->capacity && !repomap_bytes_reserve(records, wanted + wanted / 2)) return ARENA_OUT_OF_MEMORY;
  uint8_t *out = fact_put_names(&writer, n_use_names, records->contents + records->size);
  out = fact_put_ghosts(&writer, out);
  out = import_put_varint(out, (uint32_t)finder->facts.n_scopes - 1);
  out = fact_put_chains(&writer, out);
  out = fact_put_scopes(&writer, out);
  out = fact_put_bindings(&writer, out);
  out = fact_put_events(&writer, out);
  out = fact_put_receivers(&writer, out);
  records->size = (size_t)(out - records->contents);
  return ARENA_RUNNING;
}
