/* Macros of Objective-C that its grammar does not know: what says since when something is there, what stands between a
 * type and a name, and enumerations. */
#ifndef REPOMAP_OBJC_MACROS_H_
#define REPOMAP_OBJC_MACROS_H_

#include "repair_text.h"

/* The end of a macro that begins at `i`, with its arguments: capitals with an underscore; `i` where there is none. */
static inline size_t objc_macro_end(RepairText *repair, size_t i) {
  size_t end = repair_word_end(repair, i);
  bool has_underscore = false;
  for (size_t at = i; at < end; at++) {
    uint8_t byte = repair->text[at];
    has_underscore |= byte == '_';
    if (byte != '_' && !(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9' && at > i)) return i;
  }
  if (!has_underscore) return i;
  if (end == repair->size || repair->text[end] != '(') return end;
  size_t behind = repair_group_end(repair, end, '(', ')');
  return behind ? behind : i;
}

/* Blank the macros behind the names of a property or of a method, which begins at `i`. Return where it ends. */
static inline size_t objc_blank_behind_member(RepairText *repair, size_t i) {
  const uint8_t *text = repair->text;
  bool is_behind_name = false;
  while (i < repair->size && text[i] != ';' && text[i] != '{' && text[i] != '@') {
    if (text[i] <= ' ') {
      i++;
      continue;
    }
    if (!repair_is_word(text[i])) {
      is_behind_name = false;
      i++;
      continue;
    }
    size_t end = is_behind_name ? objc_macro_end(repair, i) : i;
    size_t next = repair_skip_space(repair, end);
    uint8_t after = next < repair->size ? text[next] : 0;
    if (end > i && (after == ';' || after == '{' || (after >= 'A' && after <= 'Z'))) {
      repair_blank(repair, i, end);
      i = end;
    } else {
      i = repair_word_end(repair, i);
      is_behind_name = true;
    }
  }
  return i;
}

/* Write `NS_ENUM(NSInteger, Name)`, which begins at `i`, as `enum` and the name. Return what is behind. */
static inline size_t objc_write_enum(RepairText *repair, size_t i) {
  static const char *const macros[] = {
    "NS_ENUM", "NS_OPTIONS", "NS_CLOSED_ENUM", "NS_ERROR_ENUM", "CF_ENUM", "CF_OPTIONS", "CF_CLOSED_ENUM", NULL};
  size_t end = repair_word_end(repair, i);
  if (end == repair->size || repair->text[end] != '(' || !repair_is_among(repair, i, end, macros)) return end;
  size_t behind = repair_group_end(repair, end, '(', ')'), name_end = behind;
  if (!behind) return end;
  while (name_end > end && !repair_is_word(repair->text[name_end - 1])) name_end--;
  size_t name = name_end;
  while (name > end && repair_is_word(repair->text[name - 1])) name--;
  const uint8_t *comma = memchr(repair->text + end, ',', behind - end);
  if (!comma || repair->text + name < comma) return end;
  repair_blank(repair, i, name);
  repair_blank(repair, name_end, behind);
  memcpy(repair->text + i, "enum", 4);
  return behind;
}

/* Whether a macro stands between the type of a function or variable and its name: `int EXPORT_PUBLIC f(void)`. `i` is
 * where it begins, `next` the word behind it. Behind a word that only qualifies, it can be the type itself. */
static inline bool objc_is_behind_type(RepairText *repair, size_t i, size_t next) {
  static const char *const qualifiers[] = {
    "auto", "case", "const", "else", "enum", "extern", "goto", "inline", "register", "return", "static", "struct",
    "typedef", "union", "volatile", NULL};
  size_t end = i;
  while (end > 0 && (repair->text[end - 1] == ' ' || repair->text[end - 1] == '\t')) end--;
  size_t start = end;
  while (start > 0 && i - start < REPAIR_LONGEST_GROUP && repair_is_word(repair->text[start - 1])) start--;
  if (end == 0 || (start == end && repair->text[end - 1] != '*') || repair_is_among(repair, start, end, qualifiers)) {
    return false;
  }
  size_t name_end = repair_word_end(repair, next), behind = repair_skip_blanks(repair, name_end);
  return name_end > next && behind < repair->size && strchr("(;=[", repair->text[behind]);
}

static inline void repair_objc(RepairText *repair) {
  const uint8_t *text = repair->text;
  bool is_row_start = true;
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      i = behind;
      is_row_start = false;
    } else if (text[i] <= ' ') {
      is_row_start |= text[i] == '\n';
      i++;
    } else if (is_row_start && (text[i] == '-' || text[i] == '+' || text[i] == '@')) {
      is_row_start = false;
      size_t word = repair_skip_blanks(repair, i + 1);
      bool is_member = text[i] == '@' ? repair_equals(repair, i + 1, repair_word_end(repair, i + 1), "property")
                                      : word < repair->size && text[word] == '(';
      i = is_member ? objc_blank_behind_member(repair, i + 1) : i + 1;
    } else if (repair_is_word(text[i])) {
      size_t end = objc_macro_end(repair, i), next = repair_skip_blanks(repair, end);
      uint8_t after = next < repair->size ? text[next] : '\n';
      bool is_row = (i == 0 || text[i - 1] == '\n') && (after == '\n' || after == '\r');
      if (end > i &&
          (is_row || (after == ';' && repair_before(repair, i) == '}') || objc_is_behind_type(repair, i, next))) {
        repair_blank(repair, i, end);
        i = end;
      } else {
        i = objc_write_enum(repair, i);
      }
      is_row_start = false;
    } else {
      is_row_start = false;
      i++;
    }
  }
}

#endif
