/* The loop that feeds broken texts to one scanner: as the package parses them, thousands in a second.
 *
 * It is linked with our build of the tree-sitter core and with the C of a scanner, which alone is compiled with the
 * sanitizers and counted (-fsanitize-coverage=trace-pc). A text that takes the scanner where no text did before is
 * kept, and the next texts are made from what was kept: the way of AFL
 * (https://lcamtuf.coredump.cx/afl/technical_details.txt). Here a way begins with the tokens that the parser allows,
 * so that it also tells where in the grammar the scanner is.
 *
 * run.py calls it. Not thread-safe: one process, one scanner. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "core.h"
#include "parser.h"

/* Of the sanitizer's runtime. */
size_t __sanitizer_get_current_allocated_bytes(void);

#define PUBLIC __attribute__((visibility("default")))

enum {
  WAYS = 1 << 16,           /* that are told apart */
  LARGEST_TEXT = 1 << 14,   /* bytes: room for states that fill theirs; more takes longer */
  LARGEST_PIECE = 1 << 10,  /* that is put into a text at once */
  MOST_TEXTS = 1 << 16,
  MOST_WORDS = 1 << 12,
  STATE_ROOM = TREE_SITTER_SERIALIZATION_BUFFER_SIZE + 64, /* as core.c has it */
  SECONDS_OF_HANG = 10,
  MOST_LEAKS = 3, /* texts that are kept: one scanner lost memory with each second text */
  WARM_UP = 100, /* texts that may keep memory, as the arena and the C library do at first */
};

typedef struct {
  uint8_t *bytes;
  uint32_t size;
} Text;

typedef struct {
  uint64_t n_inputs, n_scans, n_reports, n_leaks;
  uint32_t n_texts, n_ways;
  double last_new_s; /* processor seconds of this process when a way was last new */
} Counts;

static struct {
  const TSLanguage *given; /* of the wheel, with the scanner that is compiled in it */
  TSLanguage language;     /* the same with the scanner that is watched */
  bool bmp_only, reset_scanner;
  int folder;
  uint8_t *current; /* its size and the text at hand: a file in memory, which outlives the process */
  Text texts[MOST_TEXTS], words[MOST_WORDS];
  uint32_t n_words, characters[256];
  uint8_t n_characters;
  uint8_t hits[WAYS], met[WAYS];
  uint32_t way;
  uint64_t random;
  Counts counts;
} loop;

static struct {
  void *(*create)(void);
  void (*destroy)(void *);
  bool (*scan)(void *, TSLexer *, const bool *);
  unsigned (*serialize)(void *, char *);
  void (*deserialize)(void *, const char *, unsigned);
} scanner;

static const volatile int stop = 0;
static volatile sig_atomic_t seconds_of_input;
static Arena arena;

static double processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- where a scanner goes ---- */

static void go_way(uint32_t step) {
  uint32_t way = (loop.way ^ step) * 0x9E3779B1u >> 16;
  if (loop.hits[way] < UINT8_MAX) loop.hits[way]++;
  loop.way = step >> 1;
}

/* GCC calls these from the scanner: in each basic block, and where a number is compared with a constant. */
PUBLIC void __sanitizer_cov_trace_pc(void) { go_way((uint32_t)(uintptr_t)__builtin_return_address(0) * 0x85EBCA6Bu); }

static void note_character(uint32_t number) {
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) return;
  for (uint8_t i = 0; i < loop.n_characters; i++) {
    if (loop.characters[i] == number) return;
  }
  if (loop.n_characters < UINT8_MAX) loop.characters[loop.n_characters++] = number;
}

PUBLIC void __sanitizer_cov_trace_const_cmp4(uint32_t constant, uint32_t value) {
  (void)value;
  note_character(constant);
}
PUBLIC void __sanitizer_cov_trace_const_cmp1(uint8_t constant, uint8_t value) { (void)constant, (void)value; }
PUBLIC void __sanitizer_cov_trace_const_cmp2(uint16_t constant, uint16_t value) { (void)constant, (void)value; }
PUBLIC void __sanitizer_cov_trace_const_cmp8(uint64_t constant, uint64_t value) { (void)constant, (void)value; }
PUBLIC void __sanitizer_cov_trace_cmp1(uint8_t one, uint8_t other) { (void)one, (void)other; }
PUBLIC void __sanitizer_cov_trace_cmp2(uint16_t one, uint16_t other) { (void)one, (void)other; }
PUBLIC void __sanitizer_cov_trace_cmp4(uint32_t one, uint32_t other) { (void)one, (void)other; }
PUBLIC void __sanitizer_cov_trace_cmp8(uint64_t one, uint64_t other) { (void)one, (void)other; }
PUBLIC void __sanitizer_cov_trace_cmpf(float one, float other) { (void)one, (void)other; }
PUBLIC void __sanitizer_cov_trace_cmpd(double one, double other) { (void)one, (void)other; }
/* The constants stand behind their number and their size in bits. */
PUBLIC void __sanitizer_cov_trace_switch(uint64_t value, const uint64_t *constants) {
  (void)value;
  for (uint64_t i = 0; constants[1] == 32 && i < constants[0]; i++) note_character((uint32_t)constants[2 + i]);
}

/* Add the ways of the last text to those that were met; return whether one is new. A way counts as new again where it
 * was gone twice, four times and so on as often. */
static bool add_ways(void) {
  bool is_new = false;
  for (uint32_t i = 0; i < WAYS; i += 8) {
    uint64_t eight;
    memcpy(&eight, loop.hits + i, 8);
    if (!eight) continue;
    for (uint32_t way = i; way < i + 8; way++) {
      if (!loop.hits[way]) continue;
      uint8_t often = (uint8_t)(1 << (31 - __builtin_clz(loop.hits[way])));
      if (loop.met[way] & often) continue;
      loop.counts.n_ways += !loop.met[way];
      loop.met[way] |= often;
      is_new = true;
    }
  }
  return is_new;
}

/* ---- the scanner, watched ---- */

static bool watched_scan(void *payload, TSLexer *lexer, const bool *valid) {
  uint32_t allowed = 0;
  for (uint32_t i = 0; i < loop.language.external_token_count; i++) allowed = allowed * 31 + valid[i];
  loop.way = allowed * 0xC2B2AE35u;
  loop.counts.n_scans++;
  bool is_found = scanner.scan(payload, lexer, valid);
  go_way(is_found ? lexer->result_symbol + 1u : 0);
  return is_found;
}

/* A state is written to a block of its size, and read from one: the sanitizer sees a byte before and behind it. */
static unsigned watched_serialize(void *payload, char *state) {
  char *room = malloc(STATE_ROOM);
  unsigned size = scanner.serialize(payload, room);
  memcpy(state, room, size < STATE_ROOM ? size : STATE_ROOM);
  free(room);
  loop.way = 0x51ED270Bu;
  go_way(size ? 32u - (uint32_t)__builtin_clz(size) : 0);
  return size;
}

static void watched_deserialize(void *payload, const char *state, unsigned size) {
  char *copy = malloc(size);
  memcpy(copy, state, size);
  scanner.deserialize(payload, copy, size);
  free(copy);
}

static void parse(const TSLanguage *language, const uint8_t *bytes, uint32_t size, TSTree **tree) {
  arena.deadline_ns = repomap_clock_ns() + 200000000;
  repomap_parse(&arena, language, loop.bmp_only, loop.reset_scanner, (const char *)bytes, size, tree);
}

/* ---- what is kept ---- */

/* The sanitizers have written to the log, which is standard error. */
static off_t size_of_log(void) {
  struct stat log;
  return fstat(STDERR_FILENO, &log) == 0 ? log.st_size : 0;
}

static void write_text(const char *name, const uint8_t *bytes, uint32_t size) {
  int file = openat(loop.folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  if (write(file, bytes, size) < 0) perror(name);
  close(file);
}

static void keep_finding(const char *what, const uint8_t *bytes, uint32_t size) {
  char name[64];
  snprintf(name, sizeof name, "finding-%llu", (unsigned long long)loop.counts.n_inputs);
  write_text(name, bytes, size);
  fprintf(stderr, "^^^ %s: %s\n", what, name);
  fflush(stderr);
}

static void add_text(const uint8_t *bytes, uint32_t size) {
  uint32_t place = loop.counts.n_texts;
  if (place == MOST_TEXTS) return;
  uint8_t *copy = malloc(size);
  memcpy(copy, bytes, size);
  loop.texts[place] = (Text){copy, size};
  loop.counts.n_texts++;
}

/* Parse a text, and return whether that has taken memory that is not given back. */
static bool takes_memory(const uint8_t *bytes, uint32_t size) {
  TSTree *tree;
  size_t before = __sanitizer_get_current_allocated_bytes();
  parse(&loop.language, bytes, size, &tree);
  arena_reset(&arena);
  return __sanitizer_get_current_allocated_bytes() > before;
}

/* Feed a text to the scanner; keep it where it found a fault or went a new way. */
static void feed(const uint8_t *bytes, uint32_t size) {
  off_t log_before = size_of_log();
  /* What outlives the process if it ends here. */
  memcpy(loop.current, &size, sizeof size);
  memcpy(loop.current + sizeof size, bytes, size);
  memset(loop.hits, 0, sizeof loop.hits);
  seconds_of_input = 0;
  loop.counts.n_inputs++;
  bool is_taking = takes_memory(bytes, size);
  if (size_of_log() != log_before) {
    loop.counts.n_reports++;
    keep_finding("found by", bytes, size);
  }
  if (add_ways()) {
    char name[64];
    snprintf(name, sizeof name, "text-%u", loop.counts.n_texts);
    write_text(name, bytes, size);
    add_text(bytes, size);
    loop.counts.last_new_s = processor_seconds();
  }
  /* A scanner that loses memory does so again. */
  if (is_taking && loop.counts.n_inputs > WARM_UP && takes_memory(bytes, size)) {
    if (loop.counts.n_leaks++ < MOST_LEAKS) keep_finding("memory lost by", bytes, size);
  }
}

/* ---- how texts are broken ---- */

static uint32_t below(uint32_t end) {
  loop.random ^= loop.random << 13;
  loop.random ^= loop.random >> 7;
  loop.random ^= loop.random << 17;
  return (uint32_t)((loop.random >> 32) * end >> 32);
}

static const Text *draw_text(void) {
  uint32_t n = loop.counts.n_texts;
  /* New ones lead further more often. */
  return loop.texts + (below(2) || n < 16 ? below(n) : n - 1 - below(n / 8));
}

/* Put `piece` in the place of `n_dropped` bytes. */
static void put(uint8_t *text, uint32_t *size, uint32_t place, uint32_t n_dropped, const uint8_t *piece, uint32_t n) {
  uint8_t copy[LARGEST_PIECE];
  if (n > sizeof copy) n = sizeof copy;
  if (*size - n_dropped + n > LARGEST_TEXT) return;
  memcpy(copy, piece, n); /* it may be of this text */
  memmove(text + place + n, text + place + n_dropped, *size - place - n_dropped);
  memcpy(text + place, copy, n);
  *size += n - n_dropped;
}

static uint32_t encode(uint32_t character, uint8_t *bytes) {
  if (character < 0x80) return bytes[0] = (uint8_t)character, 1;
  uint32_t n = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  for (uint32_t i = n - 1; i; i--, character >>= 6) bytes[i] = (uint8_t)(0x80 | (character & 0x3F));
  bytes[0] = (uint8_t)(character | (0xF00 >> n & 0xFF));
  return n;
}

static uint32_t draw_piece(const uint8_t *text, uint32_t size, uint8_t *piece) {
  static const char *const odd[] = {
    "\n", "\r\n", "\t", "\f", "\\\n", "\xEF\xBB\xBF", "\xFF", "\xC3", "\xE2\x80\xA8", "\n\n",
  };
  const Text *other;
  uint32_t start, n = 0;
  switch (below(8)) {
    case 0: /* a character that the scanner asks about */
    case 1:
      if (loop.n_characters) return encode(loop.characters[below(loop.n_characters)], piece);
      /* fall through */
    case 2: /* a word of the grammar */
    case 3:
      if (loop.n_words) {
        other = loop.words + below(loop.n_words);
        n = other->size < 64 ? other->size : 64;
        memcpy(piece, other->bytes, n);
        return n;
      }
      /* fall through */
    case 4: /* a line that is indented, more or less */
      piece[n++] = '\n';
      start = below(4) ? below(12) : below(60);
      memset(piece + n, below(6) ? ' ' : '\t', start);
      return n + start;
    case 5: /* a piece of this text or of another */
      if (below(3)) {
        other = draw_text();
        text = other->bytes;
        size = other->size;
      }
      if (!size) return 0;
      start = below(size);
      n = 1 + below(below(4) ? 16 : 64);
      if (n > size - start) n = size - start;
      memcpy(piece, text + start, n);
      return n;
    case 6:
      n = below(sizeof odd / sizeof *odd + 1);
      if (n == sizeof odd / sizeof *odd) return piece[0] = 0, 1;
      memcpy(piece, odd[n], strlen(odd[n]));
      return (uint32_t)strlen(odd[n]);
    default: /* any character, of any plane */
      n = below(3) ? 0x20 + below(0x60) : below(2) ? below(0x3000) : below(0x110000);
      if (n >= 0xD800 && n < 0xE000) n = 'x';
      return encode(n, piece);
  }
}

static void break_once(uint8_t *text, uint32_t *size) {
  uint8_t piece[128];
  uint32_t place = below(*size + 1), left = *size - place, n, times;
  switch (below(8)) {
    case 0: /* drop some bytes */
      n = below(below(3) ? 8 : 200);
      put(text, size, place, n < left ? n : left, piece, 0);
      break;
    case 1: /* end here */
      if (below(4) == 0) *size = place;
      break;
    case 2: /* write some bytes again elsewhere */
      n = below(below(3) ? 40 : 400);
      put(text, size, below(*size + 1), 0, text + place, n < left ? n : left);
      break;
    case 3: /* another byte */
      if (left) text[place] = below(2) ? (uint8_t)below(256) : text[below(*size)];
      break;
    case 4: /* something in the place of some bytes */
      n = below(8);
      times = draw_piece(text, *size, piece);
      put(text, size, place, n < left ? n : left, piece, times);
      break;
    case 5: /* the same many times: states and counts grow */
      n = draw_piece(text, *size, piece);
      times = below(60) ? below(12) : below(1200);
      for (uint32_t i = 0; i < times; i++) put(text, size, place, 0, piece, n);
      break;
    default:
      n = draw_piece(text, *size, piece);
      put(text, size, place, 0, piece, n);
  }
}

/* ---- what run.py calls ---- */

/* The process would not end by itself: a scanner loops and asks for no character. */
static void count_second(int signal_number) {
  (void)signal_number;
  if (++seconds_of_input > SECONDS_OF_HANG) abort();
}

/* Begin. `functions` are the five of a scanner, in the order of TSLanguage; `folder` is the file descriptor of where
 * texts are kept, and the one at hand, as `current` behind its size of four bytes. Return whether it could be made. */
PUBLIC bool loop_begin(
  const TSLanguage *language, void *const functions[5], bool bmp_only, bool reset_scanner, int folder, uint64_t seed
) {
  memcpy(&scanner, functions, sizeof scanner);
  loop.given = language;
  /* Before ABI 15 a grammar ended sooner. */
  bool is_long = language->abi_version >= 15;
  memcpy(&loop.language, language, is_long ? sizeof *language : offsetof(TSLanguage, primary_state_ids));
  loop.language.external_scanner.create = scanner.create;
  loop.language.external_scanner.destroy = scanner.destroy;
  loop.language.external_scanner.scan = watched_scan;
  loop.language.external_scanner.serialize = watched_serialize;
  loop.language.external_scanner.deserialize = watched_deserialize;
  loop.bmp_only = bmp_only;
  loop.reset_scanner = reset_scanner;
  loop.folder = folder;
  size_t size = sizeof(uint32_t) + LARGEST_TEXT;
  int file = openat(folder, "current", O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ftruncate(file, (off_t)size) != 0) return false;
  loop.current = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  loop.random = seed * 0x9E3779B97F4A7C15u + 1;
  arena.budget = (size_t)256 << 20;
  arena.stop = &stop;
  signal(SIGPROF, count_second);
  setitimer(ITIMER_PROF, &(struct itimerval){{1, 0}, {1, 0}}, NULL);
  return loop.current != MAP_FAILED;
}

PUBLIC void loop_add_word(const uint8_t *bytes, uint32_t size) {
  if (loop.n_words == MOST_WORDS) return;
  uint8_t *copy = malloc(size);
  memcpy(copy, bytes, size);
  loop.words[loop.n_words++] = (Text){copy, size};
}

/* Feed a text as it is; of one that is too long its beginning. */
PUBLIC void loop_feed(const uint8_t *bytes, uint32_t size) { feed(bytes, size < LARGEST_TEXT ? size : LARGEST_TEXT); }

/* A number for the tree that a text has with the scanner of the wheel, or with the one that is watched; 0 for no
 * tree. */
PUBLIC uint64_t loop_hash_tree(const uint8_t *bytes, uint32_t size, bool is_watched) {
  TSTree *tree;
  uint64_t hash = 0;
  parse(is_watched ? &loop.language : loop.given, bytes, size, &tree);
  if (tree) {
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
    bool is_left = true;
    while (is_left) {
      TSNode node = ts_tree_cursor_current_node(&cursor);
      hash = (hash ^ ts_node_symbol(node) ^ (uint64_t)ts_node_start_byte(node) << 16 ^
              (uint64_t)ts_node_end_byte(node) << 40) * 0x9E3779B97F4A7C15u;
      if (ts_tree_cursor_goto_first_child(&cursor)) continue;
      while (is_left && !ts_tree_cursor_goto_next_sibling(&cursor)) is_left = ts_tree_cursor_goto_parent(&cursor);
    }
    ts_tree_cursor_delete(&cursor);
  }
  arena_reset(&arena);
  return hash;
}

/* Feed broken texts for some processor seconds, and return what was counted from the beginning on. */
PUBLIC Counts loop_run(double seconds) {
  static uint8_t text[LARGEST_TEXT];
  double end = processor_seconds() + seconds;
  for (uint32_t i = 0; loop.counts.n_texts && (i % 16 || processor_seconds() < end); i++) {
    const Text *from = draw_text();
    uint32_t size = from->size, n_times = 1u << below(4);
    memcpy(text, from->bytes, size);
    while (n_times--) break_once(text, &size);
    feed(text, size);
  }
  return loop.counts;
}
