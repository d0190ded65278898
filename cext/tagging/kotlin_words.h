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

/* Whether what follows the word at `start` shows that it is a name: a modifier stands before a word, an annotation or
 * the end of its row. */
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
  if (repair_is_among(repair, start, end, modifiers) && kotlin_is_name(repair, start, end)) {
    repair_make_name(repair, end);
  }
  return end;
}

/* Whether a declaration begins at `i`, behind any modifiers in its row. */
static inline bool kotlin_is_declaration(const RepairText *repair, size_t i) {
  static const char *const keywords[] = {
    "fun", "val", "var", "class", "interface", "init", "constructor", "companion", NULL};
  static const char *const modifiers[] = {
    "abstract", "const", "data", "enum", "final", "infix", "inline", "inner", "internal", "lateinit", "open",
    "operator", "override", "private", "protected", "public", "sealed", "suspend", "tailrec", NULL};
  size_t end = repair_word_end(repair, i);
  for (int n = 0; n < 8 && repair_is_among(repair, i, end, modifiers); n++) {
    i = repair_skip_blanks(repair, end);
    end = repair_word_end(repair, i);
  }
  return repair_is_among(repair, i, end, keywords);
}

/* What the braces are that are open around a place. */
enum { KOTLIN_DEPTH = 256, KOTLIN_LONGEST_RUN = 16 };
typedef enum { KOTLIN_CODE, KOTLIN_CLASS, KOTLIN_ENUM } KotlinBody;
typedef struct {
  uint8_t body;         /* KotlinBody */
  uint8_t next;         /* that the head around the brace has */
  size_t n_parens;      /* that are open around it, from the brace around on */
} KotlinBrace;
typedef struct {
  KotlinBrace open[KOTLIN_DEPTH];
  size_t depth;
  size_t n_parens;      /* that are open since the last brace */
  uint8_t next;         /* KotlinBody of the next brace outside of parentheses, by the declaration at hand */
  bool is_object_next;  /* the next brace is of an object without a name */
  bool is_declared;     /* a declaration has begun since the last comma, semicolon or brace */
} KotlinBraces;

/* A word may say what the next braces are; in parentheses `object` alone does. */
static inline void kotlin_note_word(KotlinBraces *braces, const RepairText *repair, size_t start, size_t end) {
  static const char *const types[] = {"class", "interface", NULL};
  static const char *const others[] = {"fun", "val", "var", "init", "constructor", "get", "set", NULL};
  bool is_object = repair_equals(repair, start, end, "object");
  braces->is_object_next |= is_object;
  if (braces->n_parens) return;
  if (is_object || (repair_is_among(repair, start, end, types) && repair_before(repair, start) != ':')) {
    size_t before_end, before = kotlin_word_before(repair, start, &before_end);
    braces->next = repair_equals(repair, before, before_end, "enum") ? KOTLIN_ENUM : KOTLIN_CLASS;
    braces->is_declared = true;
  } else if (repair_is_among(repair, start, end, others)) {
    braces->next = KOTLIN_CODE;
    braces->is_declared = true;
  }
}

/* The last member of a class may end in the row of the brace behind it: the grammar wants a semicolon there. It goes
 * into a blank before the brace, or before the braces that end there, too, which move by one. */
static inline void repair_kotlin_end(RepairText *repair, size_t i) {
  uint8_t *text = repair->text;
  size_t last = i, run = i;
  while (last > 0 && (text[last - 1] == ' ' || text[last - 1] == '\t')) last--;
  if (last == 0 || strchr("\r\n{;,", text[last - 1])) return;
  while (run > 0 && i - run < KOTLIN_LONGEST_RUN && strchr("{};", text[run - 1])) run--;
  if (run == 0 || text[run - 1] != ' ') return;
  memmove(text + run - 1, text + run, i - run);
  text[i - 1] = ';';
  repair->is_changed = true;
}

/* Read a byte that is of no word: a bracket, or what parts members in one row. */
static inline void repair_kotlin_sign(KotlinBraces *braces, RepairText *repair, size_t i) {
  uint8_t *text = repair->text;
  uint8_t byte = text[i];
  if (byte == '(') braces->n_parens++;
  if (byte == ')' && braces->n_parens) braces->n_parens--;
  if (byte == '{') {
    KotlinBrace *brace = &braces->open[braces->depth % KOTLIN_DEPTH];
    bool is_in_enum = braces->depth && braces->depth < KOTLIN_DEPTH && brace[-1].body == KOTLIN_ENUM;
    uint8_t body = braces->n_parens ? KOTLIN_CODE : braces->next;
    if (braces->is_object_next || (is_in_enum && !braces->is_declared && !braces->n_parens)) body = KOTLIN_CLASS;
    if (braces->depth < KOTLIN_DEPTH) *brace = (KotlinBrace){body, braces->next, braces->n_parens};
    braces->depth++;
    braces->n_parens = 0;
    braces->next = KOTLIN_CODE;
  } else if (byte == '}' && braces->depth && --braces->depth < KOTLIN_DEPTH) {
    const KotlinBrace *brace = &braces->open[braces->depth];
    if (brace->body != KOTLIN_CODE) repair_kotlin_end(repair, i);
    braces->n_parens = brace->n_parens;
    braces->next = brace->n_parens ? brace->next : KOTLIN_CODE;
  }
  if (byte == '{' || byte == '}' || byte == ';' || (byte == ',' && !braces->n_parens)) {
    braces->is_declared = braces->is_object_next = false;
  }
  if (byte != '}') return;
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
  static const char *const declarations[] = {
    "fun", "val", "var", "class", "interface", "object", "import", "return", NULL};
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
