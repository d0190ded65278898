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
  } else if (inner->action == FACT_DO_SPREAD && !(around->action == FACT_DO_CLASS && around->rule->data == FACT_IN_OBJECT)) {
    inner->action = FACT_DO_NOTHING;
  } else if (inner->action == FACT_DO_DESIGNATOR && slot != FACT_SLOT_EXPECTED) {
    /* A value, which names no member. */
    inner->action = rule->data ? FACT_DO_INITIALIZER : FACT_DO_NOTHING;
    inner->rule = &use_no_rule;
  }
}

/* Whether the operator between the two sides of a node assigns: one of its children, which has no name of its own. */
static bool use_is_assigned(const TSLanguage *language, Subtree node) {
  for (uint32_t i = 0; i < node.ptr->child_count; i++) {
    Subtree child = ts_subtree_children(node)[i];
    const char *sign = ts_language_symbol_name(language, ts_subtree_symbol(child));
    if (!ts_subtree_named(child) && (strcmp(sign, "<-") == 0 || strcmp(sign, "=") == 0)) return true;
  }
  return false;
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
  const UseRule *rule = inner->rule;
  if (rule->choice == USE_IF_ASSIGNED && !use_is_assigned(finder->walk.tree->language, node)) inner->rule = &use_no_rule;
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
