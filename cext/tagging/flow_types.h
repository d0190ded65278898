/* Blanks the types of Flow, which the grammar of JavaScript does not know, in a text with `@flow` in its head.
 *
 * Part of repairs.h. It is one pass with a stack of brackets; a type that it takes for none only stays an error. */
#ifndef REPOMAP_FLOW_TYPES_H_
#define REPOMAP_FLOW_TYPES_H_

#include "repair_text.h"

#define FLOW_HEAD 4096    /* bytes in which the mark of a file with types is */
#define FLOW_DEPTH 512    /* of brackets that are followed */

typedef enum { FLOW_OTHER, FLOW_PARAMETERS, FLOW_PARENTHESES, FLOW_ENUM, FLOW_CLASS, FLOW_DECLARED_CLASS } FlowPlace;

typedef struct {
  RepairText *repair;
  uint8_t places[FLOW_DEPTH]; /* FlowPlace of each bracket that is open */
  bool has_value[FLOW_DEPTH]; /* an `=` or a `?` stands before, so that a colon begins no type */
  size_t depth;
  bool is_class_next; /* the next brace opens the body of a class */
  bool is_declared;   /* whose methods have no bodies */
  bool is_enum_next;  /* the next brace opens an enum */
  size_t declaration; /* 1 + how many brackets are open around the variables that are being declared; 0: none are */
  size_t asked;       /* the last word that may have begun a statement */
  bool is_start;      /* whether it did */
} FlowState;

static inline bool flow_is_marked(const uint8_t *text, size_t size) {
  size_t head = size < FLOW_HEAD ? size : FLOW_HEAD;
  for (const uint8_t *at = text; (at = memchr(at, '@', head - (size_t)(at - text))); at++) {
    if ((size_t)(at - text) + 5 <= head && memcmp(at, "@flow", 5) == 0) return true;
  }
  return false;
}

static inline uint8_t flow_at(const RepairText *repair, size_t i) { return i < repair->size ? repair->text[i] : 0; }

static inline bool flow_is_arrow(const RepairText *repair, size_t i) {
  return flow_at(repair, i) == '=' && flow_at(repair, i + 1) == '>';
}

/* Where the type that begins at `i` ends: before a comma, a bracket that closes, an `=`, a semicolon, or where a line
 * ends and the type is whole; `is_result`: also before an arrow. */
static inline size_t flow_type_end(RepairText *repair, size_t i, bool is_result) {
  bool is_wanted = true; /* an operand must follow */
  size_t end = i;
  for (size_t looked = i; repair_take(repair, i - looked + 1) && i < repair->size;) {
    looked = i;
    uint8_t byte = repair->text[i];
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      bool is_comment = byte == '/';
      if (!is_comment) end = behind, is_wanted = false;
      i = behind;
      continue;
    }
    if (byte == ' ' || byte == '\t' || byte == '\r') {
      i++;
      continue;
    }
    if (byte == '\n') {
      size_t next = repair_skip_space(repair, i);
      uint8_t after = flow_at(repair, next);
      if (!is_wanted && after != '|' && after != '&') return end;
      i = next;
      continue;
    }
    if (flow_is_arrow(repair, i)) {
      if (is_result) return end;
      i += 2;
      is_wanted = true;
    } else if (byte == '{' || byte == '(' || byte == '[' || byte == '<') {
      if (!is_wanted && (byte == '{' || byte == '(')) return end;
      behind = repair_group_end(repair, i, byte, byte == '{' ? '}' : byte == '(' ? ')' : byte == '[' ? ']' : '>');
      if (!behind) return end;
      i = behind;
      /* The parameters of a function type of type parameters. */
      is_wanted = byte == '<' && is_wanted;
    } else if (byte == '|' || byte == '&' || byte == '?' || byte == ':' || byte == '.') {
      i++;
      is_wanted = true;
      if (byte == '?' || byte == '.') is_wanted = true;
    } else if (repair_is_word(byte)) {
      size_t word_end = repair_word_end(repair, i);
      static const char *const operators[] = {"typeof", "keyof", "interface", NULL};
      bool is_operator = repair_is_among(repair, i, word_end, operators);
      if (!is_wanted && !is_operator) return end;
      is_wanted = is_operator;
      i = word_end;
    } else if (byte == '*' || byte == '%' || byte == '-' || byte == '+') {
      i++;
      is_wanted = byte != '*';
    } else {
      return end;
    }
    end = i;
  }
  return end;
}

/* Blank the type behind the colon at `i`, with the colon and a question mark before it. */
static inline size_t flow_blank_type(RepairText *repair, size_t i, bool is_result) {
  size_t end = flow_type_end(repair, i + 1, is_result);
  size_t start = i;
  if (start > 0 && repair->text[start - 1] == '?') start--;
  repair_blank(repair, start, end);
  return end > i ? end : i + 1;
}

static inline size_t flow_blank_angles(RepairText *repair, size_t i) {
  if (flow_at(repair, i) != '<') return i;
  size_t end = repair_group_end(repair, i, '<', '>');
  if (!end) return i;
  repair_blank(repair, i, end);
  return end;
}

/* The head of a class behind its keyword: parameters of types, and what it implements. */
static inline size_t flow_class_head(FlowState *flow, size_t i) {
  RepairText *repair = flow->repair;
  size_t start = i;
  while (i < repair->size && i - start < REPAIR_LONGEST_GROUP && repair->text[i] != '{' && repair->text[i] != ';') {
    if (repair->text[i] == '<') {
      size_t end = flow_blank_angles(repair, i);
      if (end == i) break;
      i = end;
    } else if (repair_is_word(repair->text[i])) {
      size_t end = repair_word_end(repair, i);
      if (repair_equals(repair, i, end, "implements")) {
        size_t brace = end;
        while (brace < repair->size && repair->text[brace] != '{') brace++;
        repair_blank(repair, i, brace);
        end = brace;
      }
      i = end;
    } else {
      i++;
    }
  }
  flow->is_class_next = flow_at(repair, i) == '{';
  return i;
}

/* Whether only blanks are before the word at `i` in its line or statement. What was before it may have been blanked,
 * all of the line: no further than to the word that was asked last. */
static inline bool flow_starts_line(FlowState *flow, size_t i) {
  const uint8_t *text = flow->repair->text;
  size_t start = i;
  while (start > flow->asked && (text[start - 1] == ' ' || text[start - 1] == '\t')) start--;
  if (start > flow->asked) flow->is_start = text[start - 1] == '\n' || text[start - 1] == ';';
  flow->asked = i;
  return flow->is_start;
}

/* Write a type's name as a label of nothing, from its `=` to its end: `type A = B;` becomes `     A :    ;`. The tags
 * query asks what stands at the colon. */
static inline size_t flow_write_label(RepairText *repair, size_t start, size_t name, size_t equals) {
  size_t name_end = repair_word_end(repair, name), end = flow_type_end(repair, equals + 1, false);
  if (flow_at(repair, end) == ';') end++;
  repair_blank(repair, start, name);
  repair_blank(repair, name_end, end);
  repair->text[equals] = ':';
  if (end > equals + 1) repair->text[end - 1] = ';';
  return end;
}

/* Give a function that is declared a body in place of the type of its result; return where its declaration ends. */
static inline size_t flow_write_body(RepairText *repair, size_t i) {
  size_t angles = repair_skip_space(repair, repair_word_end(repair, i));
  size_t group = flow_at(repair, angles) == '<' ? repair_group_end(repair, angles, '<', '>') : angles;
  if (!group) return 0;
  group = repair_skip_space(repair, group);
  size_t behind = flow_at(repair, group) == '(' ? repair_group_end(repair, group, '(', ')') : 0;
  size_t colon = behind ? repair_skip_space(repair, behind) : 0;
  if (!behind || flow_at(repair, colon) != ':') return 0;
  size_t end = flow_type_end(repair, colon + 1, false);
  if (end < colon + 2) return 0;
  repair_blank(repair, group + 1, behind - 1);
  flow_blank_angles(repair, angles);
  repair_blank(repair, colon, end);
  repair->text[colon] = '{';
  repair->text[end - 1] = '}';
  return end;
}

/* Blank a declaration without a body of code, down to its semicolon, its braces or the end of its line. */
static inline size_t flow_blank_declaration(RepairText *repair, size_t start, size_t i) {
  while (i < repair->size && repair->text[i] != ';' && repair->text[i] != '\n') {
    uint8_t byte = repair->text[i];
    size_t behind = byte == '(' ? repair_group_end(repair, i, '(', ')')
                    : byte == '{' ? repair_group_end(repair, i, '{', '}') : i + 1;
    if (!behind) return 0;
    i = behind;
    if (byte == '{') break;
  }
  if (flow_at(repair, i) == ';') i++;
  repair_blank(repair, start, i);
  return i;
}

static inline bool flow_is_word(const RepairText *repair, size_t i, const char *word) {
  return repair_equals(repair, i, repair_word_end(repair, i), word);
}

/* The word behind the one at `i`. */
static inline size_t flow_next_word(const RepairText *repair, size_t i) {
  return repair_skip_blanks(repair, repair_word_end(repair, i));
}

/* `type Name<T> = …`, whose statement begins at `start`; return what follows it, or 0. */
static inline size_t flow_type_statement(RepairText *repair, size_t start, size_t word) {
  size_t name = flow_next_word(repair, word);
  if (flow_at(repair, name) == '{') {
    repair_blank(repair, word, repair_word_end(repair, word));
    return name;
  }
  if (!repair_is_word(flow_at(repair, name))) return 0;
  size_t after = flow_next_word(repair, name);
  if (flow_at(repair, after) == '<') after = repair_group_end(repair, after, '<', '>');
  if (!after) return 0;
  after = repair_skip_space(repair, after);
  if (flow_at(repair, after) == ':') after = repair_skip_space(repair, flow_type_end(repair, after + 1, false));
  if (flow_at(repair, after) == '=') return flow_write_label(repair, start, name, after);
  if (flow_at(repair, after) != ';') return 0;
  repair_blank(repair, start, after);
  return after;
}

/* `enum Name of string {` becomes `with(Name)          {`, whose statements are the enumerators. The tags query asks
 * what stands at the keyword. Return what follows, or 0. */
static inline size_t flow_enum(FlowState *flow, size_t start, size_t word) {
  RepairText *repair = flow->repair;
  size_t name = flow_next_word(repair, word), name_end = repair_word_end(repair, name);
  if (name != word + 5 || name_end == name || flow_at(repair, name_end) != ' ') return 0;
  size_t brace = repair_skip_space(repair, name_end);
  if (flow_is_word(repair, brace, "of")) {
    brace = repair_skip_space(repair, repair_word_end(repair, flow_next_word(repair, brace)));
  }
  if (flow_at(repair, brace) != '{') return 0;
  repair_blank(repair, start, name);
  repair_blank(repair, name_end, brace);
  memcpy(repair->text + word, "with(", 5);
  repair->text[name_end] = ')';
  flow->is_enum_next = true;
  return brace;
}

/* A parameter of a component may be known by another name outside: `'data-x' as y`. Blank that. */
static inline void flow_blank_outer_names(RepairText *repair, size_t i, size_t end) {
  size_t parameter = i, depth = 0;
  while (i < end) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      i = behind;
      continue;
    }
    uint8_t byte = repair->text[i];
    if (repair_is_word(byte)) {
      behind = repair_word_end(repair, i);
      size_t name = repair_skip_space(repair, parameter);
      if (!depth && name < i && repair_equals(repair, i, behind, "as")) repair_blank(repair, parameter, behind);
      i = behind;
      continue;
    }
    depth += byte == '(' || byte == '{' || byte == '[' || byte == '<';
    depth -= depth && (byte == ')' || byte == '}' || byte == ']' || byte == '>');
    i++;
    if (byte == ',' && !depth) parameter = i;
    if ((byte == ':' || byte == '=') && !depth) parameter = end; /* a type or a value may have the word, too */
  }
}

/* `component Name(…) renders Type {`, or a hook, is a function. Return what follows its name, or 0. */
static inline size_t flow_component(RepairText *repair, size_t start, size_t word, bool is_declared) {
  size_t name = flow_next_word(repair, word), name_end = repair_word_end(repair, name);
  size_t angles = repair_skip_blanks(repair, name_end);
  if (name_end == name || name - start < 9) return 0;
  size_t group = flow_at(repair, angles) == '<' ? repair_group_end(repair, angles, '<', '>') : angles;
  if (!group || flow_at(repair, group) != '(') return 0;
  size_t behind = repair_group_end(repair, group, '(', ')');
  size_t next = behind ? repair_skip_space(repair, behind) : 0;
  if (!behind) return 0;
  if (flow_is_word(repair, next, "renders")) {
    size_t type = repair_word_end(repair, next);
    if (flow_at(repair, type) == '?' || flow_at(repair, type) == '*') type++;
    size_t end = flow_type_end(repair, type, false);
    repair_blank(repair, next, end);
    /* Where it has no body it is declared: the type of a result is where one is written. */
    repair->text[next] = ':';
    memcpy(repair->text + next + 1, "void", 4);
  }
  flow_blank_outer_names(repair, group + 1, behind - 1);
  repair_blank(repair, is_declared || name - word < 9 ? start : word, name);
  memcpy(repair->text + name - 9, "function ", 9);
  if (!is_declared) return flow_blank_angles(repair, name_end);
  if (flow_at(repair, next) == ':') return flow_write_body(repair, name);
  flow_blank_angles(repair, name_end);
  if (repair_room(repair, group, behind) < 4) return 0;
  repair_blank(repair, group, behind);
  repair_write(repair, group, "(){}");
  return behind;
}

/* A word that begins a line may begin a statement about types; return what is to be read next, or 0. */
static inline size_t flow_statement(FlowState *flow, size_t start) {
  RepairText *repair = flow->repair;
  size_t word = start;
  if (flow_is_word(repair, word, "export")) word = flow_next_word(repair, word);
  bool is_declared =
      flow_is_word(repair, word, "declare") && repair_is_word(flow_at(repair, flow_next_word(repair, word)));
  size_t declare = word;
  if (is_declared) {
    word = flow_next_word(repair, word);
    if (flow_is_word(repair, word, "export")) word = flow_next_word(repair, word);
  }
  if (flow_is_word(repair, word, "opaque")) word = flow_next_word(repair, word);
  if (flow_is_word(repair, word, "default")) word = flow_next_word(repair, word);
  if (flow_is_word(repair, word, "enum")) return flow_enum(flow, start, word);
  if (flow_is_word(repair, word, "component") || flow_is_word(repair, word, "hook")) {
    size_t behind = flow_component(repair, start, word, is_declared);
    if (behind || !is_declared) return behind;
  }
  if (flow_is_word(repair, word, "type")) return flow_type_statement(repair, start, word);
  bool is_class = is_declared && flow_is_word(repair, word, "class");
  if (flow_is_word(repair, word, "interface") && repair_is_word(flow_at(repair, flow_next_word(repair, word)))) {
    repair_blank(repair, start, flow_next_word(repair, word));
    memcpy(repair->text + word, "class", 5);
    is_class = true;
  }
  if (is_class) {
    repair_blank(repair, start, word);
    flow->is_declared = true;
    return word;
  }
  if (is_declared && flow_is_word(repair, word, "function")) {
    size_t behind = flow_write_body(repair, flow_next_word(repair, word));
    if (!behind) return 0;
    repair_blank(repair, declare, word);
    return behind;
  }
  if (is_declared && (flow_is_word(repair, word, "var") || flow_is_word(repair, word, "let"))) {
    repair_blank(repair, start, word);
    return word;
  }
  if (is_declared && flow_is_word(repair, word, "const")) {
    /* Without a value it is no constant. */
    repair_blank(repair, start, word);
    memcpy(repair->text + word, "let  ", 5);
    return word;
  }
  if (is_declared) return flow_blank_declaration(repair, start, repair_word_end(repair, start));
  if (flow_is_word(repair, start, "import")) {
    word = flow_next_word(repair, start);
    size_t next = flow_next_word(repair, word);
    bool is_type = flow_is_word(repair, word, "type") || flow_is_word(repair, word, "typeof");
    bool is_named = repair_is_word(flow_at(repair, next)) && !flow_is_word(repair, next, "from");
    if (is_type && (flow_at(repair, next) == '{' || flow_at(repair, next) == '*' || is_named)) {
      repair_blank(repair, word, repair_word_end(repair, word));
      return next;
    }
  }
  return 0;
}

/* The type of the variable that is declared at `i`, or of those in brackets there; return what follows it. */
static inline size_t flow_declared(RepairText *repair, size_t i) {
  uint8_t byte = flow_at(repair, i);
  size_t after = i;
  if (repair_is_word(byte)) {
    after = repair_word_end(repair, i);
  } else if (byte == '{' || byte == '[') {
    after = repair_group_end(repair, i, byte, byte == '{' ? '}' : ']');
  }
  if (after <= i) return i;
  size_t colon = repair_skip_blanks(repair, after);
  if (flow_at(repair, colon) == ':') return flow_blank_type(repair, colon, false);
  return repair_is_word(byte) ? after : i;
}

static inline size_t flow_word(FlowState *flow, size_t start) {
  RepairText *repair = flow->repair;
  size_t end = repair_word_end(repair, start);
  if (flow_starts_line(flow, start)) {
    size_t behind = flow_statement(flow, start);
    if (behind > start) return behind;
  }
  if (flow_is_word(repair, start, "class")) return flow_class_head(flow, repair_word_end(repair, start));
  size_t next = repair_skip_blanks(repair, end);
  if (repair_equals(repair, start, end, "function")) {
    if (flow_at(repair, next) == '*') next = repair_skip_blanks(repair, next + 1);
    return flow_blank_angles(repair, repair_word_end(repair, next));
  }
  static const char *const declarations[] = {"const", "let", "var", NULL};
  if (repair_is_among(repair, start, end, declarations)) {
    size_t after = flow_declared(repair, next);
    if (after == next) return end;
    flow->declaration = 1 + flow->depth;
    return after;
  }
  bool is_member = flow->depth && flow->places[flow->depth - 1] >= FLOW_CLASS;
  return is_member && flow_at(repair, end) == '<' ? flow_blank_angles(repair, end) : end;
}

/* Whether the parentheses at `i` hold parameters; then the type of the result is blanked. */
static inline bool flow_has_parameters(RepairText *repair, size_t i) {
  static const char *const statements[] = {"if", "for", "while", "switch", "catch", "with", "await", NULL};
  size_t word_end = i;
  while (word_end > 0 && repair->text[word_end - 1] == ' ') word_end--;
  size_t word = word_end;
  while (word > 0 && repair_is_word(repair->text[word - 1])) word--;
  if (repair_is_among(repair, word, word_end, statements)) return false;
  size_t behind = repair_group_end(repair, i, '(', ')');
  if (!behind) return false;
  size_t next = repair_skip_space(repair, behind);
  if (flow_at(repair, next) == '{' || flow_is_arrow(repair, next)) return true;
  if (flow_at(repair, next) != ':') return false;
  size_t end = flow_type_end(repair, next + 1, true), body = repair_skip_space(repair, end);
  if (flow_at(repair, body) != '{' && !flow_is_arrow(repair, body)) return false;
  repair_blank(repair, next, end);
  return true;
}

/* Whether the type parameters of an arrow function begin here: what follows them are its parameters. */
static inline bool flow_are_type_parameters(RepairText *repair, size_t i) {
  if (!repair_is_word(flow_at(repair, i + 1))) return false;
  size_t behind = repair_group_end(repair, i, '<', '>');
  if (!behind || flow_at(repair, behind) != '(') return false;
  behind = repair_group_end(repair, behind, '(', ')');
  size_t next = behind ? repair_skip_space(repair, behind) : 0;
  return behind && (flow_at(repair, next) == ':' || flow_is_arrow(repair, next));
}

/* A member of a class that is declared, or of an interface, from its bracket or comma; return what follows, or `i`. */
static inline size_t flow_declared_member(RepairText *repair, size_t i, uint8_t byte) {
  if (byte == ',') {
    repair->text[i] = ';';
    repair->is_changed = true;
    return i + 1;
  }
  if (byte != '(' && byte != '[' && byte != '{') return i;
  size_t behind = repair_group_end(repair, i, byte, byte == '(' ? ')' : byte == '[' ? ']' : '}');
  if (!behind) return i;
  size_t colon = repair_skip_blanks(repair, behind);
  size_t end = flow_at(repair, colon) == ':' ? flow_type_end(repair, colon + 1, false) : behind;
  bool is_named = i > 0 && (repair_is_word(repair->text[i - 1]) || repair->text[i - 1] == ' ');
  bool is_method = byte == '(' && is_named && end > colon + 1; /* there is room for both braces */
  if (!is_method) {
    repair_blank(repair, i, end);
    return end;
  }
  repair_blank(repair, i + 1, end);
  repair->text[behind - 1] = ')';
  repair->text[colon] = '{';
  repair->text[end - 1] = '}';
  return end;
}

/* Read the comma or semicolon at `i` in a declaration of variables; return what follows it, and the next variable. */
static inline size_t flow_next_declared(FlowState *flow, size_t i) {
  if (flow->repair->text[i] == ';') {
    flow->declaration = 0;
    return i + 1;
  }
  size_t next = repair_skip_space(flow->repair, i + 1), behind = flow_declared(flow->repair, next);
  return behind > next ? behind : i + 1;
}

static inline void repair_flow(RepairText *repair) {
  FlowState flow = {.repair = repair, .is_start = true};
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i) {
      i = behind;
      continue;
    }
    uint8_t byte = repair->text[i];
    FlowPlace place = flow.depth ? (FlowPlace)flow.places[flow.depth - 1] : FLOW_OTHER;
    bool *has_value = &flow.has_value[flow.depth ? flow.depth - 1 : 0];
    if (repair_is_word(byte)) {
      i = flow_word(&flow, i);
      continue;
    }
    if (place == FLOW_DECLARED_CLASS) {
      behind = flow_declared_member(repair, i, byte);
      if (behind > i) {
        i = behind;
        continue;
      }
    }
    if (byte == '(' || byte == '{' || byte == '[') {
      if (flow.depth == FLOW_DEPTH) return;
      FlowPlace inner = FLOW_OTHER;
      if (byte == '(') inner = flow_has_parameters(repair, i) ? FLOW_PARAMETERS : FLOW_PARENTHESES;
      if (byte == '{' && flow.is_class_next) inner = flow.is_declared ? FLOW_DECLARED_CLASS : FLOW_CLASS;
      if (byte == '{' && flow.is_enum_next) inner = FLOW_ENUM;
      if (byte == '{') flow.is_class_next = flow.is_declared = flow.is_enum_next = false;
      flow.has_value[flow.depth] = false;
      flow.places[flow.depth++] = (uint8_t)inner;
    } else if (byte == '<' && flow_are_type_parameters(repair, i)) {
      i = flow_blank_angles(repair, i);
      continue;
    } else if (byte == ')' || byte == '}' || byte == ']') {
      if (flow.depth) flow.depth--;
      if (flow.depth + 1 < flow.declaration) flow.declaration = 0;
      /* A method ends, or the value of a field. */
      if (byte == '}' && flow.depth) flow.has_value[flow.depth - 1] &= flow.places[flow.depth - 1] < FLOW_CLASS;
    } else if (place == FLOW_OTHER && flow.declaration == flow.depth + 1 && (byte == ',' || byte == ';')) {
      i = flow_next_declared(&flow, i);
      continue;
    } else if (place == FLOW_ENUM) {
      if (byte == ',') repair->text[i] = ';';
      if (byte == '.') repair_blank(repair, i, i + 1);
    } else if (place != FLOW_OTHER) {
      if (byte == ',' || byte == ';' || (byte == '\n' && place >= FLOW_CLASS)) {
        *has_value = false;
      } else if (byte == '=') {
        *has_value = true;
      } else if (byte == '?' && !*has_value) {
        uint8_t after = flow_at(repair, repair_skip_blanks(repair, i + 1));
        if (place != FLOW_PARENTHESES && (after == ',' || after == ')' || after == '=')) repair_blank(repair, i, i + 1);
        if (after != ':') *has_value |= place == FLOW_PARENTHESES;
      } else if (byte == ':' && !*has_value) {
        i = flow_blank_type(repair, i, false);
        continue;
      } else if (place >= FLOW_CLASS && (byte == '+' || byte == '-') && !*has_value) {
        repair_blank(repair, i, i + 1);
      }
    }
    i++;
  }
}

#endif
