/* Included by core.c: makes of the tables of all languages the rules of one grammar, by the numbers of its nodes. */
#include "fact_rules.h"
#include "use_rules.h"
#include "use_words.h"

static bool use_is_of(const char *grammars, const char *grammar) {
  size_t size = strlen(grammar);
  for (const char *at = grammars; size && (at = strstr(at, grammar)); at += size) {
    if ((at == grammars || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return true;
  }
  return false;
}

/* The number of a field, or of a place among the named children: "#0" for the first; 0 where the grammar has none. */
static TSFieldId use_field_of_name(const TSLanguage *language, const char *name) {
  if (name[0] == '#') return (TSFieldId)(USE_FIRST_ORDINAL + name[1] - '0');
  return ts_language_field_id_for_name(language, name, (uint32_t)strlen(name));
}

/* The place of a field among those of a rule: it is added where it is new. Rules have room for all that are written. */
static int use_place_of_field(UseRule *rule, TSFieldId field) {
  int place = 0;
  while (place < rule->n_fields && rule->fields[place] != field) place++;
  if (place == USE_MAX_FIELDS) return USE_MAX_FIELDS - 1;
  if (place == rule->n_fields) {
    rule->fields[rule->n_fields++] = field;
    rule->parts[place] = rule->others;
    rule->slots[place] = rule->other_slot;
  }
  return place;
}

static void use_add_row(UseRule *rule, const UseRow *row, const TSLanguage *language) {
  rule->is_known = 1;
  rule->is_name = row->is_name;
  rule->is_member = row->is_member;
  rule->is_symbol = row->is_symbol;
  rule->is_word = row->is_word;
  rule->is_only_member = row->is_only_member;
  rule->is_only_pattern = row->is_only_pattern;
  rule->is_field = row->is_field;
  rule->is_said_global = row->is_said_global;
  rule->is_macro_body = row->is_macro_body;
  rule->is_function = row->is_function;
  rule->is_class = row->is_class;
  rule->is_range = row->is_range;
  rule->is_parameters = row->is_parameters;
  rule->choice = (uint8_t)row->choice;
  rule->head = (uint8_t)row->head;
  rule->has_keywords = row->has_keywords;
  rule->others = (uint8_t)row->others;
  for (int i = 0; i < USE_MAX_ROW_FIELDS && row->fields[i].name; i++) {
    TSFieldId field = use_field_of_name(language, row->fields[i].name);
    if (field) rule->parts[use_place_of_field(rule, field)] = (uint8_t)row->fields[i].part;
  }
}

static void fact_add_row(UseRule *rule, const FactRow *row, const TSLanguage *language) {
  rule->is_known = 1;
  rule->action = (uint8_t)row->action;
  rule->data = row->data;
  rule->other_slot = (uint8_t)row->others;
  rule->has_ordinals |= (row->action == FACT_DO_UNPACK && row->data == FACT_RESULT) || row->action == FACT_DO_GIVE;
  for (int i = 0; i < rule->n_fields; i++) rule->slots[i] = rule->other_slot;
  for (int i = 0; i < FACT_MAX_ROW_FIELDS && row->fields[i].name; i++) {
    TSFieldId field = use_field_of_name(language, row->fields[i].name);
    if (!field) continue;
    rule->slots[use_place_of_field(rule, field)] = (uint8_t)row->fields[i].slot;
    rule->has_ordinals |= field >= USE_FIRST_ORDINAL;
    rule->has_body |= row->fields[i].slot == FACT_SLOT_BODY || row->fields[i].slot == FACT_SLOT_BODY_VALUE;
  }
}

/* Note the field of each child of each production, so that none is searched for. */
static bool use_add_productions(UseRules *rules, const TSLanguage *language) {
  uint32_t n = language->production_id_count, n_fields = 0;
  rules->first_fields = (uint32_t *)calloc((size_t)n + 1, sizeof(uint32_t));
  if (!rules->first_fields) return false;
  for (int is_filling = 0; is_filling < 2; is_filling++) {
    n_fields = 0;
    for (uint32_t production = 0; production < n; production++) {
      const TSFieldMapEntry *at, *end;
      uint32_t n_children = 0;
      ts_language_field_map(language, (uint16_t)production, &at, &end);
      for (; at < end; at++) {
        if (at->inherited) continue;
        uint16_t *field = is_filling ? &rules->child_fields[n_fields + at->child_index] : NULL;
        if (field && !*field) *field = at->field_id;
        if (at->child_index >= n_children) n_children = (uint32_t)at->child_index + 1;
      }
      n_fields += n_children;
      rules->first_fields[production + 1] = n_fields;
    }
    if (is_filling) break;
    rules->child_fields = (uint16_t *)calloc((size_t)n_fields + 1, sizeof(uint16_t));
    if (!rules->child_fields) return false;
  }
  rules->n_productions = n;
  return true;
}

/* Note what an assignment is whose operator points to the right, or past the function around it. */
static void use_add_sides(UseRules *rules, const UseRule *rule) {
  uint8_t left = rule->parts[0], right = rule->parts[1];
  for (size_t i = 0; i < USE_N_SIDES; i++) rules->sides[i] = *rule;
  rules->sides[USE_OUTWARDS].parts[0] = USE_WRITE;
  rules->sides[USE_TO_THE_RIGHT].parts[0] = rules->sides[USE_OUTWARDS_TO_THE_RIGHT].parts[0] = right;
  rules->sides[USE_TO_THE_RIGHT].parts[1] = left;
  rules->sides[USE_OUTWARDS_TO_THE_RIGHT].parts[1] = USE_WRITE;
}

/* Note which names a kind of node binds though they are written nowhere. */
static void use_add_implicit(UseRules *rules, const TSLanguage *language, const char *grammar) {
  for (size_t i = 0; i < sizeof use_implicit / sizeof *use_implicit; i++) {
    if (!use_is_of(use_implicit[i].grammar, grammar)) continue;
    for (uint32_t symbol = 0; symbol < rules->n_symbols; symbol++) {
      const char *name = ts_language_symbol_name(language, (TSSymbol)symbol);
      bool is_named = ts_language_symbol_type(language, (TSSymbol)symbol) == TSSymbolTypeRegular;
      bool binds = is_named && name && strcmp(name, use_implicit[i].node) == 0;
      if (binds) rules->rules[symbol].implicit |= (uint16_t)(1u << i);
    }
  }
}

typedef enum { USE_TABLE, FACT_TABLE } RuleTable;

/* Add a row of a table to the rules of all nodes of its name. */
static void use_add_to_symbols(UseRules *rules, const TSLanguage *language, RuleTable table, size_t row) {
  const char *node = table == USE_TABLE ? use_rows[row].node : fact_rows[row].node;
  for (uint32_t symbol = 0; symbol < rules->n_symbols; symbol++) {
    const char *name = ts_language_symbol_name(language, (TSSymbol)symbol);
    bool is_named = ts_language_symbol_type(language, (TSSymbol)symbol) == TSSymbolTypeRegular;
    if (!is_named || !name || strcmp(name, node) != 0) continue;
    if (table == USE_TABLE) {
      use_add_row(&rules->rules[symbol], &use_rows[row], language);
    } else {
      fact_add_row(&rules->rules[symbol], &fact_rows[row], language);
      rules->has_facts = true;
    }
  }
}

bool repomap_use_rules(const TSLanguage *language, const char *grammar, const uint8_t *marks, UseRules *rules_out) {
  memset(rules_out, 0, sizeof *rules_out);
  for (size_t i = 0; i < sizeof use_rows / sizeof *use_rows; i++) {
    if (!use_is_of(use_rows[i].grammars, grammar)) continue;
    if (!rules_out->rules) {
      rules_out->n_symbols = ts_language_symbol_count(language);
      rules_out->rules = (UseRule *)calloc(rules_out->n_symbols + 1, sizeof(UseRule));
      if (!rules_out->rules || !use_add_productions(rules_out, language)) return false;
    }
    use_add_to_symbols(rules_out, language, USE_TABLE, i);
  }
  for (size_t i = 0; rules_out->rules && i < sizeof fact_rows / sizeof *fact_rows; i++) {
    if (use_is_of(fact_rows[i].grammars, grammar)) use_add_to_symbols(rules_out, language, FACT_TABLE, i);
  }
  for (uint32_t symbol = 0; rules_out->rules && !rules_out->has_facts && symbol < rules_out->n_symbols; symbol++) {
    UseRule *rule = &rules_out->rules[symbol];
    if (rule->choice == USE_IF_ASSIGNED) use_add_sides(rules_out, rule);
    for (int i = 0; i < rule->n_fields; i++) rule->has_ordinals |= rule->fields[i] == USE_FIRST_ORDINAL;
  }
  for (uint32_t symbol = 0; marks && symbol < rules_out->n_symbols; symbol++) {
    rules_out->rules[symbol].is_marked = marks[symbol] != 0;
  }
  if (rules_out->rules) use_add_implicit(rules_out, language, grammar);
  size_t n_calls = 0;
  for (size_t i = 0; i < sizeof fact_calls / sizeof *fact_calls && n_calls < USE_MAX_CALLS; i++) {
    if (use_is_of(fact_calls[i].grammars, grammar)) {
      rules_out->calls[n_calls++] = (UseCall){fact_calls[i].name, (uint8_t)fact_calls[i].op};
    }
  }
  for (size_t i = 0; i < sizeof use_no_names / sizeof *use_no_names; i++) {
    if (use_is_of(use_no_names[i].grammar, grammar)) rules_out->no_names = use_no_names[i].words;
  }
  rules_out->has_docs = use_is_of("javascript", grammar);
  rules_out->has_named_self = use_is_of("python", grammar);
  rules_out->awaits = use_is_of("javascript tsx typescript", grammar);
  rules_out->expects = rules_out->keeps_parameters = use_is_of("c java javascript tsx typescript", grammar);
  return true;
}

void repomap_free_use_rules(UseRules *rules) {
  free(rules->rules);
  free(rules->first_fields);
  free(rules->child_fields);
  memset(rules, 0, sizeof *rules);
}
