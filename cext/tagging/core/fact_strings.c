/* Included by core.c, before fact_nodes.c: types of Python that are written in strings, "Queue[Item] | None". */

static bool use_add(UseFinder *finder, Arena *arena, Use use);

enum {
  FACT_MOST_BRACKETS = 8,   /* in each other; what is deeper is not read */
  FACT_MOST_STRING = 256    /* bytes; what is longer is no type */
};

static REPOMAP_INLINE bool fact_is_letter(uint8_t byte) {
  return (byte | 32) - 'a' < 26u || byte - '0' < 10u || byte == '_' || byte >= 0x80;
}

/* A type whose end is not reached yet. */
typedef struct {
  uint32_t type;       /* chain of what was read of it since the last | */
  uint32_t one_of;     /* chain of what is before that */
  uint32_t arguments;  /* chain of those behind its bracket that are whole */
} FactWritten;

static bool fact_close_union(Facts *facts, Arena *arena, FactWritten *written) {
  uint32_t type = written->type;
  written->type = FACT_NONE;
  return fact_one_of(facts, arena, written->one_of, type, &written->one_of);
}

/* A type ends at a comma or a closing bracket: it is one of the arguments of the type around it. */
static bool fact_close_argument(Facts *facts, Arena *arena, FactWritten *written, FactWritten *around) {
  if (!fact_close_union(facts, arena, written)) return false;
  uint32_t argument = written->one_of;
  *written = (FactWritten){0};
  return fact_chain(facts, arena, FACT_ARGUMENT, argument, around->arguments, &around->arguments);
}

static bool fact_read_name(
  UseFinder *finder, Arena *arena, Use use, const uint8_t *name, size_t size, bool is_member, FactWritten *written
) {
  Facts *facts = &finder->facts;
  static const char none[] = "None";
  if (!is_member && size == sizeof none - 1 && memcmp(name, none, size) == 0) {
    return fact_chain(facts, arena, FACT_LITERAL, FACT_NO_VALUE, 0, &written->type);
  }
  use.name = fact_intern(finder, arena, name, size);
  if (use.name == INTERNER_FULL) return false;
  use.kind = is_member ? USE_KIND_MEMBER : USE_KIND_READ;
  use.receiver = !is_member ? FACT_BARE : written->type ? 1 + written->type : FACT_UNKNOWN;
  if (is_member) use.scope = 0;
  if (!use_add(finder, arena, use)) return false;
  if (!is_member) return fact_chain(facts, arena, FACT_NAME, 0, use.name, &written->type);
  return fact_chain_on(facts, arena, FACT_MEMBER, written->type, use.name, &written->type);
}

/* Read a string that stands for a type: note the names in it, and make its chain. */
static bool fact_type_string(
  UseFinder *finder, Arena *arena, const FactFrame *frame, uint32_t scope, uint32_t end, const uint8_t *text,
  uint32_t *chain_out
) {
  Facts *facts = &finder->facts;
  uint32_t at = frame->start;
  FactWritten written[FACT_MOST_BRACKETS] = {{0}};
  int depth = 0;
  *chain_out = FACT_NONE;
  if (end - at > FACT_MOST_STRING) return true;
  while (at < end && fact_is_letter(text[at])) at++;
  while (at < end && (text[at] == '"' || text[at] == '\'')) at++;
  while (end > at && (text[end - 1] == '"' || text[end - 1] == '\'')) end--;
  for (uint32_t i = at; i < end; i++) {
    if (!fact_is_letter(text[i]) && !strchr(" .,[]|", text[i])) return true;
  }
  while (at < end) {
    uint32_t start = at;
    while (at < end && fact_is_letter(text[at])) at++;
    if (at > start) {
      bool is_member = start > frame->start && text[start - 1] == '.';
      Use use = {
        .scope = scope, .start = start, .row = frame->row, .column = frame->column + (start - frame->start)
      };
      if (text[start] - '0' < 10u) continue;
      if (!fact_read_name(finder, arena, use, text + start, at - start, is_member, &written[depth])) return false;
      continue;
    }
    uint8_t byte = text[at++];
    if (byte == '|' && !fact_close_union(facts, arena, &written[depth])) return false;
    if (byte == '[') {
      if (++depth == FACT_MOST_BRACKETS) return true;
      written[depth] = (FactWritten){0};
    }
    if ((byte == ',' || byte == ']') && depth) {
      if (!fact_close_argument(facts, arena, &written[depth], &written[depth - 1])) return false;
    }
    if (byte == ']' && depth) {
      FactWritten *outer = &written[--depth];
      if (!fact_chain_on(facts, arena, FACT_GENERIC, outer->type, outer->arguments, &outer->type)) return false;
      outer->arguments = FACT_NONE;
    }
  }
  if (!fact_close_union(facts, arena, &written[0])) return false;
  *chain_out = written[0].one_of;
  return true;
}
