/* Included by core.c, before uses.c: some nodes are another thing by where they stand, or by what is in them. */
#include "uses.h"

static const UseRule use_no_rule = {.others = USE_INHERIT};

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

/* Whether a node has a child in which members are bound. It may stand in hidden nodes, a few in each other. */
static bool use_has_body(const UseRules *rules, Subtree node) {
  for (int level = 0; level < 4; level++) {
    const Subtree *hidden = NULL;
    for (uint32_t i = 0; i < node.ptr->child_count; i++) {
      const Subtree *child = &ts_subtree_children(node)[i];
      TSSymbol symbol = ts_subtree_symbol(*child);
      if (symbol < rules->n_symbols && rules->rules[symbol].is_class) return true;
      if (!ts_subtree_visible(*child) && ts_subtree_child_count(*child)) hidden = child;
    }
    if (!hidden) return false;
    node = *hidden;
  }
  return false;
}

/* Some nodes are another thing by where they stand, or by what is in them. */
static void use_choose_action(
  const UseRules *rules, const UseContext *around, Subtree node, uint8_t slot, UseContext *inner
) {
  const UseRule *rule = inner->rule;
  if (inner->action == FACT_DO_RECORD) {
    inner->action = use_has_body(rules, node) ? FACT_DO_CLASS : FACT_DO_TAG;
  } else if (inner->action == FACT_DO_UNPACK && rule->data == FACT_RESULT) {
    if (fact_is_chain_slot(slot)) {
      inner->action = FACT_DO_LIST;
    } else if (node.ptr->child_count == 1) {
      inner->action = FACT_DO_NOTHING;
    }
  } else if (inner->action == FACT_DO_CLASS && rule->data == FACT_IN_OBJECT) {
    /* What a type that has a name is made of opens no scope of its own. */
    bool is_of_type = around->action == FACT_DO_CLASS && !around->rule->data;
    if (is_of_type) inner->action = FACT_DO_HERITAGE;
  } else if (inner->action == FACT_DO_BRACES) {
    bool is_body = around->action == FACT_DO_FUNCTION || around->action == FACT_DO_BLOCK;
    if (is_body) inner->action = FACT_DO_NOTHING;
  } else if (inner->action == FACT_DO_SPREAD) {
    bool is_in_object = around->action == FACT_DO_CLASS && around->rule->data == FACT_IN_OBJECT;
    if (!is_in_object) inner->action = FACT_DO_NOTHING;
  } else if (inner->action == FACT_DO_DESIGNATOR && slot != FACT_SLOT_EXPECTED) {
    /* A value, which names no member. */
    inner->action = rule->data ? FACT_DO_INITIALIZER : FACT_DO_NOTHING;
    inner->rule = &use_no_rule;
  }
}

/* Whether one of the children of a node is of this kind: a name of the grammar, or a sign. */
static bool use_has_child(const TSLanguage *language, Subtree node, const char *kind) {
  for (uint32_t i = 0, place = 0; i < node.ptr->child_count; i++) {
    Subtree child = ts_subtree_children(node)[i];
    bool is_extra = ts_subtree_extra(child), may_have_alias = !is_extra && place < language->max_alias_sequence_length;
    TSSymbol alias = !may_have_alias ? 0 : ts_language_alias_at(language, node.ptr->production_id, place);
    const char *name = ts_language_symbol_name(language, alias ? alias : ts_subtree_symbol(child));
    if (strcmp(name, kind) == 0) return true;
    place += !is_extra;
  }
  return false;
}

/* The rule of a node with two sides, by the operator between them. */
static const UseRule *use_rule_of_sides(
  const UseRules *rules, const UseRule *rule, const TSLanguage *language, Subtree node
) {
  if (use_has_child(language, node, "<-") || use_has_child(language, node, "=")) return rule;
  if (use_has_child(language, node, "<<-")) return &rules->sides[USE_OUTWARDS];
  if (use_has_child(language, node, "->")) return &rules->sides[USE_TO_THE_RIGHT];
  if (use_has_child(language, node, "->>")) return &rules->sides[USE_OUTWARDS_TO_THE_RIGHT];
  return &use_no_rule;
}

/* Note that a name is bound in a part of the text. */
static bool use_add_range(UseFinder *finder, Arena *arena, uint32_t name, uint32_t start, uint32_t end) {
  size_t n = finder->n_ranges + 1;
  if (!fact_reserve((void **)&finder->ranges, &finder->ranges_capacity, n, sizeof(UseRange), arena)) return false;
  finder->ranges[finder->n_ranges++] = (UseRange){name, start, end};
  return true;
}

/* Bind names that are written nowhere in the node that binds them. */
static bool use_bind_implicit(UseFinder *finder, Arena *arena, const UseRule *rule, Subtree node, uint32_t start) {
  const TSLanguage *language = finder->walk.tree->language;
  uint32_t end = start + ts_subtree_size(node).bytes;
  for (size_t i = 0; i < sizeof use_implicit / sizeof *use_implicit; i++) {
    const char *unless = use_implicit[i].unless, *name = use_implicit[i].name;
    if (!(rule->implicit >> i & 1) || (unless && use_has_child(language, node, unless))) continue;
    uint32_t id = fact_intern(finder, arena, (const uint8_t *)name, strlen(name));
    if (id == INTERNER_FULL || !use_add_range(finder, arena, id, start, end)) return false;
  }
  return true;
}

/* Whether what a node assigns to is a call: then it defines a function. Types may stand around the call. */
static bool use_is_headed(const UseRules *rules, Subtree node) {
  for (int level = 0; level < 16 && ts_subtree_child_count(node); level++) {
    node = ts_subtree_children(node)[0];
    if (!ts_subtree_visible(node)) continue;
    TSSymbol symbol = ts_subtree_symbol(node);
    uint8_t head = symbol < rules->n_symbols ? rules->rules[symbol].head : USE_NO_HEAD;
    if (head != USE_HAS_HEAD) return head == USE_IS_HEAD;
  }
  return false;
}

/* Whether a pattern begins with a word that has all names in it bound: `let (a, b)`. */
static bool use_has_let(const UseFinder *finder, Subtree node) {
  Subtree first = node;
  do first = ts_subtree_children(first)[0];
  while (!ts_subtree_visible(first) && ts_subtree_child_count(first));
  const char *name = ts_language_symbol_name(finder->walk.tree->language, ts_subtree_symbol(first));
  return ts_subtree_named(first) && strcmp(name, "value_binding_pattern") == 0;
}

/* Choose the rule of a node of a grammar without facts; whether it opens a function. */
static bool use_choose_rule(
  const UseFinder *finder, const UseRules *rules, const UseContext *around, Subtree node, UseContext *inner
) {
  /* The name of a parameter, and what is given for it. */
  static const UseRule keyword = {
    .others = USE_READ, .n_fields = 1, .has_ordinals = 1, .parts = {USE_SKIP}, .fields = {USE_FIRST_ORDINAL}
  };
  static const UseRule values = {.others = USE_READ};
  const UseRule *rule = inner->rule;
  const TSLanguage *language = finder->walk.tree->language;
  if (rule->choice == USE_IF_ASSIGNED) inner->rule = use_rule_of_sides(rules, rule, language, node);
  if (rule->choice == USE_IF_NAMED && use_has_child(language, node, "[")) inner->rule = &values;
  if (rule->choice == USE_IF_VALUED && !use_has_child(language, node, "=")) inner->rule = &values;
  static const UseRule valued = {
    .others = USE_INHERIT, .n_fields = 1, .has_ordinals = 1, .parts = {USE_SKIP}, .fields = {USE_FIRST_ORDINAL}
  };
  if (rule->choice == USE_IF_ALONE && node.ptr->child_count > 2) inner->rule = &valued;
  if (rule->choice == USE_LET) {
    if (around->in_let) inner->part = USE_BIND;
    inner->in_let |= use_has_let(finder, node);
  }
  if (rule->choice != USE_ASSIGNMENT) return rule->is_function;
  if (around->rule->has_keywords && inner->part == USE_READ) {
    inner->rule = &keyword;
    return false;
  }
  return use_is_headed(rules, node);
}
