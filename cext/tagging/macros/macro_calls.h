/* Words with arguments in a declaration: whether they are macros, and of what; part of declarations.h. */

/* `API(type) name(…)`: whether a macro's arguments are a type: words and stars, none of them a text or a number. */
static inline bool holds_type(const Reader *reader, const Token *group) {
  bool has_word = false;
  for (uint32_t i = group->start + 1; i + 1 < group->end; i++) {
    uint8_t c = reader->text[i];
    if (!is_word_byte(c) && c != '*' && !is_blank_byte(c)) return false;
    if (!has_word && is_word_byte(c) && !(word_classes[c] & WORD_STARTS)) return false;
    has_word |= is_word_byte(c);
  }
  return has_word;
}

/* Whether the arguments of the macro at hand, which token `next` is behind, are the type of a declaration. */
static inline bool wraps_type(const Reader *reader, const Head *head, const Item *macro, uint32_t next, UnitEnd end) {
  bool is_first = !head->has_type && head->words.n == 0 && macro->first == macro->last;
  if (!is_first || !is_plain(reader, next) || is_class_name(reader, &reader->unit.tokens[next])) return false;
  /* Another macro may follow this one. */
  if (suspicion_of(reader, &reader->unit.tokens[next]) > NOT_SUSPECT) return false;
  if (!holds_type(reader, &reader->unit.tokens[macro->group])) return false;
  return is_type(reader, next + 1, TOKEN_GROUP) || is_type(reader, next + 1, TOKEN_INDEX) ||
         is_sign(reader, next + 1, '=') ||
         (next + 1 == reader->unit.n && end == ENDED_BY_SEMICOLON);
}

/* `LIST_HEAD(name, type) queue;`: whether a macro with these arguments, which may define a variable, is the type of
 * one. */
static inline bool is_type_of_variable(const Reader *reader, uint32_t group, UnitEnd end) {
  const Token *arguments = &reader->unit.tokens[group];
  if (group + 2 != reader->unit.n || end != ENDED_BY_SEMICOLON || !is_plain(reader, group + 1)) return false;
  if (suspicion_of(reader, &reader->unit.tokens[group + 1])) return false;
  Span second = find_argument(reader->text, arguments->start, arguments->end, 2);
  return second.start != second.end;
}

/* Blank a macro around a type, which stays. */
static inline void unwrap_type(Reader *reader, Head *head, const Item *macro) {
  const Token *word = &reader->unit.tokens[macro->first], *group = &reader->unit.tokens[macro->group];
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  edits_blank(&reader->edits, word->start, group->start + 1);
  edits_blank(&reader->edits, group->end - 1, group->end);
  blank_items(reader, &head->calls);
  head->has_type = true;
}

/* Whether one of the arguments is a text or a number, which no parameter begins with. */
static inline bool has_constant(const Reader *reader, const Token *group) {
  for (uint32_t number = 1; number <= 4; number++) {
    Span argument = find_argument(reader->text, group->start, group->end, number);
    if (argument.start == argument.end) return false;
    uint8_t c = reader->text[argument.start];
    if (c == '"' || (c >= '0' && c <= '9')) return true;
  }
  return false;
}

/* Whether what begins at token `i` is a declaration of its own. `is_whole`: its name may be the first of its words. */
static inline bool has_own_name(const Reader *reader, uint32_t i, bool is_whole) {
  for (uint32_t first = i; i < reader->unit.n; i++) {
    const Token *token = &reader->unit.tokens[i];
    bool may_be_before = token->type != TOKEN_SIGN || token->sign == '*' || token->sign == '&' || token->sign == '~';
    if (!is_whole && !may_be_before) return false;
    if (token->type != TOKEN_GROUP || (!is_whole && i - 1 == first)) continue;
    bool may_be_name = is_whole || is_plain(reader, i - 1) || token[-1].is_operator;
    if (may_be_name && suspicion_of(reader, token - 1) == NOT_SUSPECT) return true;
  }
  return false;
}

/* Whether macros end with this one: words in capitals alone, with a declaration of its own behind them. */
static inline bool ends_macros(const Reader *reader, const Head *head, const Item *item, uint32_t next, UnitEnd end) {
  if (item_suspicion(reader, item) < IN_CAPITALS || !is_type(reader, next, TOKEN_WORD)) return false;
  if (head->has_type || head->words.n == 0) return false;
  for (uint32_t i = 0; i < head->words.n; i++) {
    if (item_suspicion(reader, &head->words.items[i]) < IN_CAPITALS) return false;
  }
  bool is_line = reader->unit.tokens[next].is_first;
  bool is_class = is_used(reader, next, WORD_CLASS) || is_used(reader, next, WORD_ENUM);
  if (is_line && is_class && end == ENDED_BY_CLASS) return true;
  if (is_line && has_own_name(reader, next, true)) return true;
  if (declares_parameter(reader, item)) return false;
  if (has_own_name(reader, next, false)) return true;
  return next + 1 < reader->unit.n && has_constant(reader, &reader->unit.tokens[item->group]);
}

/* Whether another declaration begins at token `i`, behind a macro that defines something: no words that say more of
 * it. */
static inline bool begins_another(const Reader *reader, uint32_t i, UnitEnd end) {
  uint32_t n_names = 0;
  if (i == reader->unit.n) return end == ENDED_BY_CLOSE;
  for (; i < reader->unit.n; i++) {
    const Token *token = &reader->unit.tokens[i], *last = token - 1;
    bool may_define = end != ENDED_BY_BODY || last->use >= MACRO_VARIABLE || suspicion_of(reader, last) == NOT_SUSPECT;
    if (token->type == TOKEN_GROUP && may_define) return true;
    if (token->type == TOKEN_SIGN && token->sign == '*') return true;
    if (token->type != TOKEN_WORD) continue;
    if (token->use == WORD_TYPE || token->use == WORD_CLASS || token->use == WORD_ENUM) return true;
    if (token->use == WORD_STORAGE || token->use == WORD_TYPEDEF) return true;
    if (token->use == WORD_TEMPLATE || token->use == WORD_NAMESPACE) return true;
    n_names += suspicion_of(reader, token) == NOT_SUSPECT;
  }
  return n_names > 1;
}

/* `static int NAME(read)(int a)`: a macro in capitals makes the name of a function. What it is given stays alone, where
 * it is a word. `INIT(x)(T *p) {` gives the function a type, too. */
static inline void unwrap_made_name(Reader *reader, UnitEnd end) {
  Unit *unit = &reader->unit;
  uint32_t name = 0;
  if (unit->is_long || unit->is_value || unit->is_tail || (end != ENDED_BY_BODY && end != ENDED_BY_SEMICOLON)) return;
  while (name + 2 < unit->n && !is_type(reader, name + 1, TOKEN_GROUP)) name++;
  if (name + 2 >= unit->n || !is_type(reader, name + 2, TOKEN_GROUP)) return;
  if (name + 3 < unit->n && !is_type(reader, name + 3, TOKEN_WORD)) return;
  Token *word = &unit->tokens[name], *group = word + 1;
  bool has_no_type = (!name || is_used(reader, name - 1, WORD_STORAGE)) && end == ENDED_BY_BODY;
  bool is_defining = has_no_type && word->use == MACRO_VARIABLE && word->argument == 1;
  if (!is_defining && (word->use != WORD_PLAIN || suspicion_of(reader, word) != IN_CAPITALS)) return;
  bool is_behind_type = !has_no_type &&
                        (is_used(reader, name - 1, WORD_TYPE) || is_sign(reader, name - 1, '*') ||
                         (is_plain(reader, name - 1) && suspicion_of(reader, word - 1) == NOT_SUSPECT));
  Span argument = find_argument(reader->text, group->start, group->end, 1);
  Span made = name_in(reader->text, argument, false);
  bool is_only = skip_space(reader, argument.end, group->end) == group->end - 1;
  if (!is_only || !made.end || made.end != argument.end) return;
  if (has_no_type) {
    /* No word of the language is a name. */
    has_no_type = !word_table_find(reader->words, reader->text + made.start, made.end - made.start);
    has_no_type &= made.start - word->start > 3 && word->end - word->start >= 3;
  }
  if (!is_behind_type && !has_no_type) return;
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  edits_blank(&reader->edits, word->start, made.start);
  if (has_no_type) edits_put(&reader->edits, word->start, "int", 3);
  edits_blank(&reader->edits, made.end, group->end);
  word->start = made.start;
  word->end = made.end;
  unit->n--;
  memmove(group, group + 1, (unit->n - name - 1) * sizeof *group);
}
