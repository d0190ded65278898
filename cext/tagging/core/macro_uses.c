/* Included by core.c, behind uses.c: the body of a macro of C is a text without a tree, and its names are uses too. */
#include "uses.h"

enum {
  MACRO_MOST_PARAMETERS = 64,   /* of one macro that are known; the others are taken for names */
  MACRO_MOST_PARAMETER_BYTES = 4096 /* before the body, in which they are looked for */
};

/* Words of C, C++ and the preprocessor that name nothing, sorted by their bytes. */
static const char *const macro_words[] = {
  "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Noreturn", "_Pragma", "_Static_assert",
  "_Thread_local", "__VA_ARGS__", "__VA_OPT__", "__asm", "__asm__", "__attribute__", "__extension__", "__inline",
  "__inline__", "__restrict", "__typeof__", "__volatile__", "alignas", "alignof", "asm", "auto", "bool", "break",
  "case", "catch", "char", "class", "co_await", "co_return", "co_yield", "concept", "const", "const_cast", "constexpr",
  "continue", "decltype", "default", "defined", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
  "extern", "false", "final", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace",
  "new", "noexcept", "nullptr", "operator", "override", "private", "protected", "public", "register",
  "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert",
  "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
  "typename", "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
};

typedef struct {
  uint32_t start, size;
} MacroName;

static REPOMAP_INLINE bool macro_is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static REPOMAP_INLINE bool macro_begins_name(uint8_t byte) {
  return (byte | 0x20) - 'a' < 26u || byte == '_' || byte == '$' || byte >= 0x80;
}

static REPOMAP_INLINE bool macro_is_of_name(uint8_t byte) { return macro_begins_name(byte) || macro_is_digit(byte); }

static REPOMAP_INLINE bool macro_is_space(uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\\' || byte == '\r' || byte == '\n';
}

static bool macro_is_word(const uint8_t *name, uint32_t size) {
  size_t first = 0, last = sizeof macro_words / sizeof *macro_words;
  while (first < last) {
    size_t middle = first + (last - first) / 2;
    int order = strncmp(macro_words[middle], (const char *)name, size);
    if (!order && !macro_words[middle][size]) return true;
    if (order < 0) first = middle + 1;
    else last = middle;
  }
  return false;
}

/* Find the parameters of a macro, in the brackets that end right before its body. Return how many there are. */
static uint32_t macro_parameters(const uint8_t *text, uint32_t body, MacroName *parameters) {
  uint32_t least = body > MACRO_MOST_PARAMETER_BYTES ? body - MACRO_MOST_PARAMETER_BYTES : 0;
  uint32_t end = body;
  while (end > least && macro_is_space(text[end - 1])) end--;
  if (end == least || text[end - 1] != ')') return 0;
  uint32_t start = end - 1;
  while (start > least && text[start - 1] != '(' && text[start - 1] != ')') start--;
  if (start <= least + 1 || text[start - 1] != '(' || !macro_is_of_name(text[start - 2])) return 0;
  uint32_t n = 0;
  for (uint32_t i = start; i < end && n < MACRO_MOST_PARAMETERS;) {
    uint32_t from = i;
    while (i < end && macro_is_of_name(text[i])) i++;
    if (i > from) parameters[n++] = (MacroName){from, i - from};
    else i++;
  }
  return n;
}

static bool macro_is_parameter(
  const uint8_t *text, const MacroName *parameters, uint32_t n, uint32_t start, uint32_t size
) {
  for (uint32_t i = 0; i < n; i++) {
    if (parameters[i].size == size && !memcmp(text + parameters[i].start, text + start, size)) return true;
  }
  return false;
}

/* The end of what is no name at a place: a string, a comment, a number, or one byte. */
static uint32_t macro_pass(const uint8_t *text, uint32_t at, uint32_t end) {
  uint8_t first = text[at];
  uint8_t second = at + 1 < end ? text[at + 1] : 0;
  if (first == '"' || first == '\'') {
    for (at++; at < end && text[at] != first && text[at] != '\n'; at++) at += text[at] == '\\';
    return at < end && text[at] == first ? at + 1 : at < end ? at : end;
  }
  if (first == '/' && second == '/') {
    while (at < end && text[at] != '\n') at++;
    return at;
  }
  if (first == '/' && second == '*') {
    for (at += 2; at + 1 < end && !(text[at] == '*' && text[at + 1] == '/'); at++) continue;
    return at + 1 < end ? at + 2 : end;
  }
  if (!macro_is_digit(first)) return at + 1;
  for (; at < end; at++) {
    bool is_separator = text[at] == '\'' && at + 1 < end && macro_is_of_name(text[at + 1]);
    if (!macro_is_of_name(text[at]) && text[at] != '.' && !is_separator) break;
  }
  return at;
}

/* Whether what stands before a text is a directive that names no macro: the text of `#undef` is one, that of `#error`
 * is none. Before the body of a macro stands the macro. */
static bool macro_is_remark(const uint8_t *text, uint32_t body) {
  static const char undef[] = "undef";
  uint32_t end = body;
  while (end && macro_is_space(text[end - 1])) end--;
  uint32_t start = end;
  while (start && macro_is_of_name(text[start - 1])) start--;
  uint32_t hash = start;
  while (hash && macro_is_space(text[hash - 1])) hash--;
  if (start == end || !hash || text[hash - 1] != '#') return false;
  return end - start != sizeof undef - 1 || memcmp(text + start, undef, end - start) != 0;
}

/* Note the names that the body of a macro uses. What is pasted to another name, or made a string, is none. */
static bool use_macro_body(
  UseFinder *finder, Arena *arena, const UseContext *around, UseName body, const uint8_t *text
) {
  MacroName parameters[MACRO_MOST_PARAMETERS];
  uint32_t start = body.position.bytes, end = start + body.size;
  if (macro_is_remark(text, start)) return true;
  uint32_t n_parameters = macro_parameters(text, start, parameters);
  uint32_t row = body.position.extent.row, line = start - body.position.extent.column;
  /* Of what stands before, but for blanks, the last two bytes. */
  uint8_t before = 0, last = 0;
  for (uint32_t at = start; at < end;) {
    if (!macro_begins_name(text[at])) {
      uint32_t next = macro_pass(text, at, end);
      for (uint32_t i = at; i < next; i++) {
        if (text[i] == '\n') row++, line = i + 1;
      }
      if (!macro_is_space(text[at])) before = next == at + 1 ? last : 0, last = text[next - 1];
      at = next;
      continue;
    }
    uint32_t from = at;
    while (at < end && macro_is_of_name(text[at])) at++;
    uint32_t behind = at;
    while (behind < end && macro_is_space(text[behind])) behind++;
    bool is_pasted = last == '#' || (behind + 1 < end && text[behind] == '#' && text[behind + 1] == '#');
    bool is_prefix = behind == at && at < end && (text[at] == '"' || text[at] == '\'');
    bool is_of_scope = last == ':' && before == ':';
    bool is_member = (last == '.' && before != '.') || (last == '>' && before == '-') || is_of_scope;
    before = last, last = text[at - 1];
    if (is_pasted || is_prefix || macro_is_word(text + from, at - from)) continue;
    if (macro_is_parameter(text, parameters, n_parameters, from, at - from)) continue;
    uint32_t id = fact_intern(finder, arena, text + from, at - from);
    if (id == INTERNER_FULL) return false;
    Use use = {
      .name = id,
      .scope = is_member ? 0 : around->scope,
      .start = from,
      .row = row,
      .column = from - line,
      .receiver = is_member ? FACT_UNKNOWN : FACT_BARE,
      .kind = is_member ? USE_KIND_MEMBER : USE_KIND_READ,
    };
    if (!use_add(finder, arena, use)) return false;
  }
  return true;
}
