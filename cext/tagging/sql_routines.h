/* Repairs of SQL: functions, procedures and triggers that the grammar cannot read, in PL/pgSQL and in other dialects.
 *
 * Each is written as a type, which is the shortest statement of the grammar that has a name and an end:
 *
 *     CREATE OR REPLACE FUNCTION a.b(…) …;    CREATE            TYPE     a.b AS ENUM (…);
 *
 * The tags query asks what stands at the keyword. A routine that was read without an error stays as it is, for what it
 * refers to. */
#ifndef REPOMAP_SQL_ROUTINES_H_
#define REPOMAP_SQL_ROUTINES_H_

#include "repair_text.h"
#include "tree_sitter/api.h"

#define SQL_LONGEST_DELIMITER 16 /* bytes */
#define SQL_LONGEST_NAME 512     /* bytes of a quoted name */
#define SQL_MOST_WORDS 12        /* between CREATE and what is created */

typedef struct {
  RepairText *repair;
  TSTreeCursor statement;  /* of the text as it was written; the CREATEs rise, and it with them */
  size_t delimiter;        /* where the word is that ends statements, as the client of MySQL is told; 0 if it is `;` */
  size_t delimiter_length; /* bytes */
  size_t last_end;         /* where a client was last told that a statement ends */
} SqlRoutines;

/* Unlike elsewhere a dollar is no letter: it begins a string, or ends a statement. */
static inline size_t sql_word_end(const RepairText *repair, size_t i) {
  while (i < repair->size && repair_is_word(repair->text[i]) && repair->text[i] != '$') i++;
  return i;
}

static inline bool sql_is(const RepairText *repair, size_t start, size_t end, const char *word) {
  size_t length = strlen(word);
  if (end - start != length) return false;
  for (size_t i = 0; i < length; i++) {
    if ((repair->text[start + i] & 0xDF) != (uint8_t)word[i]) return false;
  }
  return true;
}

static inline bool sql_is_among(const RepairText *repair, size_t start, size_t end, const char *const *words) {
  for (; *words; words++) {
    if (sql_is(repair, start, end, *words)) return true;
  }
  return false;
}

static inline size_t sql_line_end(const RepairText *repair, size_t i) {
  const uint8_t *feed = i < repair->size ? memchr(repair->text + i, '\n', repair->size - i) : NULL;
  return feed ? (size_t)(feed - repair->text) : repair->size;
}

static inline bool sql_is_line_start(const RepairText *repair, size_t i) {
  while (i > 0 && (repair->text[i - 1] == ' ' || repair->text[i - 1] == '\t')) i--;
  return i == 0 || repair->text[i - 1] == '\n';
}

static inline bool sql_is_alone(const RepairText *repair, size_t start, size_t end) {
  end = repair_skip_blanks(repair, end);
  if (end < repair->size && repair->text[end] == '\r') end++;
  return sql_is_line_start(repair, start) && (end == repair->size || repair->text[end] == '\n');
}

/* What follows the text between `$word$` and `$word$`, or `i`. */
static inline size_t sql_skip_dollars(const RepairText *repair, size_t i) {
  size_t end = sql_word_end(repair, i + 1);
  if (end >= repair->size || repair->text[end] != '$') return i;
  size_t length = ++end - i;
  for (size_t at = end; at + length <= repair->size; at++) {
    const uint8_t *dollar = memchr(repair->text + at, '$', repair->size - at);
    if (!dollar) return repair->size;
    at = (size_t)(dollar - repair->text);
    if (at + length <= repair->size && memcmp(dollar, repair->text + i, length) == 0) return at + length;
  }
  return repair->size;
}

/* What follows the comment, string or quoted name at `i`, or `i`. */
static inline size_t sql_skip_quoted(const SqlRoutines *sql, size_t i) {
  const RepairText *repair = sql->repair;
  const uint8_t *text = repair->text;
  uint8_t byte = text[i], next = i + 1 < repair->size ? text[i + 1] : 0;
  if (byte == '-' && next == '-') return sql_line_end(repair, i);
  if (byte == '/' && next == '*') {
    for (i += 2; i + 1 < repair->size && !(text[i] == '*' && text[i + 1] == '/'); i++) {
    }
    return i + 2 < repair->size ? i + 2 : repair->size;
  }
  if (byte == '$' && !sql->delimiter) return sql_skip_dollars(repair, i);
  if (byte != '\'' && byte != '"' && byte != '`') return i;
  bool has_escapes = byte != '`' && (sql->delimiter || (i > 0 && (text[i - 1] & 0xDF) == 'E'));
  for (i++; i < repair->size && text[i] != byte; i++) {
    if (has_escapes && text[i] == '\\') i++;
  }
  return i < repair->size ? i + 1 : repair->size;
}

/* Make the word at `i` one of the grammar: `@schema@`, a variable of a template of PostgreSQL, and `x$y`. Returns its
 * end.
 */
static inline size_t sql_repair_word(RepairText *repair, size_t i) {
  size_t end = sql_word_end(repair, i + 1);
  if (repair->text[i] == '@') {
    if (end == i + 1 || end >= repair->size || repair->text[end] != '@') return i;
    repair->text[i] = repair->text[end] = '_';
    repair->is_changed = true;
    return end + 1;
  }
  end = sql_word_end(repair, i);
  while (end > i && end + 1 < repair->size && repair->text[end] == '$' && sql_word_end(repair, end + 1) > end + 1) {
    repair->text[end] = '_';
    repair->is_changed = true;
    end = sql_word_end(repair, end);
  }
  return end;
}

/* The end of the name at `i`: words and quoted words with dots between them. */
static inline size_t sql_name_end(RepairText *repair, size_t i) {
  while (i < repair->size) {
    uint8_t open = repair->text[i], close = open == '[' ? ']' : open;
    size_t end = i;
    if (open == '"' || open == '`' || open == '[') {
      for (end++; end < repair->size && repair->text[end] != close && repair->text[end] != '\n'; end++) {
        if (end - i == SQL_LONGEST_NAME) return i;
      }
      if (end >= repair->size || repair->text[end++] != close) return i;
    } else {
      end = sql_repair_word(repair, i);
    }
    if (end == i || end >= repair->size || repair->text[end] != '.') return end;
    i = end + 1;
  }
  return i;
}

static inline bool sql_is_delimiter(const SqlRoutines *sql, size_t i) {
  const RepairText *repair = sql->repair;
  if (!sql->delimiter) return repair->text[i] == ';';
  return i + sql->delimiter_length <= repair->size &&
         memcmp(repair->text + i, repair->text + sql->delimiter, sql->delimiter_length) == 0;
}

/* Where the statement ends whose name ends at `i`. One with a block of statements ends where a line says so: with the
 * word of a client, with END at its start, or with what begins another. */
static inline size_t sql_statement_end(const SqlRoutines *sql, size_t i) {
  static const char *const others[] = {"CREATE", "ALTER", "DROP", "GRANT", "COMMENT", "DELIMITER", NULL};
  const RepairText *repair = sql->repair;
  bool has_block = false, ends_next = false;
  while (i < repair->size) {
    size_t behind = sql_skip_quoted(sql, i);
    if (behind != i) {
      i = behind;
      continue;
    }
    uint8_t byte = repair->text[i];
    if (sql_is_delimiter(sql, i) && (sql->delimiter || !has_block || ends_next)) return i;
    if (byte == '/' && sql_is_alone(repair, i, i + 1)) return i;
    size_t end = sql_word_end(repair, i);
    if (end == i) {
      i++;
      continue;
    }
    bool is_first = i > 0 && repair->text[i - 1] == '\n';
    if (sql_is(repair, i, end, "GO") && sql_is_alone(repair, i, end)) return i;
    if (is_first && has_block && !sql->delimiter && sql_is_among(repair, i, end, others)) return i;
    if (is_first && sql_is(repair, i, end, "END")) ends_next = true;
    if (sql_is(repair, i, end, "BEGIN") || sql_is(repair, i, end, "DECLARE")) has_block = true;
    if (sql_is(repair, i, end, "AS") || sql_is(repair, i, end, "IS")) {
      size_t next = repair_skip_space(repair, end);
      uint8_t body = next < repair->size ? repair->text[next] : 0;
      has_block |= body != '\'' && body != '$' && body != '(' && body != '"';
    }
    i = end;
  }
  return repair->size;
}

/* Write `word` where there is room for it in one line, between `i` and `end`; return what follows it, or 0. */
static inline size_t sql_write(RepairText *repair, size_t i, size_t end, const char *word) {
  size_t length = strlen(word), room = 0;
  for (; i < end; i++) {
    room = repair->text[i] == ' ' ? room + 1 : 0;
    if (room == length + 1) {
      memcpy(repair->text + i + 1 - length, word, length);
      return i + 1;
    }
  }
  return 0;
}

/* Write a routine as a type. */
static inline void sql_write_type(RepairText *repair, size_t word, size_t name, size_t name_end, size_t end) {
  memcpy(repair->text + word, "TYPE", 4);
  repair_blank(repair, word + 4, name);
  for (size_t i = name; i < name_end; i++) {
    if (repair->text[i] == '[' || repair->text[i] == ']') repair->text[i] = '`';
  }
  repair_blank(repair, name_end, end);
  size_t last = end;
  while (last > name_end && repair->text[last - 1] != ' ') last--;
  if (last < name_end + 14) return;
  size_t i = sql_write(repair, name_end, last - 1, "AS ENUM (");
  if (i) repair->text[last - 1] = ')';
}

/* Whether the text as it was written has a statement without errors at `start`; `end` becomes its end. */
static inline bool sql_is_sound(SqlRoutines *sql, size_t start, size_t *end) {
  TSNode node = ts_tree_cursor_current_node(&sql->statement);
  while (ts_node_end_byte(node) <= start && ts_tree_cursor_goto_next_sibling(&sql->statement)) {
    node = ts_tree_cursor_current_node(&sql->statement);
  }
  if (ts_node_start_byte(node) != start || ts_node_has_error(node)) return false;
  if (ts_node_end_byte(node) <= *end) return false;
  *end = ts_node_end_byte(node);
  return true;
}

/* Return what follows the statement that begins with the CREATE from `start` to `end`, or `end`. */
static inline size_t sql_repair_create(SqlRoutines *sql, size_t start, size_t end) {
  static const char *const routines[] = {"FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "VIEW", NULL};
  static const char *const others[] = {"TABLE", "INDEX", "TYPE", "SCHEMA", "DATABASE", "SEQUENCE", "AS", NULL};
  RepairText *repair = sql->repair;
  size_t word = end, word_end = end;
  for (int n_words = 0; n_words < SQL_MOST_WORDS; n_words++) {
    word = repair_skip_space(repair, word_end);
    while (word < repair->size && repair->text[word] && strchr("=@` '", repair->text[word])) word++;
    word_end = sql_word_end(repair, word);
    if (word_end == word || sql_is_among(repair, word, word_end, others)) return end;
    if (sql_is_among(repair, word, word_end, routines)) break;
  }
  if (!sql_is_among(repair, word, word_end, routines)) return end;
  size_t name = repair_skip_space(repair, word_end), name_end = sql_name_end(repair, name);
  if (sql_is(repair, name, name_end, "IF")) {
    for (int i = 0; i < 2; i++) name_end = sql_word_end(repair, repair_skip_space(repair, name_end));
    name = repair_skip_space(repair, name_end);
    name_end = sql_name_end(repair, name);
  }
  if (name_end == name) return end;
  size_t behind = name_end;
  if (sql_is_sound(sql, start, &behind)) return behind;
  if (sql_is(repair, word, word_end, "VIEW")) {
    repair_blank(repair, end, word); /* ALGORITHM and DEFINER of MySQL */
    return name_end;
  }
  behind = sql_statement_end(sql, name_end);
  repair_blank(repair, end, word);
  sql_write_type(repair, word, name, name_end, behind);
  return behind;
}

/* Learn the word that ends statements from a line of the client of MySQL, which becomes a comment. */
static inline size_t sql_repair_delimiter(SqlRoutines *sql, size_t start, size_t end) {
  RepairText *repair = sql->repair;
  size_t word = repair_skip_blanks(repair, end), word_end = word;
  while (word_end < repair->size && repair->text[word_end] > ' ') word_end++;
  if (word == word_end || word_end - word > SQL_LONGEST_DELIMITER) return end;
  bool is_usual = word_end - word == 1 && repair->text[word] == ';';
  sql->delimiter = is_usual ? 0 : word;
  sql->delimiter_length = word_end - word;
  memcpy(repair->text + start, "--", 2);
  repair->is_changed = true;
  return word_end;
}

/* What tells a client that a statement ends, if one has begun. */
static inline void sql_end_statement(SqlRoutines *sql, size_t start, size_t end) {
  RepairText *repair = sql->repair;
  bool is_empty = repair_skip_space(repair, sql->last_end) >= start;
  uint8_t before = is_empty ? 0 : repair_before(repair, start);
  repair_blank(repair, start, end);
  if (before && before != ';') repair->text[start] = ';';
  sql->last_end = end;
}

/* `[name]`, as names are quoted in Transact-SQL; after a word or a bracket it is an element of an array. */
static inline size_t sql_repair_brackets(RepairText *repair, size_t i) {
  size_t end = repair_word_end(repair, i + 1);
  if (i > 0 && (repair_is_word(repair->text[i - 1]) || strchr(")]\"", repair->text[i - 1]))) return i + 1;
  if (end == i + 1 || end >= repair->size || repair->text[end] != ']' || repair->text[i + 1] <= '9') return i + 1;
  repair->text[i] = repair->text[end] = '`';
  repair->is_changed = true;
  return end + 1;
}

static inline void repair_sql(RepairText *repair, const TSTree *tree) {
  SqlRoutines sql = {repair, ts_tree_cursor_new(ts_tree_root_node(tree)), 0, 0, 0};
  ts_tree_cursor_goto_first_child(&sql.statement);
  for (size_t i = 0; i < repair->size;) {
    size_t behind = sql_skip_quoted(&sql, i);
    if (behind != i) {
      i = behind;
    } else if (repair->text[i] == '[') {
      i = sql_repair_brackets(repair, i);
    } else if (sql.delimiter && sql_is_delimiter(&sql, i)) {
      sql_end_statement(&sql, i, i + sql.delimiter_length);
      i += sql.delimiter_length;
    } else if (repair->text[i] == '/' && sql_is_alone(repair, i, i + 1)) {
      sql_end_statement(&sql, i, i + 1);
      i++;
    } else {
      size_t start = i;
      i = sql_repair_word(repair, i);
      if (i == start) {
        i++;
      } else if (sql_is(repair, start, i, "CREATE")) {
        i = sql_repair_create(&sql, start, i);
      } else if (sql_is(repair, start, i, "DELIMITER") && sql_is_line_start(repair, start)) {
        i = sql_repair_delimiter(&sql, start, i);
      } else if (sql_is(repair, start, i, "GO") && sql_is_alone(repair, start, i)) {
        sql_end_statement(&sql, start, i);
      }
    }
  }
  ts_tree_cursor_delete(&sql.statement);
}

#endif
