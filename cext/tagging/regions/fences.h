/* Fenced code in Markdown: rows between ``` or ~~~, in the language that the first of them names. */
#ifndef REPOMAP_FENCES_H_
#define REPOMAP_FENCES_H_

#include "masking.h"

enum { FENCE_LEAST = 3, FENCE_LONGEST_NAME = 16 };

typedef struct {
  const char *name;       /* in lower case */
  Guest guest;
} FenceName;

/* What people write behind a fence. The languages and their other names are those of languages/table.py. */
static const FenceName FENCE_NAMES[] = {
  {"javascript", GUEST_JAVASCRIPT}, {"js", GUEST_JAVASCRIPT}, {"jsx", GUEST_JAVASCRIPT}, {"node", GUEST_JAVASCRIPT},
  {"ecmascript", GUEST_JAVASCRIPT}, {"javascriptreact", GUEST_JAVASCRIPT}, {"mjs", GUEST_JAVASCRIPT},
  {"cjs", GUEST_JAVASCRIPT}, {"typescript", GUEST_TYPESCRIPT}, {"ts", GUEST_TYPESCRIPT}, {"mts", GUEST_TYPESCRIPT},
  {"cts", GUEST_TYPESCRIPT}, {"tsx", GUEST_TSX}, {"typescriptreact", GUEST_TSX}, {"python", GUEST_PYTHON},
  {"py", GUEST_PYTHON}, {"python2", GUEST_PYTHON}, {"python3", GUEST_PYTHON}, {"pyi", GUEST_PYTHON}, {"r", GUEST_R},
  {"rlang", GUEST_R}, {"ruby", GUEST_RUBY}, {"rb", GUEST_RUBY}, {"jruby", GUEST_RUBY}, {"scala", GUEST_SCALA},
  {"sc", GUEST_SCALA}, {"sbt", GUEST_SCALA}, {"bash", GUEST_BASH}, {"sh", GUEST_BASH}, {"shell", GUEST_BASH},
  {"shellscript", GUEST_BASH}, {"ksh", GUEST_BASH}, {"c", GUEST_C}, {"h", GUEST_C}, {"cpp", GUEST_CPP},
  {"c++", GUEST_CPP}, {"cxx", GUEST_CPP}, {"cc", GUEST_CPP}, {"hpp", GUEST_CPP}, {"cuda", GUEST_CPP},
  {"csharp", GUEST_CSHARP}, {"c#", GUEST_CSHARP}, {"cs", GUEST_CSHARP}, {"c_sharp", GUEST_CSHARP}, {"css", GUEST_CSS},
  {"dart", GUEST_DART}, {"elixir", GUEST_ELIXIR}, {"ex", GUEST_ELIXIR}, {"exs", GUEST_ELIXIR}, {"go", GUEST_GO},
  {"golang", GUEST_GO}, {"haskell", GUEST_HASKELL}, {"hs", GUEST_HASKELL}, {"java", GUEST_JAVA},
  {"kotlin", GUEST_KOTLIN}, {"kt", GUEST_KOTLIN}, {"kts", GUEST_KOTLIN}, {"lua", GUEST_LUA}, {"php", GUEST_PHP},
  {"rust", GUEST_RUST}, {"rs", GUEST_RUST}, {"sql", GUEST_SQL}, {"postgresql", GUEST_SQL}, {"mysql", GUEST_SQL},
  {"swift", GUEST_SWIFT},
};

typedef struct {
  uint8_t mark;           /* the character that it is of */
  size_t size;            /* how many of it */
  size_t end;             /* byte behind the last of them */
} Fence;

/* The fence that a row begins with, which stands from `start` to `end`; of no size where there is none. */
static inline Fence fence_at(const Masking *masking, size_t start, size_t end) {
  const uint8_t *text = masking->text;
  Fence fence = {0, 0, end};
  while (start < end && (text[start] == ' ' || text[start] == '\t')) start++;
  if (start == end || (text[start] != '`' && text[start] != '~')) return fence;
  fence.mark = text[start];
  fence.end = start;
  while (fence.end < end && text[fence.end] == fence.mark) fence.end++;
  fence.size = fence.end - start;
  /* In a row, what is between backticks is code within text. */
  bool is_within = fence.mark == '`' && memchr(text + fence.end, '`', end - fence.end);
  if (fence.size < FENCE_LEAST || is_within) fence.size = 0;
  return fence;
}

/* The language whose name stands from `at` on: a word, which may be in braces, and begin with a dot. */
static inline Guest fence_guest(const Masking *masking, size_t at, size_t end) {
  const uint8_t *text = masking->text;
  char name[FENCE_LONGEST_NAME];
  size_t n = 0;
  while (at < end && (mask_is_space(text[at]) || text[at] == '{' || text[at] == '.')) at++;
  for (; at < end && (mask_is_word(text[at]) || text[at] == '+' || text[at] == '#'); at++) {
    if (n == sizeof name - 1) return GUEST_NONE;
    name[n++] = (char)(text[at] >= 'A' && text[at] <= 'Z' ? text[at] | 0x20 : text[at]);
  }
  name[n] = 0;
  for (size_t i = 0; i < sizeof FENCE_NAMES / sizeof *FENCE_NAMES; i++) {
    if (strcmp(FENCE_NAMES[i].name, name) == 0) return FENCE_NAMES[i].guest;
  }
  return GUEST_NONE;
}

static inline void find_fences(Masking *masking) {
  const uint8_t *text = masking->text;
  Fence open = {0, 0, 0};
  Guest guest = GUEST_NONE;
  size_t n_before = 0, start = 0;
  while (masking->verdict == ARENA_RUNNING && masking->at < masking->size) {
    size_t end = mask_find(masking, masking->at, '\n'), next = end < masking->size ? end + 1 : end;
    Fence fence = fence_at(masking, masking->at, end);
    if (!open.size && fence.size) {
      open = fence;
      guest = fence_guest(masking, fence.end, end);
      mask_blank(masking, next);
      start = next;
      n_before = masking->regions->n_apart;
      if (guest != GUEST_NONE) mask_note_apart(masking, guest, start, masking->size);
      continue;
    }
    if (open.size && fence.mark == open.mark && fence.size >= open.size) {
      size_t behind = fence.end;
      while (behind < end && mask_is_space(text[behind])) behind++;
      if (behind == end) {
        open.size = 0;
        if (masking->regions->n_apart > n_before) masking->regions->apart[n_before].end = (uint32_t)masking->at;
      }
    }
    mask_blank(masking, next);
  }
}

#endif
