/* What the grammar of shell scripts cannot read: here-documents two a line, before a semicolon, or with a line that
 * only begins with their last word; and several assignments in a line, which it takes for those of the command in the
 * next.
 *
 * A `<<` asks for a here-document where commands are read: in a comment, a string, or arithmetic it does not. One pass
 * over the text knows which of them is open. Where it does not, as in a string without end, it changes nothing more. */
#ifndef REPOMAP_HERE_DOCUMENTS_H_
#define REPOMAP_HERE_DOCUMENTS_H_

#include "repair_text.h"

#define HERE_LONGEST_WORD 64 /* bytes of a word that ends a here-document */
#define HERE_MOST_A_LINE 16  /* which are as many as bash reads */
#define HERE_MOST_OPEN 64    /* brackets and quotes within each other */
#define HERE_MOST_ASSIGNED 16 /* assignments in a line that are told apart */
#define HERE_LONGEST_INDEX 256

/* What is open: where commands are read, then where none are. */
typedef enum {
  HERE_COMMANDS,  /* `(`, `$(` */
  HERE_CASE,      /* up to `esac`: a `)` ends a pattern */
  HERE_ARRAY,     /* `name=(`: words, of which none is an assignment */
  HERE_BACKTICKS, /* commands too */
  HERE_QUOTES,
  HERE_BRACES,        /* `${` */
  HERE_QUOTED_BRACES, /* `${` in quotes, where an apostrophe is a letter */
  HERE_ARITHMETIC,    /* a bracket within `((` */
  HERE_INDEX          /* `name[` */
} HereOpen;

/* A here-document: its last word, and where that is asked for. */
typedef struct {
  size_t sign, start, length; /* of `<<`; of the word */
  size_t end;                 /* behind the word and its quote */
  bool is_indented;
} HereDocument;

typedef struct {
  RepairText *repair;
  HereDocument asked[HERE_MOST_A_LINE]; /* in this line */
  size_t n_asked, n_open;
  uint8_t open[HERE_MOST_OPEN];
  size_t assigned[HERE_MOST_ASSIGNED]; /* where the assignments begin that are all of the command so far */
  size_t n_assigned, assigned_within;  /* what was open around them */
  bool is_command; /* the next word is one */
  bool is_lost;    /* what is open is not known any more */
} HereReader;

/* Read the here-document that is asked for at `i`; false where none is. */
static inline bool here_read(const RepairText *repair, size_t i, HereDocument *document) {
  const uint8_t *text = repair->text;
  size_t size = repair->size;
  document->sign = i;
  document->is_indented = i + 2 < size && text[i + 2] == '-';
  size_t start = repair_skip_blanks(repair, i + 2 + document->is_indented);
  uint8_t quote = start < size ? text[start] : 0;
  bool is_quoted = quote == '\'' || quote == '"';
  if (is_quoted || quote == '\\') start++;
  size_t end = repair_word_end(repair, start);
  while (is_quoted && end < size && text[end] != quote && text[end] != '\n') end++;
  document->start = start;
  document->length = end - start;
  document->end = end + (is_quoted && end < size && text[end] == quote);
  return document->length && document->length <= HERE_LONGEST_WORD && (text[start] < '0' || text[start] > '9');
}

/* A line of a here-document that only begins with its last word, or has blanks before it, ends none; the scanner of the
 * grammar takes it for the end. Such a word is written differently. Return where the last line begins; `line` is the
 * first. */
static inline size_t here_lines(RepairText *repair, const HereDocument *document, size_t line) {
  uint8_t *text = repair->text;
  size_t size = repair->size, length = document->length;
  for (; line < size; line++) {
    size_t word = line, end;
    while (word < size && (text[word] == '\t' || text[word] == ' ')) word++;
    end = word + length;
    bool is_word = end <= size && memcmp(text + word, text + document->start, length) == 0;
    bool is_whole = is_word && (end == size || text[end] == '\n' || text[end] == '\r');
    bool is_tabs = true;
    for (size_t j = line; j < word; j++) is_tabs &= text[j] == '\t';
    if (is_whole && (word == line || (document->is_indented && is_tabs))) break;
    if (is_word && (is_whole || !repair_is_word(text[end]))) {
      text[word] = text[word] == 'x' ? 'y' : 'x';
      repair->is_changed = true;
    }
    while (line < size && text[line] != '\n') line++;
  }
  return line;
}

static inline size_t here_line_end(const RepairText *repair, size_t i) {
  while (i < repair->size && repair->text[i] != '\n') i++;
  return i;
}

/* Whether a semicolon or a word without a blank follows a here-document in its row: the grammar knows none there. */
static inline bool here_ends_early(const RepairText *repair, const HereDocument *document, size_t line_end) {
  const uint8_t *text = repair->text;
  if (document->end >= line_end) return false;
  return text[document->end] > ' ' || memchr(text + document->end, ';', line_end - document->end) != NULL;
}

/* Read the texts of those that the line before `line_end` asks for; return the end of their last line. The grammar
 * knows one a line, at the end of a command: others are blanked, with their texts. */
static inline size_t here_read_texts(HereReader *reader, size_t line_end) {
  RepairText *repair = reader->repair;
  bool is_blanked = here_ends_early(repair, &reader->asked[0], line_end);
  for (size_t n = 0; n < reader->n_asked && line_end < repair->size; n++) {
    const HereDocument *document = &reader->asked[n];
    size_t last = here_lines(repair, document, line_end + 1);
    if (last < repair->size && (is_blanked || n > 0)) {
      repair_blank(repair, line_end + 1, here_line_end(repair, last));
      repair_blank(repair, document->sign, document->end);
    }
    line_end = here_line_end(repair, last);
  }
  reader->n_asked = 0;
  return line_end;
}

static inline HereOpen here_innermost(const HereReader *reader) {
  return reader->n_open ? (HereOpen)reader->open[reader->n_open - 1] : HERE_COMMANDS;
}

static inline void here_push(HereReader *reader, HereOpen open) {
  if (reader->n_open == HERE_MOST_OPEN) {
    reader->is_lost = true;
  } else {
    reader->open[reader->n_open++] = (uint8_t)open;
    reader->is_command = true;
  }
}

static inline bool here_pop(HereReader *reader, HereOpen open) {
  if (!reader->n_open || here_innermost(reader) != open) return false;
  reader->n_open--;
  reader->is_command = false;
  return true;
}

/* Open the parenthesis at `i`; return what follows it. */
static inline size_t here_push_parenthesis(HereReader *reader, size_t i, bool is_arithmetic) {
  const RepairText *repair = reader->repair;
  bool is_double = i + 1 < repair->size && repair->text[i + 1] == '(';
  here_push(reader, is_arithmetic || is_double ? HERE_ARITHMETIC : HERE_COMMANDS);
  if (is_double) here_push(reader, HERE_ARITHMETIC);
  return i + 1 + is_double;
}

/* What follows the string in apostrophes at `i`. */
static inline size_t here_skip_string(HereReader *reader, size_t i) {
  const RepairText *repair = reader->repair;
  bool has_escapes = i > 0 && repair->text[i - 1] == '$';
  for (i++; i < repair->size && repair->text[i] != '\''; i++) i += has_escapes && repair->text[i] == '\\';
  reader->is_lost |= i >= repair->size;
  return i + 1;
}

/* Read what begins with a dollar at `i`. */
static inline size_t here_read_dollar(HereReader *reader, size_t i, HereOpen open) {
  const RepairText *repair = reader->repair;
  uint8_t next = i + 1 < repair->size ? repair->text[i + 1] : 0;
  if (next == '(') return here_push_parenthesis(reader, i + 1, false);
  if (next == '{') {
    here_push(reader, open == HERE_QUOTES || open == HERE_QUOTED_BRACES ? HERE_QUOTED_BRACES : HERE_BRACES);
    return i + 2;
  }
  /* `$#` is no comment. */
  return i + 1 + (next == '#');
}

/* Read the word at `i`: those of `case` say what a parenthesis means, and some have a command behind them. */
static inline size_t here_read_word(HereReader *reader, size_t i) {
  static const char *const before_commands[] = {"do", "else", "elif", "if", "then", "until", "while", NULL};
  const RepairText *repair = reader->repair;
  size_t end = repair_word_end(repair, i);
  if (end < repair->size && repair->text[end] == '[') {
    here_push(reader, HERE_INDEX);
    return end + 1;
  }
  bool is_whole = end == repair->size || repair->text[end] <= ' ';
  if (reader->is_command && is_whole && repair_equals(repair, i, end, "case")) here_push(reader, HERE_CASE);
  if (reader->is_command && repair_equals(repair, i, end, "esac")) here_pop(reader, HERE_CASE);
  reader->is_command = reader->is_command && is_whole && repair_is_among(repair, i, end, before_commands);
  return end;
}

static inline bool here_is_assignment(const RepairText *repair, size_t i) {
  const uint8_t *text = repair->text;
  size_t size = repair->size, end = i;
  if (text[i] >= '0' && text[i] <= '9') return false;
  while (end < size && repair_is_word(text[end]) && text[end] != '$') end++;
  if (end == i) return false;
  if (end < size && text[end] == '[') {
    size_t last = size - end < HERE_LONGEST_INDEX ? size : end + HERE_LONGEST_INDEX;
    while (end < last && text[end] != ']' && text[end] != '\n') end++;
    end += end < last;
  }
  end += end < size && text[end] == '+';
  return end < size && text[end] == '=';
}

/* Note the word that may begin at `i`, among commands. */
static inline void here_begin_word(HereReader *reader, size_t i) {
  const RepairText *repair = reader->repair;
  if (i > 0 && !strchr(" \t\n;&|({", repair->text[i - 1])) return;
  if (repair->text[i] <= ' ' || repair->text[i] == '#') return;
  if (repair->text[i] == '\\' && i + 1 < repair->size && repair->text[i + 1] == '\n') return;
  if (reader->n_assigned && reader->n_open > reader->assigned_within) return;
  if (reader->n_open < reader->assigned_within) reader->n_assigned = 0;
  bool is_next = reader->n_assigned ? reader->n_assigned < HERE_MOST_ASSIGNED : reader->is_command;
  if (!is_next || here_innermost(reader) == HERE_ARRAY || !here_is_assignment(repair, i)) {
    reader->n_assigned = 0;
    return;
  }
  reader->assigned_within = reader->n_open;
  reader->assigned[reader->n_assigned++] = i;
}

/* A command ends, with its line or before. Put semicolons between assignments that are all of a line. */
static inline void here_end_command(HereReader *reader, bool is_line) {
  if (reader->n_assigned && reader->n_open > reader->assigned_within) return;
  for (size_t n = 1; n < reader->n_assigned && is_line; n++) {
    uint8_t *blank = &reader->repair->text[reader->assigned[n] - 1];
    if (*blank != ' ' && *blank != '\t') continue;
    *blank = ';';
    reader->repair->is_changed = true;
  }
  reader->n_assigned = 0;
}

/* Whether the line from `i` on begins with an assignment and has another one, or goes on in the next line. */
static inline bool here_assigns_twice(const RepairText *repair, size_t i, size_t end) {
  const uint8_t *text = repair->text;
  size_t start = i, n_quotes = 0;
  if (start == end || !here_is_assignment(repair, start)) return false;
  for (size_t at = start; at < end; at++) n_quotes += text[at] == '"' || text[at] == '\'';
  if (n_quotes % 2 || text[end - 1] == '\\') return true;
  for (const uint8_t *at; (at = memchr(text + i, '=', end - i)); i = (size_t)(at - text) + 1) {
    size_t word = (size_t)(at - text);
    while (word > i && repair_is_word(text[word - 1])) word--;
    if (word > start && (text[word - 1] == ' ' || text[word - 1] == '\t')) return true;
  }
  return false;
}

/* Whether a text may have what is repaired here. */
static inline bool here_is_asked(const RepairText *repair) {
  const uint8_t *text = repair->text;
  for (size_t i = 0; i + 1 < repair->size;) {
    const uint8_t *feed = memchr(text + i, '\n', repair->size - i);
    size_t end = feed ? (size_t)(feed - text) : repair->size;
    if (here_assigns_twice(repair, repair_skip_blanks(repair, i), end)) return true;
    for (const uint8_t *at; (at = memchr(text + i, '<', end - i)); i = (size_t)(at - text) + 1) {
      if (at + 1 < text + end && at[1] == '<') return true;
    }
    i = end + 1;
  }
  return false;
}

/* Read what is at `i` among commands; return what follows it. */
static inline size_t here_read_command(HereReader *reader, size_t i) {
  const RepairText *repair = reader->repair;
  const uint8_t *text = repair->text;
  uint8_t byte = text[i], before = i > 0 ? text[i - 1] : '\n';
  if (byte == '\n') {
    here_end_command(reader, true);
    if (reader->n_asked) i = here_read_texts(reader, i);
    reader->is_command = true;
    return i + 1;
  }
  if (byte == '#' && strchr(" \t\r\n;&|", before)) return here_line_end(repair, i);
  if (byte == '(' && before == '=') {
    here_push(reader, HERE_ARRAY);
    return i + 1;
  }
  if (byte == '(') return here_push_parenthesis(reader, i, false);
  if (byte == ')') {
    here_end_command(reader, false);
    if (!here_pop(reader, HERE_COMMANDS)) here_pop(reader, HERE_ARRAY);
    reader->is_command = true;
    return i + 1;
  }
  if (byte == '<' && i + 1 < repair->size && text[i + 1] == '<') {
    if (i + 2 < repair->size && text[i + 2] == '<') return i + 3;
    if (reader->n_asked == HERE_MOST_A_LINE || !here_read(repair, i, &reader->asked[reader->n_asked])) return i + 2;
    return reader->asked[reader->n_asked++].end;
  }
  if (repair_is_word(byte) && byte != '$') return here_read_word(reader, i);
  if (byte == ';' || byte == '&' || byte == '|') here_end_command(reader, false);
  if (byte > ' ') reader->is_command = strchr(";&|{!", byte) != NULL;
  return i + 1;
}

/* Read what is at `i`, where no commands are; return what follows it. */
static inline size_t here_read_other(HereReader *reader, size_t i, HereOpen open) {
  uint8_t byte = reader->repair->text[i];
  if (byte == '}' && (open == HERE_BRACES || open == HERE_QUOTED_BRACES)) here_pop(reader, open);
  if (open == HERE_ARITHMETIC && byte == '(') return here_push_parenthesis(reader, i, true);
  if (open == HERE_ARITHMETIC && byte == ')') here_pop(reader, open);
  if (open == HERE_INDEX && (byte == ']' || byte == '\n')) here_pop(reader, open);
  /* A line feed may end the line that asked for a here-document, too. */
  return i + !(open == HERE_INDEX && byte == '\n');
}

static inline void here_repair(RepairText *repair) {
  HereReader reader = {.repair = repair, .is_command = true};
  for (size_t i = 0; i < repair->size && !reader.is_lost;) {
    HereOpen open = here_innermost(&reader);
    uint8_t byte = repair->text[i];
    if (open <= HERE_BACKTICKS) here_begin_word(&reader, i);
    if (byte == '\\') {
      i += 2;
    } else if (byte == '$') {
      i = here_read_dollar(&reader, i, open);
    } else if (byte == '`') {
      if (!here_pop(&reader, HERE_BACKTICKS)) here_push(&reader, HERE_BACKTICKS);
      i++;
    } else if (byte == '"') {
      if (!here_pop(&reader, HERE_QUOTES)) here_push(&reader, HERE_QUOTES);
      i++;
    } else if (byte == '\'' && open != HERE_QUOTES && open != HERE_QUOTED_BRACES) {
      i = here_skip_string(&reader, i);
    } else {
      i = open <= HERE_BACKTICKS ? here_read_command(&reader, i) : here_read_other(&reader, i, open);
    }
  }
}

#endif
