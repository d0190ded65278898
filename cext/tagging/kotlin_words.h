/* Rewrites what the grammar of Kotlin reads wrong: names that are modifiers elsewhere, members in one row, and bodies
 * behind `by`. Part of repairs.h. */
#ifndef REPOMAP_KOTLIN_WORDS_H_
#define REPOMAP_KOTLIN_WORDS_H_

#include "repair_text.h"

static inline uint8_t kotlin_at(const RepairText *repair, size_t i) { return i < repair->size ? repair->text[i] : 0; }

/* The word before the blanks before `start`; `*end_out` is where it ends. */
static inline size_t kotlin_word_before(const RepairText *repair, size_t start, size_t *end_out) {
  size_t end = start;
  while (end > 0 && repair->text[end - 1] == ' ') end--;
  size_t word = end;
  while (word > 0 && end - word < REPAIR_LONGEST_GROUP && repair_is_word(repair->text[word - 1])) word--;
  *end_out = end;
  return word;
}

/* Whether what follows the word at `start` shows that it is a name: a modifier stands before a word, an annotation or the
 * end of its row. */
static inline bool kotlin_is_name(const RepairText *repair, size_t start, size_t end) {
  static const char *const declarations[] = {"fun", "val", "var", NULL};
  size_t next = repair_skip_blanks(repair, end), before_end;
  size_t before = kotlin_word_before(repair, start, &before_end);
  uint8_t after = kotlin_at(repair, next);
  bool is_declared = repair_is_among(repair, before, before_end, declarations);
  if (repair_equals(repair, start, end, "dynamic")) return is_declared;
  if (repair_equals(repair, start, end, "suspend") && after == '(') {
    /* Else it is a type: `suspend (A) -> B`. */
    uint8_t last = start > 0 ? repair->text[start - 1] : 0;
    return next == end && (is_declared || last == '.' || repair_before(repair, start) == '>');
  }
  if (after == '\n' || after == '\r') return kotlin_at(repair, repair_skip_space(repair, next)) == '}';
  if (after == '/') return !strchr("/*", kotlin_at(repair, next + 1));
  return after && strchr("(=.[{,)]}-+*%<>:?!&|;", after);
}

/* The modifiers of Kotlin are names too; the parameters of a context go before a declaration. */
static inline size_t repair_kotlin_word(RepairText *repair, size_t start, size_t end) {
  static const char *const modifiers[] = {
    "abstract", "actual", "annotation", "companion", "const", "crossinline", "data", "dynamic", "enum", "expect",
    "external", "final", "infix", "inline", "inner", "internal", "lateinit", "noinline", "open", "operator", "override",
    "private", "protected", "public", "sealed", "suspend", "tailrec", "value", "vararg", NULL};
  static const char *const declarations[] = {
    "fun", "val", "var", "class", "interface", "object", "private", "public", "internal", "protected", "override",
    "suspend", "inline", "operator", "infix", "abstract", "open", NULL};
  if (repair_equals(repair, start, end, "context")) {
    size_t next = repair_skip_blanks(repair, end);
    size_t behind = kotlin_at(repair, next) == '(' ? repair_group_end(repair, next, '(', ')') : 0;
    if (!behind) return end;
    size_t word = repair_skip_space(repair, behind);
    if (!repair_is_among(repair, word, repair_word_end(repair, word), declarations)) return end;
    repair_blank(repair, start, behind);
    return behind;
  }
  if (repair_is_among(repair, start, end, modifiers) && kotlin_is_name(repair, start, end)) repair_make_name(repair, end);
  return end;
}

/* Whether a declaration begins at `i`, behind any modifiers in its row. */
static inline bool kotlin_is_declaration(const RepairText *repair, size_t i) {
  static const char *const keywords[] = {"fun", "val", "var", "class", "interface", "init", "constructor", "companion", NULL};
  static const char *const modifiers[] = {
    "abstract", "const", "data", "enum", "final", "infix", "inline", "inner", "internal", "lateinit", "open", "operator",
    "override", "private", "protected", "public", "sealed", "suspend", "tailrec", NULL};
  size_t end = repair_word_end(repair, i);
  for (int n = 0; n < 8 && repair_is_among(repair, i, end, modifiers); n++) {
    i = repair_skip_blanks(repair, end);
    end = repair_word_end(repair, i);
  }
  return repair_is_among(repair, i, end, keywords);
}

/* A member may end before a brace in its row, or before the next member: the grammar wants a semicolon there. */
static inline void repair_kotlin_brace(RepairText *repair, size_t i) {
  uint8_t *text = repair->text;
  if (text[i] != '}' || i < 2) return;
  if (text[i - 1] == ' ' && text[i - 2] > ' ' && !strchr("{;,", text[i - 2])) {
    text[i - 1] = ';';
    repair->is_changed = true;
  } else if (text[i - 1] == '}' && text[i - 2] == '{' && i > 2 && text[i - 3] == ' ') {
    /* `fun f() {}}`: there is room for it where the body is empty. */
    memcpy(text + i - 2, " ;", 2);
    repair->is_changed = true;
  }
  size_t next = repair_skip_blanks(repair, i + 1);
  if (next > i + 1 && repair_is_word(kotlin_at(repair, next)) && kotlin_is_declaration(repair, next)) {
    text[i + 1] = ';';
    repair->is_changed = true;
  }
}

/* Where the expression behind `by` ends that a body of a class follows; 0 where none follows, or far away. */
static inline size_t repair_kotlin_delegate_end(RepairText *repair, size_t i) {
  size_t start = i, end = 0;
  while (i < repair->size && i - start < REPAIR_LONGEST_GROUP && repair_take(repair, 1)) {
    uint8_t byte = repair->text[i];
    if (!repair_is_word(byte) && byte != '.' && byte != '(' && byte != '<') break;
    size_t behind = byte == '(' ? repair_group_end(repair, i, '(', ')')
                    : byte == '<' ? repair_group_end(repair, i, '<', '>')
                    : i + 1;
    if (!behind) return 0;
    i = end = behind;
  }
  while (i < repair->size && i - start < REPAIR_LONGEST_GROUP && repair->text[i] <= ' ' && repair_take(repair, 1)) i++;
  return i - start < REPAIR_LONGEST_GROUP && kotlin_at(repair, i) == '{' ? end : 0;
}

/* `class A : B by c {`: the grammar takes the body of the class for a lambda that `c` is called with. Return the end of
 * the head of a class whose keyword ends at `i`. */
static inline size_t repair_kotlin_head(RepairText *repair, size_t i) {
  static const char *const declarations[] = {"fun", "val", "var", "class", "interface", "object", "import", "return", NULL};
  size_t start = i;
  bool has_bases = false;
  while (i < repair->size && i - start < REPAIR_LONGEST_GROUP) {
    uint8_t byte = repair->text[i];
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      i = behind;
    } else if (byte == '(' || byte == '<') {
      behind = repair_group_end(repair, i, byte, byte == '(' ? ')' : '>');
      if (!behind) return i;
      i = behind;
    } else if (repair_is_word(byte)) {
      behind = repair_word_end(repair, i);
      if (repair_is_among(repair, i, behind, declarations)) return i;
      if (has_bases && repair_equals(repair, i, behind, "by")) {
        size_t delegate = repair_skip_space(repair, behind), end = repair_kotlin_delegate_end(repair, delegate);
        if (end) {
          bool is_called = kotlin_at(repair, repair_word_end(repair, delegate)) == '(' && repair->text[end - 1] == ')';
          repair_blank(repair, i, is_called ? behind : end);
          /* What is called reads as one base more. */
          if (is_called) repair->text[i] = ',';
          return end;
        }
      }
      i = behind;
    } else if (byte == '{' || byte == '}' || byte == ';' || byte == '=') {
      return i;
    } else {
      has_bases |= byte == ':';
      i++;
    }
  }
  return i;
}

static inline void repair_kotlin_heads(RepairText *repair) {
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i || !repair_is_word(repair->text[i])) {
      i = behind == i ? i + 1 : behind;
      continue;
    }
    size_t end = repair_word_end(repair, i);
    bool is_class = repair_equals(repair, i, end, "class") || repair_equals(repair, i, end, "object");
    i = is_class ? repair_kotlin_head(repair, end) : end;
  }
}

#endif
