/* What each kind of node says of scopes, bindings and chains, by language: see uses.h. Nothing without a row. */
#ifndef REPOMAP_FACT_RULES_H_
#define REPOMAP_FACT_RULES_H_

#include "uses.h"

enum { FACT_MAX_ROW_FIELDS = 5 };

typedef struct {
  const char *grammars; /* between spaces */
  const char *node;
  FactAction action;
  uint8_t data;
  FactSlot others;      /* children without a field of these */
  struct {
    const char *name;   /* or "#0" for the first named child, and so on */
    FactSlot slot;
  } fields[FACT_MAX_ROW_FIELDS];
} FactRow;

#define LITERAL(grammars, node, kind) {grammars, node, FACT_DO_LITERAL, kind}
#define PASS(grammars, node) {grammars, node, FACT_DO_PASS, 0, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}}}

static const FactRow fact_rows[] = {
  {"python", "identifier", FACT_DO_NAME},
  LITERAL("python", "integer", FACT_NUMBER),
  LITERAL("python", "float", FACT_NUMBER),
  LITERAL("python", "true", FACT_BOOLEAN),
  LITERAL("python", "false", FACT_BOOLEAN),
  LITERAL("python", "none", FACT_NO_VALUE),
  LITERAL("python", "list", FACT_LIST),
  LITERAL("python", "dictionary", FACT_MAPPING),
  LITERAL("python", "set", FACT_SET),
  LITERAL("python", "tuple", FACT_TUPLE),
  LITERAL("python", "comparison_operator", FACT_BOOLEAN),
  LITERAL("python", "not_operator", FACT_BOOLEAN),
  LITERAL("python", "concatenated_string", FACT_STRING),
  {"python", "string", FACT_DO_STRING},
  {"python", "attribute", FACT_DO_MEMBER, 0, FACT_SLOT_NONE,
   {{"object", FACT_SLOT_BASE}, {"attribute", FACT_SLOT_MEMBER}}},
  {"python", "member_type", FACT_DO_MEMBER, 0, FACT_SLOT_NONE,
   {{"#0", FACT_SLOT_BASE}, {"#1", FACT_SLOT_MEMBER}}},
  {"python", "dotted_name", FACT_DO_MEMBER, 0, FACT_SLOT_MEMBER, {{"#0", FACT_SLOT_BASE}}},
  {"python", "call", FACT_DO_CALL, 0, FACT_SLOT_NONE,
   {{"function", FACT_SLOT_BASE}, {"arguments", FACT_SLOT_ARGUMENTS}}},
  {"python", "argument_list", FACT_DO_LIST, 0, FACT_SLOT_ARGUMENT},
  {"python", "keyword_argument", FACT_DO_KEYWORD, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_KEY}, {"value", FACT_SLOT_BASE}}},
  {"python", "subscript", FACT_DO_ITEM, 0, FACT_SLOT_NONE,
   {{"value", FACT_SLOT_BASE}, {"subscript", FACT_SLOT_ARGUMENT}}},
  {"python", "generic_type", FACT_DO_GENERIC, 0, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}, {"#1", FACT_SLOT_SECOND}}},
  {"python", "type_parameter", FACT_DO_LIST, 0, FACT_SLOT_ARGUMENT},
  {"python", "type", FACT_DO_TYPE, 0, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}}},
  {"python", "union_type", FACT_DO_PASS, 0, FACT_SLOT_UNION},
  {"python", "binary_operator", FACT_DO_PASS, 1, FACT_SLOT_NONE,
   {{"left", FACT_SLOT_UNION}, {"right", FACT_SLOT_UNION}}},
  PASS("python", "parenthesized_expression"),
  {"python", "await", FACT_DO_OP, FACT_AWAITED, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}}},
  {"python", "boolean_operator", FACT_DO_PASS, 0, FACT_SLOT_NONE,
   {{"left", FACT_SLOT_UNION}, {"right", FACT_SLOT_UNION}}},
  {"python", "conditional_expression", FACT_DO_PASS, 0, FACT_SLOT_NONE,
   {{"#0", FACT_SLOT_UNION}, {"#2", FACT_SLOT_UNION}}},
  {"python", "assignment", FACT_DO_DECLARE, 0, FACT_SLOT_NONE,
   {{"left", FACT_SLOT_TARGET}, {"type", FACT_SLOT_TYPE}, {"right", FACT_SLOT_VALUE}}},
  {"python", "augmented_assignment", FACT_DO_PATTERN},
  {"python", "named_expression", FACT_DO_DECLARE, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_TARGET}, {"value", FACT_SLOT_VALUE}}},
  {"python", "for_statement", FACT_DO_DECLARE, FACT_ELEMENT, FACT_SLOT_NONE,
   {{"left", FACT_SLOT_TARGET}, {"right", FACT_SLOT_VALUE}}},
  {"python", "for_in_clause", FACT_DO_DECLARE, FACT_ELEMENT, FACT_SLOT_NONE,
   {{"left", FACT_SLOT_TARGET}, {"right", FACT_SLOT_VALUE}}},
  {"python", "as_pattern", FACT_DO_DECLARE, FACT_ENTERED, FACT_SLOT_NONE,
   {{"#0", FACT_SLOT_VALUE}, {"alias", FACT_SLOT_TARGET}}},
  {"python", "except_clause", FACT_DO_EXCEPT},
  {"python", "pattern_list", FACT_DO_PATTERN},
  {"python", "tuple_pattern", FACT_DO_PATTERN},
  {"python", "list_pattern", FACT_DO_PATTERN},
  {"python", "typed_parameter", FACT_DO_DECLARE, 0, FACT_SLOT_NONE,
   {{"#0", FACT_SLOT_TARGET}, {"type", FACT_SLOT_TYPE}}},
  {"python", "default_parameter", FACT_DO_DECLARE, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_TARGET}, {"value", FACT_SLOT_VALUE}}},
  {"python", "typed_default_parameter", FACT_DO_DECLARE, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_TARGET}, {"type", FACT_SLOT_TYPE}, {"value", FACT_SLOT_VALUE}}},
  {"python", "list_splat_pattern", FACT_DO_PATTERN},
  {"python", "dictionary_splat_pattern", FACT_DO_PATTERN},
  {"python", "function_definition", FACT_DO_FUNCTION, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_DEFINED},
    {"parameters", FACT_SLOT_PARAMETERS},
    {"return_type", FACT_SLOT_RESULT},
    {"body", FACT_SLOT_BODY}}},
  {"python", "lambda", FACT_DO_BLOCK, 0, FACT_SLOT_NONE,
   {{"parameters", FACT_SLOT_PARAMETERS}, {"body", FACT_SLOT_BODY_VALUE}}},
  {"python", "list_comprehension", FACT_DO_BLOCK, FACT_LIST},
  {"python", "set_comprehension", FACT_DO_BLOCK, FACT_SET},
  {"python", "dictionary_comprehension", FACT_DO_BLOCK, FACT_MAPPING},
  {"python", "generator_expression", FACT_DO_BLOCK, FACT_OTHER},
  {"python", "return_statement", FACT_DO_RETURN, 0, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}}},
  {"python", "yield", FACT_DO_RETURN},
  {"python", "class_definition", FACT_DO_CLASS, 0, FACT_SLOT_NONE,
   {{"name", FACT_SLOT_DEFINED}, {"superclasses", FACT_SLOT_BASES}, {"body", FACT_SLOT_BODY}}},
  {"python", "decorated_definition", FACT_DO_DECORATED},
  {"python", "decorator", FACT_DO_DECORATOR, 0, FACT_SLOT_NONE, {{"#0", FACT_SLOT_BASE}}},
};

static const struct {
  const char *grammars;
  const char *name;
  FactOp op;            /* FACT_INSTANCE of its first argument, or FACT_NAME: that itself */
} fact_calls[] = {
  {"python", "cast", FACT_INSTANCE},
};

/* What a decorator of this name says of what it stands before. */
static const struct {
  const char *name;
  uint8_t flags;
} fact_decorators[] = {
  {"property", FACT_IS_PROPERTY},
  {"cached_property", FACT_IS_PROPERTY},
  {"cachedproperty", FACT_IS_PROPERTY},
  {"lazyproperty", FACT_IS_PROPERTY},
  {"lazy", FACT_IS_PROPERTY},
  {"setter", FACT_IS_PROPERTY},
  {"getter", FACT_IS_PROPERTY},
  {"deleter", FACT_IS_PROPERTY},
  {"staticmethod", FACT_IS_STATIC},
  {"classmethod", FACT_IS_CLASS_METHOD},
};

#undef LITERAL
#undef PASS

#endif
