/* What stands between `class` and its braces; part of declarations.h. */

enum { MOST_PARTS = 16 };

typedef struct {
  Item parts[MOST_PARTS]; /* words behind the keyword */
  uint32_t n;
  uint32_t behind; /* the token behind them */
} ClassHead;

static inline ClassHead read_class_head(const Reader *reader, uint32_t i) {
  ClassHead head = {.n = 0};
  if (is_used(reader, i, WORD_ENUM) && is_used(reader, i + 1, WORD_CLASS)) i++;
  for (i++; i < reader->unit.n && head.n < MOST_PARTS;) {
    const Token *token = &reader->unit.tokens[i];
    if (token->type == TOKEN_ATTRIBUTE) {
      i++;
    } else if (token->type == TOKEN_WORD && token->use == WORD_ATTRIBUTE) {
      i += is_type(reader, i + 1, TOKEN_GROUP) ? 2 : 1;
    } else if (token->type == TOKEN_WORD && token->use == WORD_QUALIFIER) {
      i++;
    } else if (is_plain(reader, i) || (token->type == TOKEN_SCOPE && is_type(reader, i + 1, TOKEN_WORD))) {
      Item *part = &head.parts[head.n++];
      i = read_item(reader, i, part);
      if (is_type(reader, i, TOKEN_GROUP)) part->group = i++;
    } else {
      break;
    }
  }
  head.behind = i;
  return head;
}

/* Whether braces behind this head are those of the class, and not of a function that returns it or of a value. */
static inline bool is_class_body(const Reader *reader, const ClassHead *head) {
  if (head->behind < reader->unit.n && !is_sign(reader, head->behind, ':')) return false;
  if (head->n == 0) return true;
  const Item *last = &head->parts[head->n - 1];
  if (last->group != NO_TOKEN) return head->n == 1;
  for (uint32_t i = 0; i + 1 < head->n; i++) {
    /* `struct type name(…) MACRO {` */
    const Item *part = &head->parts[i];
    if (i && part->group != NO_TOKEN && item_suspicion(reader, part) < item_suspicion(reader, last)) return false;
  }
  bool may_be_value = reader->words->is_cpp && head->n > 1 && head->behind == reader->unit.n;
  if (!may_be_value) return true;
  /* `struct Type name{…}` */
  for (uint32_t i = 0; i < head->n; i++) {
    if (head->parts[i].group != NO_TOKEN || item_suspicion(reader, &head->parts[i])) return true;
  }
  return false;
}

/* Which of the words is the name of the class: MOST_PARTS if none is. */
static inline uint32_t find_class_name(const Reader *reader, const ClassHead *head) {
  uint32_t name = MOST_PARTS;
  int least = KNOWN_MACRO + 1;
  for (uint32_t i = 0; i < head->n; i++) {
    if (head->parts[i].group != NO_TOKEN) continue;
    int suspicion = item_suspicion(reader, &head->parts[i]);
    if (suspicion <= least) name = i, least = suspicion;
  }
  return least == KNOWN_MACRO && head->n == 1 ? 0 : name;
}

/* Blank all words of a head but its name. */
static inline void keep_name(Reader *reader, const ClassHead *head) {
  uint32_t name = find_class_name(reader, head);
  for (uint32_t i = 0; i < head->n && name < head->n; i++) {
    if (i != name) blank_item(reader, &head->parts[i]);
  }
}

/* `namespace EXPORT name {` */
static inline void read_namespace(Reader *reader, uint32_t i) {
  ClassHead head = read_class_head(reader, i);
  if (head.behind == reader->unit.n) keep_name(reader, &head);
}

/* `class Name : public BASE_OF(Name) {`: the grammar knows no arguments in parentheses there. */
static inline void blank_arguments_of_bases(Reader *reader, uint32_t i) {
  for (; i + 1 < reader->unit.n; i++) {
    const Token *word = &reader->unit.tokens[i], *group = word + 1;
    if (!is_plain(reader, i) || group->type != TOKEN_GROUP) continue;
    edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
    refer_to_arguments(reader, group->start, group->end, true);
    edits_blank(&reader->edits, group->start, group->end);
  }
}

/* Words that say how a type lies in memory. */
static inline bool is_packing(const Reader *reader, const Item *item) {
  static const char *const parts[] = {"PACK", "ALIGN", "ATTR", "CACHELINE"};
  const Token *token = &reader->unit.tokens[item->first];
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    size_t n = strlen(parts[i]);
    for (uint32_t at = token->start; at + n <= token->end; at++) {
      if (memcmp(reader->text + at, parts[i], n) == 0) return true;
    }
  }
  return false;
}

/* Read `class` and its kin at token `i`; return the next token, NO_TOKEN at the end. */
static inline uint32_t read_class(Reader *reader, uint32_t i, UnitEnd end) {
  const Token *key = &reader->unit.tokens[i];
  ClassHead head = read_class_head(reader, i);
  if (end == ENDED_BY_CLASS) {
    /* The grammar knows attributes of classes alone. */
    for (uint32_t j = i; key->use == WORD_ENUM && j < head.behind; j++) {
      const Token *attribute = &reader->unit.tokens[j];
      if (attribute->type == TOKEN_ATTRIBUTE) edits_blank(&reader->edits, attribute->start, attribute->end);
    }
    keep_name(reader, &head);
    if (is_sign(reader, head.behind, ':')) blank_arguments_of_bases(reader, head.behind + 1);
    return NO_TOKEN;
  }
  bool is_class = reader->text[key->start] == 'c';
  uint32_t first = 0;
  while (first + 1 < head.n) {
    const Item *part = &head.parts[first], *next = &head.parts[first + 1];
    int suspicion = item_suspicion(reader, part);
    bool is_macro = suspicion >= RESERVED || (suspicion && is_class && item_suspicion(reader, next) < suspicion);
    if (!is_macro || (part->group != NO_TOKEN && suspicion < KNOWN_MACRO)) break;
    blank_item(reader, part);
    first++;
  }
  if (first >= head.n || head.parts[first].group != NO_TOKEN) return first >= head.n ? head.behind : i + 1;
  return head.parts[first].last + 1;
}
