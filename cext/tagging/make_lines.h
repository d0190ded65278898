/* Repairs of makefiles: names that are assigned to, conditionals of automake, lines that begin with a tab and are no
 * recipe, and those of recipes that print. */
#ifndef REPOMAP_MAKE_LINES_H_
#define REPOMAP_MAKE_LINES_H_

#include "repair_text.h"

/* What a line means for the tabs of the lines below it. Where a rule stands above, they are its recipe; conditionals,
 * comments and empty lines change nothing of that. (GNU make, manual, "Recipe Syntax".) */
typedef enum { MAKE_KEEPS, MAKE_RULE, MAKE_OTHER, MAKE_DEFINE } MakeLine;

/* The end of a name or target from `i`: where a blank or an operator is that stands in no `$(…)` or `${…}`. */
static inline size_t make_word_end(const RepairText *repair, size_t i, bool *has_reference) {
  size_t depth = 0;
  for (; i < repair->size && repair->text[i] != '\n'; i++) {
    uint8_t byte = repair->text[i];
    if (byte == '$') *has_reference = true;
    if (byte == '(' || byte == '{') depth++;
    if ((byte == ')' || byte == '}') && depth) depth--;
    if (!depth && (byte == ' ' || byte == '\t' || byte == ':' || byte == '=' || byte == '+' || byte == '?')) break;
  }
  return i;
}

/* Whether a colon, or two, at `i` assign. */
static inline bool make_assigns(const RepairText *repair, size_t i) {
  while (i < repair->size && repair->text[i] == ':') i++;
  return i < repair->size && repair->text[i] == '=';
}

/* What the line from `start` to `end` is, if it is no recipe. */
static inline MakeLine make_line_of(const RepairText *repair, size_t start, size_t end) {
  static const char *const conditionals[] = {"ifdef", "ifndef", "ifeq", "ifneq", "else", "endif", NULL};
  size_t i = repair_skip_blanks(repair, start), word = repair_word_end(repair, i);
  if (i >= end || repair->text[i] == '#' || repair->text[i] == '\r') return MAKE_KEEPS;
  if (repair_is_among(repair, i, word, conditionals)) return MAKE_KEEPS;
  if (repair_equals(repair, i, word, "define")) return MAKE_DEFINE;
  for (bool has_reference = false; i < end; i++) {
    i = make_word_end(repair, i, &has_reference);
    if (i >= end || repair->text[i] == '=') break;
    if (repair->text[i] == ':') return make_assigns(repair, i) ? MAKE_OTHER : MAKE_RULE;
  }
  return MAKE_OTHER;
}

/* The grammar takes `obj-$(CONFIG_X) += a.o` for a rule with many targets: names that are assigned to become words. */
static inline void make_repair_name(RepairText *repair, size_t start, size_t end) {
  bool has_reference = false;
  size_t name = repair_skip_blanks(repair, start), name_end = make_word_end(repair, name, &has_reference);
  size_t i = repair_skip_blanks(repair, name_end);
  while (i < end && (repair->text[i] == ':' || repair->text[i] == '+' || repair->text[i] == '?')) i++;
  if (!has_reference || i >= end || repair->text[i] != '=') return;
  for (i = name; i < name_end; i++) {
    if (!repair_is_word(repair->text[i]) || repair->text[i] == '$') repair->text[i] = '_';
  }
  repair->is_changed = true;
}

/* Which of the conditionals around a line are automake's: a bit each, the innermost is the lowest. */
typedef uint64_t MakeConditionals;

/* Whether the line at `i` is of a conditional of automake: `if NAME` (or `if !NAME`) and what belongs to it, which make
 * does not know. */
static inline bool make_is_automake(const RepairText *repair, size_t i, size_t end, MakeConditionals *around) {
  static const char *const others[] = {"ifdef", "ifndef", "ifeq", "ifneq", NULL};
  size_t word = repair_word_end(repair, i), name = repair_skip_blanks(repair, word);
  if (name < end && repair->text[name] == '!') name++;
  size_t name_end = repair_word_end(repair, name), behind = repair_skip_blanks(repair, name_end);
  bool is_alone = behind >= end || repair->text[behind] == '#' || repair->text[behind] == '\r';
  if (repair_is_among(repair, i, word, others)) {
    *around <<= 1;
  } else if (repair_equals(repair, i, word, "if") && name > word && name_end > name && is_alone) {
    *around = *around << 1 | 1;
    return true;
  } else if (repair_equals(repair, i, word, "else")) {
    return *around & 1;
  } else if (repair_equals(repair, i, word, "endif")) {
    bool is_automake = *around & 1;
    *around >>= 1;
    return is_automake;
  }
  return false;
}

/* Whether a line of a recipe, from its first word, does nothing but print a text when make reads it. The grammar reads
 * that text as one of a shell, and may lose the rules below it. */
static inline bool make_prints(const RepairText *repair, size_t word, size_t end) {
  static const char *const functions[] = {"info", "warning", "error", NULL};
  const uint8_t *text = repair->text;
  while (word < end && (text[word] == '@' || text[word] == '-' || text[word] == '+')) word++;
  if (word + 2 >= end || text[word] != '$' || text[word + 1] != '(') return false;
  size_t name_end = repair_word_end(repair, word + 2);
  if (!repair_is_among(repair, word + 2, name_end, functions)) return false;
  size_t i = name_end;
  while (i < end && text[i] != '$' && text[i] != '(' && text[i] != ')') i++;
  if (i >= end || text[i] != ')') return false;
  i = repair_skip_blanks(repair, i + 1);
  return i >= end || text[i] == '\r';
}

/* The grammar takes each line with a tab for a recipe. Those without a rule above them get blanks instead. Returns
 * whether there are any, or lines of automake; if `is_asked_only`, at the first of them, with nothing changed. */
static inline bool make_repair(RepairText *repair, bool is_asked_only) {
  bool is_continued = false, has_rule = false, is_defining = false, is_wrong = false;
  MakeConditionals around = 0;
  for (size_t start = 0, end; start < repair->size; start = end + 1) {
    const uint8_t *feed = memchr(repair->text + start, '\n', repair->size - start);
    end = feed ? (size_t)(feed - repair->text) : repair->size;
    bool is_head = !is_continued;
    is_continued = end > start && repair->text[end - 1] == '\\';
    size_t word = repair_skip_blanks(repair, start);
    if (is_defining) {
      is_defining = !repair_equals(repair, word, repair_word_end(repair, word), "endef");
      continue;
    }
    bool has_tab = repair->text[start] == '\t';
    if (is_head && has_tab && has_rule && make_prints(repair, word, end)) {
      is_wrong = true;
      if (is_asked_only) return true;
      repair_blank(repair, word, end);
      repair->text[word] = ':';
    }
    if (!is_head || (has_tab && has_rule)) continue;
    if (make_is_automake(repair, word, end, &around)) {
      is_wrong = true;
      if (is_asked_only) return true;
      repair_blank(repair, start, end);
      continue;
    }
    MakeLine line = make_line_of(repair, start, end);
    is_defining = line == MAKE_DEFINE;
    if (line != MAKE_KEEPS) has_rule = line == MAKE_RULE;
    if (has_tab && word < end && repair->text[word] != '#' && repair->text[word] != '\r') {
      is_wrong = true;
      if (is_asked_only) return true;
      repair_blank(repair, start, word);
    }
    if (!is_asked_only) make_repair_name(repair, start, end);
  }
  return is_wrong;
}

#endif
