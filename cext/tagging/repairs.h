/* Rewrites what is right in a language and wrong for its grammar, so that a text with errors can be parsed again.
 *
 * The copy that is parsed keeps its length and its line feeds: each node is where its text is. Names are read from the
 * original. A repair only has to be good enough for texts that had errors: the worker keeps the tree with fewer of
 * them. Each pass looks at each byte a bounded number of times. */
#ifndef REPOMAP_REPAIRS_H_
#define REPOMAP_REPAIRS_H_

#include "flow_types.h"
#include "here_documents.h"
#include "hlsl_annotations.h"
#include "kotlin_words.h"
#include "make_lines.h"
#include "objc_macros.h"
#include "prisma_enums.h"
#include "repair_text.h"
#include "sql_routines.h"
#include "swift_conditionals.h"

/* By language, as tags_query.REPAIRS numbers them. */
typedef enum {
  REPAIR_NONE,
  REPAIR_BASH,
  REPAIR_CSHARP,
  REPAIR_ECMA,
  REPAIR_KOTLIN,
  REPAIR_MAKE,
  REPAIR_SWIFT,
  REPAIR_RUST,
  REPAIR_OBJC,
  REPAIR_SQL,
  REPAIR_HLSL,
  REPAIR_PRISMA
} Repair;

/* `<in out T>`: the grammar knows one of the two words. */
static inline void repair_variance(RepairText *repair, size_t start, size_t end) {
  size_t second = repair_skip_blanks(repair, end), second_end = repair_word_end(repair, second);
  uint8_t before = repair_before(repair, start);
  if ((before != '<' && before != ',') || second == end || !repair_equals(repair, second, second_end, "out")) return;
  size_t name = repair_skip_blanks(repair, second_end);
  if (name > second_end && name < repair->size && repair_is_word(repair->text[name])) {
    repair_blank(repair, start, second_end);
  }
}

/* A member that begins with its type parameters, on a line of its own: the grammar takes them for arguments of the type
 * on the line before. */
static inline void repair_call_signature(RepairText *repair, size_t i) {
  if (i < 2 || repair->text[i - 1] != ' ') return;
  size_t line = i;
  while (line > 0 && (repair->text[line - 1] == ' ' || repair->text[line - 1] == '\t')) line--;
  if (line == 0 || repair->text[line - 1] != '\n') return;
  uint8_t before = repair_before(repair, line);
  if (!repair_is_word(before) && (!before || !strchr(")]}>\"'`/", before))) return;
  repair->text[i - 1] = ';';
  repair->is_changed = true;
}

/* The grammar takes an escaped backtick for the end of a type that is a template. */
static inline void repair_template(RepairText *repair, size_t start, size_t end) {
  for (size_t i = start + 1; i + 1 < end; i++) {
    if (repair->text[i] != '\\') continue;
    if (repair->text[i + 1] == '`') repair_blank(repair, i, i + 2);
    i++;
  }
}

/* Words that mean something only in some places of TypeScript: before a name they are modifiers, else names. */
static inline void repair_ecma_word(RepairText *repair, size_t start, size_t end) {
  static const char *const modifiers[] = {"abstract", "accessor", "declare", "override", "readonly", NULL};
  if (repair_equals(repair, start, end, "in")) repair_variance(repair, start, end);
  if (!repair_is_among(repair, start, end, modifiers)) return;
  size_t next = repair_skip_blanks(repair, end);
  uint8_t after = next < repair->size ? repair->text[next] : 0;
  uint8_t before = repair_before(repair, start);
  if (before == '.') return;
  if (repair_equals(repair, start, end, "accessor") && next > end &&
      (repair_is_word(after) || after == '#' || after == '[' || after == '"' || after == '\'')) {
    repair_blank(repair, start, end);
  } else if (after == '(' || after == ':' || after == ';' || after == '=' || after == '?' || after == '!') {
    repair_make_name(repair, end);
  }
}

/* The members of an extension block belong to the class around it. */
static inline size_t repair_csharp_word(RepairText *repair, size_t start, size_t end) {
  uint8_t before = repair_before(repair, start);
  if (!repair_equals(repair, start, end, "extension") || (before != '{' && before != '}' && before != ';')) return end;
  size_t next = repair_skip_blanks(repair, end);
  if (next < repair->size && repair->text[next] == '<') {
    next = repair_group_end(repair, next, '<', '>');
    if (!next) return end;
    next = repair_skip_blanks(repair, next);
  }
  if (next >= repair->size || repair->text[next] != '(') return end;
  size_t behind = repair_group_end(repair, next, '(', ')');
  if (!behind) return end;
  size_t brace = repair_skip_space(repair, behind);
  if (brace >= repair->size || repair->text[brace] != '{') return end;
  size_t depth = 0;
  for (size_t i = brace; i < repair->size && repair->n_left;) {
    size_t skipped = repair_skip_quoted(repair, i);
    repair->n_left -= skipped - i < repair->n_left ? skipped - i : repair->n_left;
    if (repair->n_left) repair->n_left--;
    if (skipped != i) {
      i = skipped;
      continue;
    }
    depth += repair->text[i] == '{';
    if (repair->text[i] == '}' && --depth == 0) {
      repair_blank(repair, start, brace + 1);
      repair_blank(repair, i, i + 1);
      return brace + 1;
    }
    i++;
  }
  return end;
}

static inline void repair_words(RepairText *repair, Repair language) {
  KotlinBraces braces = {.depth = 0};
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      if (language == REPAIR_ECMA && repair->text[i] == '`') repair_template(repair, i, behind);
      i = behind;
      continue;
    }
    if (!repair_is_word(repair->text[i])) {
      if (language == REPAIR_KOTLIN) repair_kotlin_sign(&braces, repair, i);
      if (language == REPAIR_ECMA && repair->text[i] == '<') repair_call_signature(repair, i);
      i++;
      continue;
    }
    size_t end = repair_word_end(repair, i);
    if (language == REPAIR_ECMA) {
      repair_ecma_word(repair, i, end);
      i = end;
    } else if (language == REPAIR_KOTLIN) {
      kotlin_note_word(&braces, repair, i, end);
      i = repair_kotlin_word(repair, i, end);
    } else {
      i = repair_csharp_word(repair, i, end);
    }
  }
}

static inline void repair_bash(RepairText *repair) {
  uint8_t *text = repair->text;
  for (size_t i = 0; i + 7 < repair->size; i++) {
    /* A comparison of strings in brackets; `esac` before `do`. */
    if (text[i] == ' ' && text[i + 1] == '\\' && (text[i + 2] == '<' || text[i + 2] == '>') && text[i + 3] == ' ') {
      text[i + 1] = '!';
      text[i + 2] = '=';
      repair->is_changed = true;
    } else if (memcmp(text + i, "esac do", 7) == 0 && (i == 0 || text[i - 1] == ' ' || text[i - 1] == ';')) {
      text[i + 4] = ';';
      repair->is_changed = true;
    }
  }
}

/* Whether a text may have what is to be repaired without an error too: the grammar reads it wrong, and says nothing. */
static inline bool repomap_is_repaired_first(Repair language, const uint8_t *text, size_t size) {
  RepairText asked = {(uint8_t *)text, size, 0, false}; /* which is not written to */
  if (language == REPAIR_MAKE) return make_repair(&asked, true);
  if (language == REPAIR_BASH) return here_is_asked(&asked);
  if (language != REPAIR_KOTLIN) return false;
  for (const uint8_t *at = text; (at = memchr(at, 'y', size - (size_t)(at - text))); at++) {
    size_t i = (size_t)(at - text);
    if (i >= 2 && i + 1 < size && memcmp(at - 2, " by ", 4) == 0) return true;
  }
  return false;
}

/* Whether what is to be repaired has its error in its own statement: types of Flow are read as something else, too. */
static inline bool repomap_is_repaired_near_errors(Repair language, const uint8_t *text, size_t size) {
  return language == REPAIR_ECMA && !flow_is_marked(text, size);
}

/* A macro that is declared by `macro`, which the grammar does not know: it is written as a signature without
 * parameters, whose body is the blanks before its semicolon. The tags query asks what stands at its keyword. */
static inline void repair_rust(RepairText *repair) {
  uint8_t *text = repair->text;
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i || !repair_is_word(text[i])) {
      i = behind == i ? i + 1 : behind;
      continue;
    }
    size_t end = repair_word_end(repair, i), name = repair_skip_blanks(repair, end);
    size_t name_end = repair_word_end(repair, name), group = repair_skip_blanks(repair, name_end);
    if (!repair_equals(repair, i, end, "macro") || name == end || name_end == name || group >= repair->size) {
      i = end;
      continue;
    }
    if (text[group] == '(') {
      group = repair_group_end(repair, group, '(', ')');
      if (!group) group = repair->size;
    }
    group = repair_skip_space(repair, group);
    behind = group < repair->size && text[group] == '{' ? repair_group_end(repair, group, '{', '}') : 0;
    if (behind && repair_room(repair, name_end, behind) > 2) {
      repair_blank(repair, i, end);
      repair_blank(repair, name_end, behind);
      memcpy(text + i, "fn", 2);
      repair_write(repair, name_end, "()");
      text[behind - 1] = ';';
      end = behind;
    }
    i = end;
  }
}

/* Rewrite in `text`, a copy, what the grammar reads wrong without an error; false if nothing of it was changed. */
static inline bool repomap_repair_first(Repair language, uint8_t *text, size_t size) {
  RepairText repair = {text, size, REPAIR_LOOKS * size, false};
  if (language == REPAIR_KOTLIN) {
    repair_kotlin_heads(&repair);
  } else if (language == REPAIR_BASH) {
    repair_bash(&repair);
    here_repair(&repair);
  } else if (language == REPAIR_MAKE) {
    make_repair(&repair, false);
  }
  return repair.is_changed;
}

/* Rewrite `text`, a copy, for a language; false if nothing of it was changed. `tree` is of the text as it is. */
static inline bool repomap_repair(Repair language, const TSTree *tree, uint8_t *text, size_t size) {
  RepairText repair = {text, size, REPAIR_LOOKS * size, false};
  if (language == REPAIR_BASH) {
    repair_bash(&repair);
    here_repair(&repair);
  } else if (language == REPAIR_MAKE) {
    make_repair(&repair, false);
  } else if (language == REPAIR_SWIFT) {
    repair_swift(&repair);
  } else if (language == REPAIR_RUST) {
    repair_rust(&repair);
  } else if (language == REPAIR_OBJC) {
    repair_objc(&repair);
  } else if (language == REPAIR_SQL) {
    repair_sql(&repair, tree);
  } else if (language == REPAIR_HLSL) {
    repair_hlsl(&repair);
  } else if (language == REPAIR_PRISMA) {
    repair_prisma(&repair);
  } else if (language == REPAIR_ECMA && flow_is_marked(text, size)) {
    repair_flow(&repair);
  } else if (language != REPAIR_NONE) {
    repair_words(&repair, language);
  }
  return repair.is_changed;
}

#endif
