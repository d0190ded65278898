/* One declaration: which of its words are no part of it. */
#ifndef REPOMAP_DECLARATIONS_H_
#define REPOMAP_DECLARATIONS_H_

#include "declarators.h"
#include "definers.h"
#include "parameters.h"

typedef enum {
  ENDED_BY_SEMICOLON,
  ENDED_BY_BODY,  /* of a function */
  ENDED_BY_CLASS, /* braces of a class or an enum */
  ENDED_BY_CLOSE, /* the brace around it, or the end of the file */
} UnitEnd;

static inline void start_head(Head *head, uint32_t first) {
  head->first = first;
  head->words.n = head->calls.n = head->n_stars = 0;
  head->has_type = head->has_storage = head->is_scoped = false;
}

static inline const Token *token_at(const Reader *reader, uint32_t i) {
  return i < reader->unit.n ? &reader->unit.tokens[i] : NULL;
}

static inline bool is_type(const Reader *reader, uint32_t i, TokenType type) {
  return i < reader->unit.n && reader->unit.tokens[i].type == type;
}

static inline bool is_sign(const Reader *reader, uint32_t i, char sign) {
  return is_type(reader, i, TOKEN_SIGN) && reader->unit.tokens[i].sign == sign;
}

static inline bool is_used(const Reader *reader, uint32_t i, WordUse use) {
  return is_type(reader, i, TOKEN_WORD) && reader->unit.tokens[i].use == use;
}

/* A word that is no keyword. */
static inline bool is_plain(const Reader *reader, uint32_t i) {
  if (!is_type(reader, i, TOKEN_WORD)) return false;
  uint8_t use = reader->unit.tokens[i].use;
  return use == WORD_PLAIN || use >= MACRO_ATTRIBUTE;
}

/* Read a name, `ns::Type<T>::member`, and return the token behind it. */
static inline uint32_t read_item(const Reader *reader, uint32_t i, Item *item) {
  item->first = i;
  item->group = NO_TOKEN;
  if (is_type(reader, i, TOKEN_SCOPE)) i++;
  item->last = i++;
  if (is_type(reader, i, TOKEN_ANGLES)) item->last = i++;
  while (is_type(reader, i, TOKEN_SCOPE)) {
    uint32_t next = i + 1;
    if (is_sign(reader, next, '~')) next++;
    if (is_used(reader, next, WORD_TEMPLATE)) next++;
    if (!is_type(reader, next, TOKEN_WORD)) break;
    item->last = next;
    i = next + 1;
    if (is_type(reader, i, TOKEN_ANGLES)) item->last = i++;
  }
  return i;
}

static inline void push_item(Items *items, Item item) {
  items->items[items->n++] = item; /* each is a token at least, so that there is room */
}

static inline int item_suspicion(const Reader *reader, const Item *item) {
  return item->first == item->last ? suspicion_of(reader, &reader->unit.tokens[item->first]) : NOT_SUSPECT;
}

static inline void blank_item(Reader *reader, const Item *item) {
  const Token *first = &reader->unit.tokens[item->first], *last = &reader->unit.tokens[item->last];
  if (item->group != NO_TOKEN) {
    blank_call(reader, first, &reader->unit.tokens[item->group]);
  } else if (item->first == item->last) {
    blank_word(reader, first);
  } else {
    edits_blank(&reader->edits, first->start, last->end);
  }
}

static inline void blank_items(Reader *reader, Items *items) {
  for (uint32_t i = 0; i < items->n; i++) blank_item(reader, &items->items[i]);
  items->n = 0;
}

/* Blank the words that look most like macros, the first of equals, until `n` are left. */
static inline void keep_items(Reader *reader, Items *items, uint32_t n) {
  while (items->n > n) {
    uint32_t worst = 0;
    for (uint32_t i = 1; i < items->n; i++) {
      if (item_suspicion(reader, &items->items[i]) > item_suspicion(reader, &items->items[worst])) worst = i;
    }
    blank_item(reader, &items->items[worst]);
    memmove(&items->items[worst], &items->items[worst + 1], (items->n - worst - 1) * sizeof(Item));
    items->n--;
  }
}

/* Blank what stands before a word that begins a declaration. */
static inline void blank_head(Reader *reader, Head *head) {
  blank_items(reader, &head->words);
  blank_items(reader, &head->calls);
}

/* `TAILQ_HEAD(name, type) queue;` has the macro for its type: the grammar knows such a type of one argument alone. */
static inline void write_type(Reader *reader, const Item *item) {
  const Token *word = &reader->unit.tokens[item->first], *group = &reader->unit.tokens[item->group];
  Span second = find_argument(reader->text, group->start, group->end, 2);
  if (second.start == second.end || item->first != item->last || word->end - word->start < 3) return;
  blank_call(reader, word, group);
  edits_put(&reader->edits, word->start, "int", 3);
}

/* The declaration has a type: what else was called before it are macros. Without, the last of these is the type. */
static inline void settle_calls(Reader *reader, Head *head, bool has_type) {
  if (!has_type && head->calls.n) write_type(reader, &head->calls.items[--head->calls.n]);
  blank_items(reader, &head->calls);
}

static inline const Level *class_around(const Reader *reader) {
  const Level *level = &reader->levels[reader->depth];
  return level->kind == LEVEL_CLASS ? level : NULL;
}

static inline bool is_class_name(const Reader *reader, const Token *token) {
  const Level *level = class_around(reader);
  uint32_t size = token->end - token->start;
  return level && level->name_end - level->name_start == size && size &&
         memcmp(reader->text + level->name_start, reader->text + token->start, size) == 0;
}

/* Arguments that are no type's: nothing, a text, a number. */
static inline bool is_no_type(const Reader *reader, const Token *group) {
  uint32_t i = group->start + 1;
  while (i < group->end - 1 && is_blank_byte(reader->text[i])) i++;
  uint8_t c = reader->text[i];
  return i == group->end - 1 || c == '"' || c == '\'' || (c >= '0' && c <= '9');
}

/* Parameters as of old: `f(a, b) int a; char b; {`, where words without commas between them follow. */
static inline bool is_old_definition(const Reader *reader, uint32_t i) {
  uint32_t n_words = 0, n_suspect = 0;
  for (; i < reader->unit.n; i++) {
    const Token *token = &reader->unit.tokens[i];
    if (token->type == TOKEN_SIGN && token->sign == '*') return true;
    if (token->type != TOKEN_WORD) continue;
    if (token->use == WORD_TYPE || token->use == WORD_CLASS || token->use == WORD_ENUM) return true;
    n_words++;
    n_suspect += suspicion_of(reader, token) > NOT_SUSPECT;
  }
  return n_words > 1 && n_suspect < n_words;
}

/* Blank the macros behind parameters or a name: `__cold`, `__aligned(8)`, `Q_DECL_OVERRIDE`. */
static inline void blank_tail(Reader *reader, uint32_t i) {
  if (!reader->words->is_cpp && is_old_definition(reader, i)) return;
  while (i < reader->unit.n) {
    const Token *token = &reader->unit.tokens[i];
    if (token->type == TOKEN_WORD) {
      if (is_plain(reader, i)) {
        Item item = {i, i, NO_TOKEN};
        if (is_type(reader, i + 1, TOKEN_GROUP)) item.group = i + 1;
        blank_item(reader, &item);
      } else if (token->use != WORD_QUALIFIER && token->use != WORD_ATTRIBUTE) {
        return;
      }
    } else if (token->type == TOKEN_SIGN && token->sign != '&') {
      return;
    }
    i++;
  }
}

/* The words before parameters, or before the name in parentheses: one of them is a type, if none was met. */
static inline void settle_type(Reader *reader, Head *head) {
  bool has_type = head->has_type || head->words.n > 0;
  keep_items(reader, &head->words, head->has_type ? 0 : 1);
  settle_calls(reader, head, has_type);
}

/* `EXPORT(int name(int x))`: whether the arguments of a macro are a declaration of a function. */
static inline bool wraps_declaration(Reader *reader, const Token *group) {
  const uint8_t *text = reader->text;
  uint32_t at = skip_space(reader, group->start + 1, group->end), end = group->end - 1, n_words = 0;
  while (end > at && is_blank_byte(text[end - 1])) end--;
  if (end == at || text[end - 1] != ')') return false;
  while (at < end && (is_word_byte(text[at]) || text[at] == '*' || is_blank_byte(text[at]))) {
    bool is_word = is_word_byte(text[at]);
    if (is_word && !(word_classes[text[at]] & WORD_STARTS)) return false;
    n_words += is_word;
    while (is_word && is_word_byte(text[at])) at++;
    at += !is_word;
  }
  return n_words > 1 && at < end && text[at] == '(' && skip_brackets(reader, at, end) == end;
}

/* A name with arguments alone, `NAME(…)`: whether it is a macro. */
static inline bool is_lone_macro(const Reader *reader, const Head *head, const Item *name, UnitEnd end) {
  const Token *token = &reader->unit.tokens[name->first];
  if (end == ENDED_BY_CLOSE) return true;
  if (end != ENDED_BY_SEMICOLON || name->first != name->last || token->is_operator) return false;
  const Level *around = class_around(reader);
  if (around && !is_class_name(reader, token) && !(head->has_storage && suspicion_of(reader, token) == NOT_SUSPECT)) {
    /* In C it may declare a field by a rule of its own. */
    return reader->words->is_cpp && around->name_end != around->name_start;
  }
  /* Parameters of a template stand before a declaration, and this is none. */
  bool is_alone = name->group + 1 == reader->unit.n && name->first == head->first + 2;
  if (!around && is_alone && is_used(reader, head->first, WORD_TEMPLATE)) return true;
  if (around || !head->is_scoped || suspicion_of(reader, token) == NOT_SUSPECT) return false;
  /* `static ATTRIBUTE(name);` is read as a variable of that name, which is about what it is. */
  const Token *group = &reader->unit.tokens[name->group];
  uint32_t at = skip_space(reader, group->start + 1, group->end);
  while (is_word_byte(reader->text[at])) at++;
  return skip_space(reader, at, group->end) != group->end - 1;
}

/* Read `NAME(…)` as the declaration's own, with what follows. */
static inline void read_function(Reader *reader, Head *head, Item *name, UnitEnd end) {
  Unit *unit = &reader->unit;
  const Token *token = &unit->tokens[name->first];
  bool is_single = name->first == name->last;
  if (unit->tokens[name->last].is_conversion && !head->has_type) blank_head(reader, head);
  if (!head->has_type && head->words.n == 0) {
    if (head->calls.n == 0) {
      const Token *group = &unit->tokens[name->group];
      if (is_single && !class_around(reader) && wraps_declaration(reader, group)) {
        edits_refer(&reader->edits, token->start, token->end, MACRO_KIND_CALL);
        edits_blank(&reader->edits, token->start, group->start + 1);
        edits_blank(&reader->edits, group->end - 1, group->end);
        return;
      }
      if (is_lone_macro(reader, head, name, end)) {
        /* A storage class alone is no declaration either. */
        if (!class_around(reader)) edits_blank(&reader->edits, unit->tokens[head->first].start, token->start);
        blank_item(reader, name);
        return;
      }
    } else {
      const Token *last = &unit->tokens[head->calls.items[head->calls.n - 1].group];
      bool is_macro = is_single && (suspicion_of(reader, token) > NOT_SUSPECT || end == ENDED_BY_CLOSE);
      bool has_type = is_macro || (is_single && is_class_name(reader, token)) || is_no_type(reader, last);
      settle_calls(reader, head, has_type);
      if (is_macro && end != ENDED_BY_BODY && (class_around(reader) || end == ENDED_BY_CLOSE)) {
        blank_item(reader, name);
        return;
      }
    }
  } else {
    bool is_constructor = is_single && is_class_name(reader, token);
    if (is_constructor && !head->has_type) head->has_type = true;
    settle_type(reader, head);
  }
  blank_parameter_macros(reader, unit->tokens[name->group].start, unit->tokens[name->group].end);
  blank_tail(reader, name->group + 1);
}

/* `int x GUARDED_BY(m)`: whether a name stands before it already. */
static inline bool is_attribute_of_name(const Reader *reader, const Head *head, const Item *item) {
  uint32_t n = head->words.n, n_wanted = head->has_type ? 1 : 2;
  /* `PUBLIC_API type NAME(int x)`: what is for export is no type, so the word behind it is that and not the name. */
  for (uint32_t i = 0; i < n; i++) n_wanted += item_suspicion(reader, &head->words.items[i]) >= FOR_EXPORT;
  if (item_suspicion(reader, item) == NOT_SUSPECT || n < n_wanted) return false;
  return item_suspicion(reader, &head->words.items[n - 1]) < item_suspicion(reader, item);
}

/* Whether the arguments of a word at the beginning are a macro's, since a declaration follows. */
static inline bool is_macro_before(const Reader *reader, const Item *item, uint32_t i) {
  const Token *next = token_at(reader, i);
  if (!next || item->first != item->last || reader->unit.tokens[item->first].is_operator) return false;
  if (item->first && is_sign(reader, item->first - 1, '~')) return false;
  if (next->type == TOKEN_SCOPE || next->type == TOKEN_ATTRIBUTE) return true;
  if (next->type == TOKEN_SIGN) return next->sign == '*' || next->sign == '~';
  if (next->type != TOKEN_WORD) return false;
  if (next->use == WORD_ATTRIBUTE) return false;
  if (next->use != WORD_QUALIFIER) return true;
  /* `MACRO(x) const char *name` has a type behind the qualifier, `name(x) const` has none. */
  return is_type(reader, i + 1, TOKEN_WORD) && reader->unit.tokens[i + 1].use != WORD_QUALIFIER &&
         (!is_plain(reader, i + 1) || !is_type(reader, i + 2, TOKEN_GROUP)) && i + 2 < reader->unit.n;
}

/* `f(a, b) int a;` of old: the parameters are words, one of which is declared behind them. */
static inline bool declares_parameter(const Reader *reader, const Item *item) {
  const Token *group = &reader->unit.tokens[item->group], *last = NULL;
  if (reader->words->is_cpp) return false;
  for (uint32_t i = item->group + 1; i < reader->unit.n; i++) {
    if (is_plain(reader, i)) last = &reader->unit.tokens[i];
  }
  if (!last) return false;
  for (uint32_t i = group->start + 1; i + 1 < group->end; i++) {
    uint32_t first = i;
    while (i + 1 < group->end && is_word_byte(reader->text[i])) i++;
    bool has_size = i - first == last->end - last->start;
    if (has_size && memcmp(reader->text + first, reader->text + last->start, i - first) == 0) return true;
  }
  return false;
}

static inline bool is_old_name(const Reader *reader, const Item *item) {
  const Token *name = &reader->unit.tokens[item->first];
  return !is_in_capitals(reader->text + name->start, name->end - name->start) && declares_parameter(reader, item);
}

#include "class_heads.h"

/* Whether a word behind the braces of a class says something of it. A class without a name needs that of a variable. */
static inline bool is_macro_of_class(const Reader *reader, const Item *item) {
  const uint8_t *word = reader->text + reader->unit.tokens[item->first].start;
  int suspicion = item_suspicion(reader, item);
  if (suspicion == KNOWN_MACRO || !reader->unit.is_named) return suspicion == KNOWN_MACRO;
  return suspicion >= RESERVED || (word[0] == '_' && word[1] == '_') || (suspicion && is_packing(reader, item));
}

/* A pointer says no more of a declarator that has sizes, or is in parentheses. */
static inline void blank_star(Reader *reader, const Head *head) {
  if (!head->n_stars) return;
  const Token *star = &reader->unit.tokens[head->star];
  edits_blank(&reader->edits, star->start, star->end);
}

/* The sizes of an array, from token `i` on: one is enough, and a pointer before them says no more. */
static inline void read_sizes(Reader *reader, const Head *head, uint32_t i) {
  if (!is_type(reader, i, TOKEN_INDEX)) return;
  blank_star(reader, head);
  for (i++; is_type(reader, i, TOKEN_INDEX); i++) {
    blank_part(reader, reader->unit.tokens[i].start, reader->unit.tokens[i].end);
  }
  blank_tail(reader, i);
}

/* The name of a variable or a field, with what follows it; `i` is the token behind. */
static inline void read_variable(Reader *reader, Head *head, uint32_t i, UnitEnd end) {
  bool has_type = head->has_type || head->words.n > 1;
  if (reader->unit.is_tail && !reader->unit.is_typedef) {
    /* A class may have no name behind it. */
    for (uint32_t j = 0; j < head->words.n;) {
      if (is_macro_of_class(reader, &head->words.items[j])) {
        blank_item(reader, &head->words.items[j]);
        memmove(&head->words.items[j], &head->words.items[j + 1], (head->words.n - j - 1) * sizeof(Item));
        head->words.n--;
      } else {
        j++;
      }
    }
  }
  if (head->words.n + head->calls.n && end == ENDED_BY_CLOSE && !head->has_type) {
    /* No semicolon: macros, if they look like it. */
    bool are_macros = true;
    for (uint32_t j = 0; j < head->words.n; j++) are_macros &= item_suspicion(reader, &head->words.items[j]) > 0;
    if (are_macros) blank_head(reader, head);
    return;
  }
  keep_items(reader, &head->words, head->has_type ? 1 : 2);
  settle_calls(reader, head, has_type);
  read_sizes(reader, head, i);
}

#include "macro_calls.h"

/* Read a word that may be a name, and what it is the name of; return the next token, NO_TOKEN at the end. */
static inline uint32_t read_plain(Reader *reader, Head *head, uint32_t i, UnitEnd end) {
  Unit *unit = &reader->unit;
  const Token *token = &unit->tokens[i];
  Item item;
  uint32_t next = read_item(reader, i, &item);
  if (is_type(reader, next, TOKEN_GROUP)) item.group = next;
  if (item.group == NO_TOKEN) {
    if (token->use == MACRO_LINE || token->use == MACRO_ATTRIBUTE) {
      blank_word(reader, token);
    } else {
      push_item(&head->words, item);
    }
    return next;
  }
  if (unit->is_tail && item.first == item.last && suspicion_of(reader, token)) {
    blank_item(reader, &item);
    return next + 1;
  }
  if (token->use == MACRO_VARIABLE && is_type_of_variable(reader, next, end)) {
    push_item(&head->calls, item);
    return next + 1;
  }
  bool is_ended = next + 1 == unit->n ? end == ENDED_BY_SEMICOLON || unit->is_value : is_sign(reader, next + 1, '=');
  bool is_alone = token->use == MACRO_FUNCTION && begins_another(reader, next + 1, end);
  if (token->use >= MACRO_VARIABLE && define(reader, token, &unit->tokens[next], is_ended, is_alone)) {
    /* A declaration of its own. */
    bool is_scoped = head->is_scoped;
    blank_items(reader, &head->words);
    blank_items(reader, &head->calls);
    start_head(head, next + 1);
    head->is_scoped = is_scoped && is_ended;
    /* Parameters of its own stay as they are. */
    if (token->use == MACRO_FUNCTION && is_type(reader, next + 1, TOKEN_GROUP)) return NO_TOKEN;
    return next + 1;
  }
  uint8_t opening = reader->text[skip_space(reader, unit->tokens[next].start + 1, unit->tokens[next].end)];
  if (token->use != MACRO_LINE && suspicion_of(reader, token) && wraps_type(reader, head, &item, next + 1, end)) {
    unwrap_type(reader, head, &item);
    return next + 1;
  }
  if ((token->use == MACRO_LINE || token->use == MACRO_ATTRIBUTE) && opening != '*') {
    blank_item(reader, &item);
    return next + 1;
  }
  bool has_parameters = is_type(reader, next + 1, TOKEN_GROUP) || is_type(reader, next + 1, TOKEN_INDEX);
  if ((opening == '*' || opening == '^') && has_parameters) {
    /* `type (*name)(…)` */
    item.group = NO_TOKEN;
    push_item(&head->words, item);
    return next;
  }
  if (!head->has_type && head->words.n == 0) {
    if (is_macro_before(reader, &item, next + 1) && !is_old_name(reader, &item)) {
      push_item(&head->calls, item);
      return next + 1;
    }
  } else {
    if (is_attribute_of_name(reader, head, &item)) {
      read_variable(reader, head, i, end);
      blank_tail(reader, i);
      return NO_TOKEN;
    }
    if (is_plain(reader, next + 1) && item_suspicion(reader, &item) && is_type(reader, next + 2, TOKEN_GROUP)) {
      blank_item(reader, &item);
      return next + 1;
    }
    if (ends_macros(reader, head, &item, next + 1, end)) {
      blank_items(reader, &head->words);
      blank_items(reader, &head->calls);
      blank_item(reader, &item);
      return next + 1;
    }
  }
  read_function(reader, head, &item, end);
  return NO_TOKEN;
}

/* Read a keyword; return the next token, NO_TOKEN at the end. */
static inline uint32_t read_keyword(Reader *reader, Head *head, uint32_t i, UnitEnd end) {
  Unit *unit = &reader->unit;
  const Token *token = &unit->tokens[i];
  switch (token->use) {
    case WORD_STORAGE: {
      const Token *next = token_at(reader, i + 1);
      bool is_class_scope = token->end - token->start == 6; /* static, extern; inline and friend are others */
      if (head->words.n && !head->has_type && (token->is_first || item_suspicion(reader, &head->words.items[0]))) {
        blank_items(reader, &head->words);
      }
      if (head->calls.n && !head->has_type && !head->words.n) blank_items(reader, &head->calls);
      head->has_storage = true;
      head->is_scoped |= is_class_scope && next && next->type != TOKEN_TEXT;
      return i + 1;
    }
    case WORD_TYPE:
      if (!head->has_type) blank_items(reader, &head->words);
      head->has_type = true;
      return i + 1;
    case WORD_TYPE_OF: {
      const uint8_t *word = reader->text + token->start;
      head->has_type = true;
      if (word[0] == '_' && word[1] == 'A' && is_type(reader, i + 1, TOKEN_GROUP)) {
        /* `_Atomic(type)` is the type, to a grammar that knows `_Atomic` as a qualifier alone. */
        edits_blank(&reader->edits, token->start, unit->tokens[i + 1].start + 1);
        edits_blank(&reader->edits, unit->tokens[i + 1].end - 1, unit->tokens[i + 1].end);
      }
      return is_type(reader, i + 1, TOKEN_GROUP) ? i + 2 : i + 1;
    }
    case WORD_QUALIFIER:
    case WORD_REQUIRES:
      return token->use == WORD_REQUIRES ? NO_TOKEN : i + 1;
    case WORD_ATTRIBUTE:
      return is_type(reader, i + 1, TOKEN_GROUP) ? i + 2 : i + 1;
    case WORD_TYPEDEF:
      blank_head(reader, head);
      return i + 1;
    case WORD_TEMPLATE:
      blank_head(reader, head);
      return is_type(reader, i + 1, TOKEN_ANGLES) ? i + 2 : i + 1;
    case WORD_NAMESPACE:
      blank_head(reader, head);
      if (end == ENDED_BY_BODY) read_namespace(reader, i);
      return NO_TOKEN;
    case WORD_USING:
      blank_head(reader, head);
      return NO_TOKEN;
    case WORD_CLASS:
    case WORD_ENUM:
      if (!head->has_type) blank_head(reader, head);
      head->has_type = true;
      return read_class(reader, i, end);
    default:
      return NO_TOKEN;
  }
}

/* Read a declarator in parentheses, with what follows. */
static inline void read_declarator(Reader *reader, const Head *head, uint32_t i) {
  const Token *group = &reader->unit.tokens[i++];
  bool has_more = is_type(reader, i, TOKEN_GROUP) || is_type(reader, i, TOKEN_INDEX);
  const Token *behind = has_more ? &reader->unit.tokens[i] : NULL;
  uint32_t end = group->end;
  for (; is_type(reader, i, TOKEN_GROUP) || is_type(reader, i, TOKEN_INDEX); i++) end = reader->unit.tokens[i].end;
  flatten_nested(reader, group, behind, end, head->n_stars > 0);
  blank_star(reader, head);
  blank_tail(reader, i);
}

/* Names behind `typedef struct name { … }`: the members are those of the struct. */
static inline void stand_alone(Reader *reader) {
  for (uint32_t i = 0; i < reader->unit.n; i++) {
    const Token *token = &reader->unit.tokens[i];
    if (is_plain(reader, i)) edits_stand_alone(&reader->edits, token->start, token->end);
  }
}

/* Read a declaration up to its first declarator, with what follows that. */
static inline void read_first(Reader *reader, UnitEnd end) {
  Unit *unit = &reader->unit;
  Head *head = &reader->head;
  if (unit->is_long || unit->n == 0) return;
  start_head(head, 0);
  if (unit->is_tail && unit->is_typedef && unit->is_named) stand_alone(reader);
  head->has_type = unit->is_tail;
  uint32_t i = 0;
  while (i < unit->n) {
    const Token *token = &unit->tokens[i];
    if (token->type == TOKEN_WORD) {
      bool may_be_name = is_plain(reader, i) || token->use == WORD_OPERATOR;
      i = may_be_name ? read_plain(reader, head, i, end) : read_keyword(reader, head, i, end);
      if (i == NO_TOKEN) return;
    } else if (token->type == TOKEN_SCOPE && is_type(reader, i + 1, TOKEN_WORD)) {
      i = read_plain(reader, head, i, end);
      if (i == NO_TOKEN) return;
    } else if (token->type == TOKEN_SIGN && (token->sign == '*' || token->sign == '&' || token->sign == '~')) {
      if (token->sign == '~' && !head->has_type) {
        blank_head(reader, head);
      } else {
        settle_type(reader, head);
        head->words.n = head->calls.n = 0;
        head->has_type = true;
        if (token->sign == '*' && head->n_stars++) edits_blank(&reader->edits, token->start, token->end);
        if (head->n_stars == 1) head->star = i;
      }
      i++;
    } else if (token->type == TOKEN_GROUP) {
      settle_type(reader, head);
      read_declarator(reader, head, i);
      return;
    } else if (token->type == TOKEN_ATTRIBUTE || token->type == TOKEN_TEXT) {
      i++;
    } else {
      break;
    }
  }
  read_variable(reader, head, i, end);
}

/* Read a declarator behind a comma. */
static inline void read_further(Reader *reader, uint32_t i) {
  Head *head = &reader->head;
  head->n_stars = 0;
  for (; is_sign(reader, i, '*') || is_used(reader, i, WORD_QUALIFIER); i++) {
    const Token *star = &reader->unit.tokens[i];
    if (star->type == TOKEN_SIGN && head->n_stars++ == 0) head->star = i;
    else if (star->type == TOKEN_SIGN) edits_blank(&reader->edits, star->start, star->end);
  }
  if (is_type(reader, i, TOKEN_GROUP)) {
    read_declarator(reader, head, i);
  } else if (is_plain(reader, i)) {
    read_sizes(reader, head, ++i);
    if (!is_plain(reader, i) || suspicion_of(reader, &reader->unit.tokens[i]) == NOT_SUSPECT) return;
    Item macro = {i, i, is_type(reader, i + 1, TOKEN_GROUP) ? i + 1 : NO_TOKEN};
    blank_item(reader, &macro);
  }
}

/* Blank what is no part of the declaration that has ended. */
static inline void read_declaration(Reader *reader, UnitEnd end) {
  const Unit *unit = &reader->unit;
  unwrap_made_name(reader, end);
  if (reader->words->is_cpp && !unit->is_long) unwrap_names(reader);
  read_first(reader, end);
  /* A comma may be one of template arguments, where these were taken for less-than. */
  if (unit->is_long || unit->has_angles || end != ENDED_BY_SEMICOLON) return;
  for (uint32_t i = 2; i < unit->n; i++) {
    if (is_sign(reader, i - 1, ',')) read_further(reader, i);
  }
}

#endif
