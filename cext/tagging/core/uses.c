/* Included by core.c, behind walk.c: it goes over the bare subtrees as that does. */
#include "uses.h"

enum {
  USE_MOST_SCOPES_AROUND = 64, /* in which a name is looked for; nobody nests functions deeper */
  USE_MOST_STARTS = 4096,      /* nodes that are kept until somebody is told of them */
  USE_STEPS_BETWEEN_CHECKS = 1 << 16
};

/* Bindings */

static UseBinding *use_slot(UseBinding *bindings, size_t n_slots, uint64_t key) {
  size_t slot = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & (n_slots - 1);
  while (bindings[slot].key && bindings[slot].key != key) slot = (slot + 1) & (n_slots - 1);
  return &bindings[slot];
}

static bool use_bind(UseFinder *finder, Arena *arena, uint32_t scope, uint32_t name, uint8_t is) {
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
  slot->is |= is;
  return true;
}

/* What binds a name in the functions around it; NULL where none does. */
static UseBinding *use_bound_by(const UseFinder *finder, uint32_t scope, uint32_t name) {
  if (!finder->n_slots) return NULL;
  for (int i = 0; scope && i < USE_MOST_SCOPES_AROUND; i++, scope = finder->facts.scopes[scope].parent) {
    UseBinding *slot = use_slot(finder->bindings, finder->n_slots, ((uint64_t)scope << 32 | name) + 1);
    if (slot->key && !(slot->is & USE_IS_OPEN)) return slot;
  }
  return NULL;
}

/* A definition of the file stands where a name is bound in a function, or assigned. */
static void use_define(const UseFinder *finder, uint32_t scope, uint32_t name) {
  UseBinding *slot = use_bound_by(finder, scope, name);
  if (slot) slot->is |= USE_IS_DEFINED;
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
static REPOMAP_INLINE uint16_t use_field(const UseRules *rules, Subtree parent, Subtree child, uint32_t place) {
  if (ts_subtree_extra(child)) return 0;
  uint32_t production = parent.ptr->production_id;
  uint32_t first = rules->first_fields[production];
  return place < rules->first_fields[production + 1] - first ? rules->child_fields[first + place] : 0;
}

/* Find what a child is by its field: the place of the field in the rule, or -1 for none. */
static REPOMAP_INLINE int use_place(const UseRule *rule, uint16_t field) {
  int place = -1;
  for (uint8_t i = 0; i < rule->n_fields; i++) {
    if (rule->fields[i] == field) place = i;
  }
  return place;
}

/* A name of the text at the place that the walk is at. */
typedef struct {
  Length position;
  uint32_t size;
  uint8_t part;
  uint8_t slot;
  bool is_written;
  bool is_member;       /* if its name is bound */
} UseName;

static REPOMAP_INLINE bool use_binds(uint8_t part) {
  return part == USE_BIND || part == USE_TARGET || part == USE_CAPTURE || part == USE_OPEN || part == USE_IMPORT;
}

static bool use_add(UseFinder *finder, Arena *arena, Use use) {
  size_t capacity = finder->capacity;
  if (!use_reserve((void **)&finder->uses, &finder->capacity, finder->n + 1, sizeof(Use)) ||
      !arena_take(arena, (finder->capacity - capacity) * sizeof(Use))) {
    return false;
  }
  finder->uses[finder->n++] = use;
  return true;
}

/* Whether a name is one of some words, which spaces are between. */
static bool use_is_word_of(const char *words, const uint8_t *name, size_t size) {
  for (const char *word = words; *word;) {
    size_t n = strcspn(word, " ");
    if (n == size && memcmp(word, name, n) == 0) return true;
    word += n + (word[n] == ' ');
  }
  return false;
}

/* Note a method of an object that has to be of some type: its name is that of a member of the type. */
static bool use_note_method(
  UseFinder *finder, Arena *arena, const UseContext *around, UseName name, const uint8_t *text
) {
  const FactFrame *frame = fact_frame(finder, around->frame);
  uint32_t id = fact_intern(finder, arena, text + name.position.bytes, name.size), expected = FACT_NONE;
  if (id == INTERNER_FULL) return false;
  if (!fact_chain(&finder->facts, arena, FACT_MEMBER, frame->expected, id, &expected)) return false;
  finder->facts.scopes[frame->scope].expected = expected;
  return use_add(finder, arena, (Use){
    .name = id,
    .start = name.position.bytes,
    .row = name.position.extent.row,
    .column = name.position.extent.column,
    .receiver = 1 + frame->expected,
    .kind = USE_KIND_MEMBER,
  });
}

/* Note that a scope defines a name. What is defined in a file or a class is no name of a function. */
static bool use_define_in(
  UseFinder *finder, Arena *arena, uint32_t scope, Length position, uint32_t size, const uint8_t *text
) {
  uint8_t kind = finder->facts.scopes[scope].kind;
  if (kind != FACT_IN_FUNCTION && kind != FACT_IN_BLOCK) return true;
  uint32_t id = fact_intern(finder, arena, text + position.bytes, size);
  return id != INTERNER_FULL && use_bind(finder, arena, scope, id, USE_IS_DEFINED);
}

/* Note what a name binds and uses; `scope` is the one that it stands in, `id_out` its id where it has one. */
static bool use_note(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, UseName name, const uint8_t *text,
  uint32_t scope, uint32_t *id_out
) {
  uint32_t receiver = FACT_BARE;
  *id_out = INTERNER_FULL;
  if (!name.size) return true;
  uint32_t elements = FACT_NONE;
  if (name.part == USE_ELEMENT) {
    name.part = USE_READ;
    if (fact_is_of_html(text + name.position.bytes)) {
      name.part = USE_MEMBER;
      if (!fact_elements_of_html(finder, arena, &elements)) return false;
    }
  }
  bool is_tag = name.slot == FACT_SLOT_DEFINED && around->action == FACT_DO_TAG;
  if (name.slot == FACT_SLOT_DEFINED && !is_tag) {
    uint32_t outer = finder->facts.scopes[fact_frame(finder, around->frame)->scope].parent;
    if (!fact_name_scope(finder, arena, rules, around, name.position, text) ||
        !use_define_in(finder, arena, outer, name.position, name.size, text)) {
      return false;
    }
    if (rules->expects && fact_frame(finder, around->frame)->expected && around->action == FACT_DO_FUNCTION) {
      return use_note_method(finder, arena, around, name, text);
    }
  }
  /* Without facts, what opens a scope of its own and has a name is a function. */
  bool is_function = !rules->has_facts && name.part == USE_SKIP && around->rule->is_function;
  if (is_function) {
    uint32_t outer = finder->facts.scopes[around->bind_scope].parent;
    if (!use_define_in(finder, arena, outer, name.position, name.size, text)) return false;
  }
  if (name.part == USE_DEFINED && rules->has_facts) {
    FactScope *known = &finder->facts.scopes[around->bind_scope];
    if (known->name_start == FACT_NO_START || name.slot == FACT_SLOT_MEMBER) {
      known->name_start = name.position.bytes;
      known->name_row = name.position.extent.row;
    }
  }
  if (name.slot == FACT_SLOT_KEY) {
    static const char metaclass[] = "metaclass";
    fact_frame(finder, around->frame)->flags =
      name.size == sizeof metaclass - 1 && memcmp(text + name.position.bytes, metaclass, name.size) == 0;
  }
  bool is_named = fact_is_chain_slot(name.slot) || name.slot == FACT_SLOT_MEMBER || is_tag;
  is_named |= name.slot == FACT_SLOT_ALIAS;
  bool is_used = name.part != USE_SKIP && name.part != USE_INHERIT && name.part != USE_DEFINED;
  if (!is_used && !is_named) return true;
  uint32_t id = *id_out = fact_intern(finder, arena, text + name.position.bytes, name.size);
  if (id == INTERNER_FULL) return false;
  bool is_ranged = around->bound_until && (name.part == USE_RANGED || use_binds(name.part));
  if (is_ranged && !use_add_range(finder, arena, id, name.position.bytes, around->bound_until)) return false;
  if (name.part == USE_RANGED) return true;
  if (is_tag) {
    /* A name behind `struct` means no other kind of thing: its receiver says so. */
    fact_frame(finder, around->frame)->name = id + 1;
    if (!fact_chain(&finder->facts, arena, FACT_TAG, 0, id, &receiver)) return false;
    receiver++;
  }
  if (name.slot == FACT_SLOT_ALIAS && !fact_bind_export(finder, arena, name.position, id)) return false;
  if (name.slot == FACT_SLOT_ENTRY) {
    if (!fact_bind_entry(finder, arena, around, name.position, id, &receiver)) return false;
    receiver = receiver ? 1 + receiver : FACT_UNKNOWN;
  } else if (name.is_member && around->action == FACT_DO_CLASS) {
    if (!fact_bind_shorthand(finder, arena, around, name.position, id, &receiver)) return false;
    if (receiver) name.part = USE_MEMBER;
    receiver = receiver ? 1 + receiver : FACT_BARE;
  } else if (name.is_member && around->action == FACT_DO_UNPACK) {
    receiver = 1 + fact_frame(finder, around->frame)->base;
  } else if (name.slot == FACT_SLOT_BASE && fact_frame(finder, around->frame)->prefix) {
    receiver = 1 + fact_frame(finder, around->frame)->prefix;
    if (name.part == USE_READ) name.part = USE_MEMBER;
  } else if (name.slot == FACT_SLOT_MEMBER) {
    if (!fact_pass_member(finder, arena, around, id, &receiver)) return false;
    if (name.part == USE_READ || name.part == USE_CAPTURE) name.part = USE_MEMBER;
    if (name.part == USE_MEMBER && name.is_written) {
      if (!fact_bind_attribute(finder, arena, around, receiver, name.position, id)) return false;
      if (rules->expects) finder->facts.member_start = name.position.bytes;
      bool is_given = rules->expects && receiver;
      if (is_given && !fact_bind_given(finder, arena, around, receiver, name.position, id)) return false;
    }
    bool is_bare = around->action == FACT_DO_INVOKE && !fact_frame(finder, around->frame)->has_base;
    receiver = is_bare ? FACT_BARE : receiver ? 1 + receiver : FACT_UNKNOWN;
    if (is_bare && name.part == USE_MEMBER) name.part = USE_READ;
  } else if (name.part == USE_MEMBER) {
    receiver = elements ? 1 + elements : FACT_UNKNOWN;
  }
  if (!is_used) return true;
  bool is_bound = use_binds(name.part);
  if (is_bound && rules->has_facts && name.part != USE_OPEN && (name.part != USE_IMPORT || around->bind_scope) &&
      !fact_bind_name(finder, arena, rules, around, name.part, name.slot, name.position, id, name.is_member)) {
    return false;
  }
  if (name.part == USE_IMPORT) return true;
  if (around->bind_scope && around->binds && is_bound &&
      !use_bind(finder, arena, around->bind_scope, id, name.part == USE_OPEN ? USE_IS_OPEN : USE_IS_LOCAL)) {
    return false;
  }
  if (!name.is_member && is_bound && name.part != USE_TARGET) return true;
  bool is_written = name.is_written || name.part == USE_TARGET || name.part == USE_WRITE;
  return use_add(finder, arena, (Use){
    .name = id,
    /* A member is none of the names around it. */
    .scope = name.part == USE_MEMBER ? 0 : name.part == USE_TARGET ? around->bind_scope : scope,
    .start = name.position.bytes,
    .row = name.position.extent.row,
    .column = name.position.extent.column,
    .receiver = receiver,
    .kind = (uint8_t)(is_written ? USE_KIND_WRITE : name.part == USE_MEMBER ? USE_KIND_MEMBER : USE_KIND_READ),
    .is_member = name.is_member,
    .is_element = elements != FACT_NONE,
  });
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

/* Without facts, whether a child is the first; what stands in a hidden node is what that is. */
static REPOMAP_INLINE uint16_t use_ordinal(const UseRules *rules, const UseRule *rule, uint32_t place) {
  if (!rule->has_ordinals || rules->has_facts) return 0;
  return (uint16_t)(USE_FIRST_ORDINAL + (place > 0));
}

/* The place in the rule of the node around it of a child that was just passed, which is named or not. */
static REPOMAP_INLINE int use_place_of_child(
  UseFinder *finder, const UseRules *rules, const UseContext *around, Subtree parent, Subtree child, uint32_t place,
  uint16_t *field_out
) {
  const UseRule *rule = around->rule;
  *field_out = 0;
  if (!rule->n_fields && !rule->has_ordinals) return -1;
  uint16_t field = use_field(rules, parent, child, place);
  if (!field) field = around->field;
  if (!field) field = use_ordinal(rules, rule, place);
  *field_out = field;
  if (!field && rule->has_ordinals && around->action && ts_subtree_named(child) && !ts_subtree_extra(child)) {
    field = (uint16_t)(USE_FIRST_ORDINAL + fact_frame(finder, around->frame)->n_children++);
  }
  return use_place(rule, field);
}

/* Shorten `$script:name` and `${global:name}` to the name; a variable whose scope is not said to be one of these has
 * none. */
static void use_global_name(UseName *name, const uint8_t *text) {
  static const char *const scopes[] = {"script:", "global:", NULL};
  const uint8_t *at = text + name->position.bytes;
  uint32_t start = 0, end = name->size;
  if (start < end && at[start] == '$') start++;
  if (start < end && at[start] == '{') {
    start++;
    end -= at[end - 1] == '}';
  }
  for (const char *const *scope = scopes; *scope; scope++) {
    uint32_t size = 0;
    while ((*scope)[size] && start + size < end && (at[start + size] | 0x20) == ((*scope)[size] | 0x20)) size++;
    if ((*scope)[size]) continue;
    name->position.bytes += start + size;
    name->position.extent.column += start + size;
    name->size = end - start - size;
    return;
  }
  name->size = 0;
}

static bool use_macro_body(
  UseFinder *finder, Arena *arena, const UseContext *around, UseName body, const uint8_t *text
);

/* A leaf, or what is a name: note it, and give it to the node around it. */
static bool use_leaf(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, const UseRule *rule, UseName name,
  const uint8_t *text, bool is_leaf
) {
  uint32_t scope = around->scope, id = INTERNER_FULL, chain = FACT_NONE;
  bool is_body = name.slot == FACT_SLOT_BODY || name.slot == FACT_SLOT_BODY_VALUE;
  if (is_body && is_leaf) {
    scope = fact_frame(finder, around->frame)->scope;
    if (!fact_event(&finder->facts, arena, name.position.bytes, scope) ||
        !fact_event(&finder->facts, arena, name.position.bytes + name.size, around->scope)) {
      return false;
    }
  }
  if (rule->is_macro_body && name.part == USE_READ) return use_macro_body(finder, arena, around, name, text);
  bool is_name = rule->is_name && (!rule->is_only_member || name.part == USE_MEMBER);
  if (rule->is_only_pattern && name.part != USE_PATTERN) is_name = false;
  if (rule->is_field && (name.part == USE_BIND || name.part == USE_PATTERN)) name.part = USE_MEMBER;
  if (name.part == USE_PATTERN && name.size) {
    uint8_t first = text[name.position.bytes];
    name.part = first == '`' || (first >= 'A' && first <= 'Z') ? USE_READ : USE_BIND;
  }
  if (is_name) {
    if (rule->is_symbol && name.size) {
      name.position.bytes++;
      name.position.extent.column++;
      name.size--;
    }
    if (rule->is_said_global) use_global_name(&name, text);
    bool is_number = rule->is_word && name.size && text[name.position.bytes] >= '0' && text[name.position.bytes] <= '9';
    if (is_number) name.size = 0;
    bool may_be_none = rules->no_names && !use_binds(name.part);
    if (may_be_none && use_is_word_of(rules->no_names, text + name.position.bytes, name.size)) name.size = 0;
    if (!use_note(finder, arena, rules, around, name, text, scope, &id)) return false;
  }
  if (!is_leaf || !name.slot || name.slot == FACT_SLOT_MEMBER) return true;
  bool wants = fact_is_chain_slot(name.slot) && fact_asks(around);
  if (wants && rule->action == FACT_DO_NAME) {
    uint32_t prefix = name.slot == FACT_SLOT_BASE ? fact_frame(finder, around->frame)->prefix : FACT_NONE;
    uint8_t op = prefix ? FACT_MEMBER : FACT_NAME;
    if (id != INTERNER_FULL && !fact_chain(&finder->facts, arena, op, prefix, id, &chain)) return false;
  } else if (wants && rule->action) {
    UseContext leaf = {.action = rule->action, .rule = rule, .frame = around->frame};
    if (!fact_of_node(finder, arena, rules, &leaf, around, 0, text, &chain)) return false;
  }
  return fact_deliver(finder, arena, around, name.slot, chain, name.position.bytes + name.size, text);
}

/* The context of the children of a node that the walk enters. */
static bool use_context(
  UseFinder *finder, Arena *arena, const UseRules *rules, const UseContext *around, const UseRule *rule, Subtree node,
  Length position, uint8_t part, uint8_t slot, UseContext *inner
) {
  bool is_other = rule->is_function || rule->is_range;
  *inner = (UseContext){
    .part = part,
    .binds = rule->is_function || (around->binds && !rule->is_class),
    .in_type = around->in_type,
    .in_parameters = around->in_parameters,
    .in_let = around->in_let,
    .scope = around->scope,
    .bind_scope = around->bind_scope,
    .range_end = rule->is_range ? position.bytes + ts_subtree_size(node).bytes : around->range_end,
    .bound_until = rule->is_parameters ? around->range_end : is_other ? 0 : around->bound_until,
    .rule = rule,
  };
  if (rule->implicit && !use_bind_implicit(finder, arena, rule, node, position.bytes)) return false;
  if (part == USE_CAPTURE && use_has_several_names(rules, node)) inner->part = USE_READ;
  if (!rules->has_facts) {
    bool is_function = use_choose_rule(finder, rules, around, node, inner);
    inner->binds |= is_function;
    if (!is_function) return true;
    if (!fact_new_scope(&finder->facts, arena, around->scope, FACT_IN_FUNCTION, &inner->scope)) return false;
    inner->bind_scope = inner->scope;
    return true;
  }
  bool asks = fact_asks(around);
  inner->wants = asks && (fact_is_chain_slot(slot) || slot == FACT_SLOT_BASES || slot == FACT_SLOT_MEMBER);
  if (asks && slot == FACT_SLOT_ARGUMENTS) {
    bool is_call = around->action == FACT_DO_APPLY;
    inner->wants = is_call || fact_call_of(finder, rules, fact_frame(finder, around->frame)->base) != NULL;
  }
  bool is_kept = slot == FACT_SLOT_TARGET || slot == FACT_SLOT_PARAMETERS || slot == FACT_SLOT_SOURCE;
  inner->slot = inner->wants || is_kept ? slot : FACT_SLOT_NONE;
  bool is_given = rules->awaits && fact_is_given(around->action) && fact_may_be_given(rule->action);
  inner->action = inner->wants || is_given || fact_always_wants(rule->action) ? rule->action : FACT_DO_NOTHING;
  /* What Literal has in its brackets is no type. */
  bool is_argument = inner->in_type == USE_IN_TYPE && (slot == FACT_SLOT_ARGUMENT || slot == FACT_SLOT_SECOND);
  if (is_argument && fact_is_named(finder, fact_frame(finder, around->frame)->base, "Literal")) {
    inner->in_type = USE_NEVER_TYPE;
  }
  use_choose_action(rules, around, node, slot, inner);
  bool is_body = slot == FACT_SLOT_BODY || slot == FACT_SLOT_BODY_VALUE;
  if (is_body && !fact_enter_body(finder, arena, around, position.bytes, inner)) return false;
  if (inner->action && !fact_enter(finder, arena, rules, around, position, inner)) return false;
  if (!inner->action && slot == FACT_SLOT_PARAMETERS) inner->in_parameters = true;
  inner->leaves = inner->action || inner->slot || inner->opens;
  return true;
}

static bool use_mark(UseFinder *finder, Arena *arena, const Subtree *node, Length position, TSSymbol alias) {
  size_t n = finder->n_marked + 1;
  if (!fact_reserve((void **)&finder->marked, &finder->marked_capacity, n, sizeof(TSNode), arena)) return false;
  finder->marked[finder->n_marked++] = ts_node_new(finder->walk.tree, node, position, alias);
  return true;
}

static bool use_start(UseFinder *finder, Arena *arena, const Subtree *node, Length position, TSSymbol alias) {
  size_t n = finder->n_starts + 1;
  if (!fact_reserve((void **)&finder->starts, &finder->starts_capacity, n, sizeof(TSNode), arena)) return false;
  finder->starts[finder->n_starts++] = ts_node_new(finder->walk.tree, node, position, alias);
  return true;
}

/* Go on to the next child of the node that the walk is in, and note what it is. */
static REPOMAP_INLINE bool use_pass_child(
  UseFinder *finder, Arena *arena, const UseRules *rules, RepomapWalkEntry *entry, Subtree parent, const uint8_t *text
) {
  const UseContext *around = &finder->contexts[finder->walk.depth];
  uint32_t place = entry->structural_child;
  TSSymbol alias;
  Length position;
  uint16_t field;
  const Subtree *child = walk_pass_child(entry, parent, &alias, &position);
  uint32_t n_children = ts_subtree_child_count(*child);
  if (!alias && !ts_subtree_visible(*child)) {
    if (!n_children) return true;
    UseContext hidden = *around;
    hidden.leaves = false;
    if (around->rule->n_fields) {
      hidden.field = use_field(rules, parent, *child, place);
      if (!hidden.field) hidden.field = around->field;
      if (!hidden.field) hidden.field = use_ordinal(rules, around->rule, place);
    }
    return use_enter(finder, child, position, hidden);
  }
  TSSymbol symbol = alias ? alias : ts_subtree_symbol(*child);
  bool is_start = symbol < finder->walk.n_symbols && finder->walk.is_start[symbol];
  if (is_start && !use_start(finder, arena, child, position, alias)) return false;
  const UseRule *rule = symbol < rules->n_symbols ? &rules->rules[symbol] : &use_no_rule;
  if (!n_children && !rule->is_known && (!around->action || !ts_subtree_named(*child))) return true;
  if (rule->is_marked && !use_mark(finder, arena, child, position, alias)) return false;
  const UseRule *outer = around->rule;
  int in_rule = use_place_of_child(finder, rules, around, parent, *child, place, &field);
  uint8_t part = in_rule < 0 ? outer->others : outer->parts[in_rule];
  uint8_t slot = !around->action ? FACT_SLOT_NONE : in_rule < 0 ? outer->other_slot : outer->slots[in_rule];
  if (part == USE_INHERIT) part = around->part;
  if (slot == FACT_SLOT_TARGET && !fact_frame(finder, around->frame)->end_binding) {
    fact_frame(finder, around->frame)->first_binding = (uint32_t)finder->facts.n_bindings;
    fact_frame(finder, around->frame)->first_use = (uint32_t)finder->n;
  }
  if (rule->is_name || !n_children) {
    UseName name = {
      .position = position,
      .size = ts_subtree_size(*child).bytes,
      .part = part,
      .slot = slot,
      .is_written = part == USE_MEMBER && (around->part == USE_TARGET || around->part == USE_WRITE),
      .is_member = rule->is_member,
    };
    if (!use_leaf(finder, arena, rules, around, rule, name, text, !n_children)) return false;
  }
  if (!n_children) return true;
  UseContext inner;
  return use_context(finder, arena, rules, around, rule, *child, position, part, slot, &inner) &&
         use_enter(finder, child, position, inner);
}

static ArenaVerdict use_tell_starts(UseFinder *finder, const UseStarts *starts) {
  size_t n = finder->n_starts;
  finder->n_starts = 0;
  return n ? (ArenaVerdict)starts->take(starts->payload, finder->starts, n) : ARENA_RUNNING;
}

static ArenaVerdict use_walk(
  UseFinder *finder, Arena *arena, const UseRules *rules, const uint8_t *text, const UseStarts *starts
) {
  RepomapWalk *walk = &finder->walk;
  const Subtree *root = &walk->tree->root;
  if (walk_is_start(walk, *root, 0) && !use_start(finder, arena, root, ts_subtree_padding(*root), 0)) {
    return ARENA_OUT_OF_MEMORY;
  }
  TSSymbol symbol = ts_subtree_symbol(*root);
  const UseRule *rule = symbol < rules->n_symbols ? &rules->rules[symbol] : &use_no_rule;
  bool is_told = rule->is_known && rule->others != USE_INHERIT;
  UseContext top = {.part = is_told ? rule->others : USE_READ, .rule = &use_no_rule};
  if (ts_subtree_child_count(*root) && !use_enter(finder, root, ts_subtree_padding(*root), top)) {
    return ARENA_OUT_OF_MEMORY;
  }
  ArenaVerdict verdict = ARENA_RUNNING;
  while (walk->depth) {
    RepomapWalkEntry *entry = &walk->entries[walk->depth - 1];
    const Subtree parent = *(const Subtree *)entry->subtree;
    if (entry->child == parent.ptr->child_count) {
      const UseContext *left = &finder->contexts[walk->depth--];
      if (!left->leaves) continue;
      if (!fact_leave(finder, arena, rules, left, left - 1, entry->byte, text)) return ARENA_OUT_OF_MEMORY;
      finder->facts.n_frames -= left->frame != 0;
      continue;
    }
    if ((verdict = walk_count_child(walk, arena)) != ARENA_RUNNING) return verdict;
    if (!use_pass_child(finder, arena, rules, entry, parent, text)) return ARENA_OUT_OF_MEMORY;
    bool are_many = finder->n_starts >= USE_MOST_STARTS;
    if (are_many && (verdict = use_tell_starts(finder, starts)) != ARENA_RUNNING) return verdict;
  }
  return verdict;
}

/* What is found is settled now that all bindings are known. */

ArenaVerdict repomap_start_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const uint8_t *text, uint32_t size
) {
  uint32_t file;
  interner_clear(&finder->names);
  fact_start(&finder->facts);
  finder->n = finder->n_marked = finder->n_starts = finder->n_ranges = 0;
  finder->doc_text = rules->has_docs ? text : NULL;
  if (finder->n_slots > 1 << 14) {
    free(finder->bindings);
    finder->bindings = NULL;
    finder->n_slots = 0;
  } else if (finder->n_bindings) {
    memset(finder->bindings, 0, finder->n_slots * sizeof(UseBinding));
    if (finder->n_slots > 256 && finder->n_bindings < finder->n_slots / 8) finder->n_slots /= 2;
  }
  finder->n_bindings = 0;
  finder->text_size = size;
  if (!fact_no_frame(&finder->facts, arena) || !fact_new_scope(&finder->facts, arena, 0, FACT_IN_FILE, &file)) {
    return ARENA_OUT_OF_MEMORY;
  }
  return fact_bind_typedefs(finder, arena);
}

ArenaVerdict repomap_find_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const TSTree *tree, const uint8_t *text, UseStarts starts
) {
  finder->n_marked = finder->n_starts = 0;
  finder->facts.n_frames = 1;
  repomap_walk_start(&finder->walk, tree, starts.is_start, starts.is_start ? starts.n_symbols : 0);
  ArenaVerdict verdict = use_walk(finder, arena, rules, text, &starts);
  if (verdict == ARENA_RUNNING) verdict = use_tell_starts(finder, &starts);
  if (verdict != ARENA_RUNNING) finder->n = 0;
  return verdict;
}

void repomap_forget_uses(UseFinder *finder) {
  uint64_t seed = finder->names.seed, n_steps = repomap_walk_steps(&finder->walk);
  repomap_free_uses(finder);
  memset(finder, 0, sizeof *finder);
  finder->names.seed = seed;
  finder->walk.n_steps = n_steps;
}

void repomap_free_uses(UseFinder *finder) {
  free(finder->walk.entries);
  interner_free(&finder->names);
  free(finder->uses);
  free(finder->ranges);
  free(finder->tags);
  free(finder->marked);
  free(finder->starts);
  fact_free(&finder->facts);
  free(finder->contexts);
  free(finder->bindings);
  free(finder->local_ids);
}
