/* Included by core.c, before fact_nodes.c: types of JavaScript that are written in comments, `@param {Pool} pool`. */

enum {
  FACT_MOST_BETWEEN = 200,    /* bytes between a comment and what it says something of */
  FACT_MOST_DOC = 4096,       /* bytes of a comment; what is before its last ones is not read */
  FACT_MOST_DOC_TYPE = 1024,  /* bytes of a type: a comment may be read for many names */
  FACT_MOST_DOC_PARAMETERS = 32,
  FACT_DOC_STEP = 16,         /* bytes of a comment that take as long as a node */
  FACT_MOST_DOC_LEVELS = 4,   /* arguments of arguments of a type */
  FACT_CHECK_INTERVAL = 256   /* tags of comments between two looks at the clock */
};

static REPOMAP_INLINE bool fact_is_blank(uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static REPOMAP_INLINE bool fact_is_word(uint8_t byte) { return fact_is_letter(byte) || byte == '$'; }

/* Find the comment that stands before a node: between them are words alone, and what it is assigned to. */
static FactDoc fact_doc_before(const uint8_t *text, uint32_t start) {
  uint32_t at = start, least = start > FACT_MOST_BETWEEN ? start - FACT_MOST_BETWEEN : 0;
  while (at > least && text[at - 1] &&
         (fact_is_blank(text[at - 1]) || fact_is_word(text[at - 1]) || strchr(".=:#", text[at - 1]))) {
    at--;
  }
  if (at < 5 || text[at - 1] != '/' || text[at - 2] != '*') return (FactDoc){0};
  uint32_t end = at - 2;
  least = end > FACT_MOST_DOC ? end - FACT_MOST_DOC : 0;
  for (at = end; at > least + 2; at--) {
    if (text[at - 1] == '*' && text[at - 2] == '*' && text[at - 3] == '/') return (FactDoc){at, end};
    if (text[at - 1] == '/' && text[at - 2] == '*') break;
  }
  return (FactDoc){0};
}

/* Find what stands in braces from `at` on, before the end of its comment; `*at` goes behind what was read. */
static bool fact_doc_braces(const uint8_t *text, uint32_t *at, uint32_t end, FactDoc *type_out) {
  while (*at < end && fact_is_blank(text[*at])) ++*at;
  if (*at == end || text[*at] != '{') return false;
  uint32_t start = ++*at;
  for (int depth = 1; *at < end; ++*at) {
    if (text[*at] == '/' && text[*at - 1] == '*') return false;
    depth += (text[*at] == '{') - (text[*at] == '}');
    if (depth) continue;
    *type_out = (FactDoc){start, (*at)++};
    return true;
  }
  return false;
}

/* Find what stands in braces behind a tag of a comment, and before a name where one is asked for. */
static bool fact_doc_tag(
  const uint8_t *text, FactDoc doc, const char *tag, const uint8_t *name, size_t size, FactDoc *type_out
) {
  size_t tag_size = strlen(tag);
  for (uint32_t at = doc.start; at + tag_size + 2 < doc.end; at++) {
    if (text[at] != '@' || memcmp(text + at, tag, tag_size) != 0) continue;
    uint32_t end = at + (uint32_t)tag_size;
    if (!fact_doc_braces(text, &end, doc.end, type_out)) {
      if (end == doc.end) return false;
      continue;
    }
    if (!name) return true;
    while (end < doc.end && (fact_is_blank(text[end]) || text[end] == '[')) end++;
    bool is_named = end + size <= doc.end && memcmp(text + end, name, size) == 0;
    if (is_named && (end + size == doc.end || !(fact_is_word(text[end + size]) || text[end + size] == '.'))) {
      return true;
    }
    at = end - 1;
  }
  return false;
}

/* What a word for a type of the language is: a literal of it, or 0 for one that says nothing. */
static bool fact_doc_word(const uint8_t *word, size_t size, uint32_t *literal_out) {
  static const struct {
    const char *word;
    uint32_t literal;
  } words[] = {
    {"string", FACT_STRING}, {"number", FACT_NUMBER}, {"boolean", FACT_BOOLEAN}, {"null", FACT_NO_VALUE},
    {"undefined", FACT_NO_VALUE}, {"void", FACT_NO_VALUE}, {"any", FACT_NO_VALUE}, {"object", FACT_OTHER},
    {"Object", FACT_OTHER}, {"function", FACT_OTHER}, {"Function", FACT_OTHER},
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strlen(words[i].word) != size || memcmp(words[i].word, word, size) != 0) continue;
    *literal_out = words[i].literal;
    return true;
  }
  return false;
}

/* A module that a type names: import("…"). `at` stands behind the word and goes behind the bracket. */
static bool fact_doc_module(
  UseFinder *finder, Arena *arena, const uint8_t *text, uint32_t *at, uint32_t end, uint32_t *chain_out
) {
  uint32_t start = *at + 1;
  while (start < end && fact_is_blank(text[start])) start++;
  if (start == end || (text[start] != '"' && text[start] != '\'')) return true;
  uint32_t stop = start + 1;
  while (stop < end && text[stop] != text[start]) stop++;
  uint32_t name = fact_intern(finder, arena, text + start + 1, stop - start - 1);
  for (*at = stop + 1; *at < end && fact_is_blank(text[*at]); ++*at) continue;
  if (*at < end && text[*at] == ')') ++*at;
  return name != INTERNER_FULL && fact_chain(&finder->facts, arena, FACT_MODULE, 0, name, chain_out);
}

/* Read a type from `at` on: names with dots, arguments, [] and |. What is written otherwise is not known. */
static bool fact_doc_read(
  UseFinder *finder, Arena *arena, const uint8_t *text, uint32_t *at, uint32_t end, int level, uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  *chain_out = FACT_NONE;
  while (*at < end) {
    uint32_t part = FACT_NONE, literal;
    while (*at < end && (fact_is_blank(text[*at]) || strchr("?!(.", text[*at]))) ++*at;
    uint32_t start = *at;
    while (*at < end && fact_is_word(text[*at])) ++*at;
    if (*at == start) return true;
    bool is_module = *at - start == 6 && memcmp(text + start, "import", 6) == 0 && *at < end && text[*at] == '(';
    if (is_module) {
      if (!fact_doc_module(finder, arena, text, at, end, &part)) return false;
    } else if (fact_doc_word(text + start, *at - start, &literal)) {
      if (!fact_chain(facts, arena, FACT_LITERAL, literal, 0, &part)) return false;
    } else {
      uint32_t name = fact_intern(finder, arena, text + start, *at - start);
      if (name == INTERNER_FULL || !fact_chain(facts, arena, FACT_NAME, 0, name, &part)) return false;
    }
    while (*at + 1 < end && text[*at] == '.' && fact_is_word(text[*at + 1])) {
      start = ++*at;
      while (*at < end && fact_is_word(text[*at])) ++*at;
      uint32_t name = fact_intern(finder, arena, text + start, *at - start);
      if (name == INTERNER_FULL || !fact_chain_on(facts, arena, FACT_MEMBER, part, name, &part)) return false;
    }
    if (*at < end && text[*at] == '.') ++*at;
    if (*at < end && text[*at] == '<') {
      uint32_t list = FACT_NONE, argument = FACT_NONE;
      if (level == FACT_MOST_DOC_LEVELS) return true;
      do {
        ++*at;
        if (!fact_doc_read(finder, arena, text, at, end, level + 1, &argument) ||
            !fact_chain(facts, arena, FACT_ARGUMENT, argument, list, &list)) {
          return false;
        }
      } while (*at < end && text[*at] == ',');
      if (*at == end || text[*at] != '>') return true;
      ++*at;
      if (!fact_chain_on(facts, arena, FACT_GENERIC, part, list, &part)) return false;
    }
    while (*at < end && strchr(")=", text[*at])) ++*at;
    while (*at + 1 < end && text[*at] == '[' && text[*at + 1] == ']') {
      uint32_t list = FACT_NONE;
      *at += 2;
      if (!fact_chain(facts, arena, FACT_ARGUMENT, part, FACT_NONE, &list) ||
          !fact_chain(facts, arena, FACT_GENERIC, FACT_NONE, list, &part)) {
        return false;
      }
    }
    if (!fact_one_of(facts, arena, *chain_out, part, chain_out)) return false;
    while (*at < end && fact_is_blank(text[*at])) ++*at;
    if (*at == end || text[*at] != '|') return true;
    ++*at;
  }
  return true;
}

/* Count what was read as nodes of the walk, which looks at the clock after some. */
static void fact_count_steps(UseFinder *finder, uint32_t n_steps) {
  uint32_t left = finder->walk.countdown;
  finder->walk.countdown = left > n_steps ? left - n_steps : 1;
}

/* An instance of the type that a comment says behind a tag; FACT_NONE where it says none. */
static bool fact_doc_type(
  UseFinder *finder, Arena *arena, const uint8_t *text, FactDoc doc, const char *tag, const uint8_t *name, size_t size,
  uint32_t *chain_out
) {
  FactDoc type;
  uint32_t chain = FACT_NONE;
  *chain_out = FACT_NONE;
  if (doc.end == 0) return true;
  fact_count_steps(finder, (doc.end - doc.start) / FACT_DOC_STEP);
  if (!fact_doc_tag(text, doc, tag, name, size, &type)) return true;
  uint32_t at = type.start;
  if (type.end - at > FACT_MOST_DOC_TYPE) return true;
  fact_count_steps(finder, type.end - at);
  if (!fact_doc_read(finder, arena, text, &at, type.end, 0, &chain)) return false;
  /* What is not read to its end is another type. */
  while (at < type.end && fact_is_blank(text[at])) at++;
  return at < type.end || fact_chain_on(&finder->facts, arena, FACT_INSTANCE, chain, 0, chain_out);
}

/* The comment before a function: it is kept for the parameters, and may say what the function gives. */
static bool fact_doc_of_function(UseFinder *finder, Arena *arena, uint32_t start, uint32_t scope) {
  const uint8_t *text = finder->doc_text;
  FactDoc doc = fact_doc_before(text, start);
  uint32_t result = FACT_NONE;
  if (!fact_doc_type(finder, arena, text, doc, "@returns", NULL, 0, &result)) return false;
  if (!result && !fact_doc_type(finder, arena, text, doc, "@return", NULL, 0, &result)) return false;
  finder->facts.scopes[scope].doc = doc;
  if (result) {
    finder->facts.scopes[scope].result = result;
    finder->facts.scopes[scope].has_written_result = true;
  }
  return true;
}

/* What the comment says of a parameter. */
static bool fact_doc_of_parameter(UseFinder *finder, Arena *arena, FactDoc doc, uint32_t place, FactBinding *binding) {
  if (!doc.end || place >= FACT_MOST_DOC_PARAMETERS) return true;
  size_t size = (size_t)(finder->names.offsets[binding->name + 1] - finder->names.offsets[binding->name]);
  uint32_t chain = FACT_NONE;
  const uint8_t *text = finder->doc_text;
  if (!fact_doc_type(finder, arena, text, doc, "@param", text + binding->start, size, &chain)) return false;
  if (chain) binding->chain = chain;
  if (chain) binding->flags |= FACT_IS_TYPED;
  return true;
}

/* What the comment before a variable or a member says that it is. */
static bool fact_doc_of_value(UseFinder *finder, Arena *arena, uint32_t start, uint32_t *chain_out) {
  const uint8_t *text = finder->doc_text;
  return fact_doc_type(finder, arena, text, fact_doc_before(text, start), "@type", NULL, 0, chain_out);
}

/* Bind the type that a comment gives a name; `at` stands behind the tag and goes behind what was read. */
static bool fact_bind_typedef(UseFinder *finder, Arena *arena, uint32_t *at, uint32_t row) {
  const uint8_t *text = finder->doc_text;
  uint32_t end = finder->text_size - *at > FACT_MOST_DOC ? *at + FACT_MOST_DOC : finder->text_size, chain = FACT_NONE;
  FactDoc type;
  if (!fact_doc_braces(text, at, end, &type)) return true;
  while (*at < end && (text[*at] == ' ' || text[*at] == '\t')) ++*at;
  uint32_t start = *at, inside = type.start;
  while (*at < end && fact_is_word(text[*at])) ++*at;
  if (*at == start) return true;
  if (!fact_doc_read(finder, arena, text, &inside, type.end, 0, &chain)) return false;
  while (inside < type.end && fact_is_blank(text[inside])) inside++;
  if (inside < type.end || !chain) return true;
  uint32_t name = fact_intern(finder, arena, text + start, *at - start);
  return name != INTERNER_FULL && fact_bind(&finder->facts, arena, (FactBinding){
    .start = start, .row = row, .name = name, .chain = chain, .kind = FACT_DEFINED,
  });
}

/* Bind the types that comments give a name: `@typedef {import("./pool").Pool} Pool`. Each byte is read once. */
static ArenaVerdict fact_bind_typedefs(UseFinder *finder, Arena *arena) {
  static const char tag[] = "@typedef";
  const uint8_t *text = finder->doc_text;
  uint32_t row = 0, passed = 0, end = finder->text_size, size = sizeof tag - 1, n_found = 0;
  for (uint32_t at = 0; text && at + size < end;) {
    const uint8_t *found = memchr(text + at, '@', end - at);
    if (!found) break;
    if (++n_found % FACT_CHECK_INTERVAL == 0) {
      ArenaVerdict verdict = arena_verdict(arena);
      if (verdict != ARENA_RUNNING) return verdict;
    }
    uint32_t before = (uint32_t)(found - text);
    at = before + 1;
    if (before + size >= end || memcmp(found, tag, size) != 0) continue;
    for (; passed < before; passed++) row += text[passed] == '\n';
    while (before && (text[before - 1] == ' ' || text[before - 1] == '\t')) before--;
    if (!before || text[before - 1] != '*') continue;
    at += size - 1;
    if (!fact_bind_typedef(finder, arena, &at, row)) return ARENA_OUT_OF_MEMORY;
  }
  return ARENA_RUNNING;
}
