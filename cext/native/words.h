/* Words of a text, and the terms that a word is cut into. Full-text search counts terms.
 *
 * A word is a letter or underscore and the letters, digits and underscores after it; or a run of digits. Letters are
 * those of ASCII, and in UTF-8 all characters but those of the blocks where punctuation, signs and symbols are: they
 * begin with the byte C2, E2, EF or F0 to FF. The bytes 80 to BF go on with a word and begin none, so that what is left
 * of a sign is passed over. Text that is no UTF-8 is cut by the same rules. Words of more than 64 bytes are passed
 * over.
 *
 * A word's terms are its parts: capitals, a capital with lower case after it, lower case, digits. They are in lower
 * case, without the ending of a plural; parts of one byte are left out, unless the part is a digit and the whole word.
 * A word of several parts has one term more, the compound: "=" and the whole word in lower case, without underscores
 * around it.
 *
 * A term is known by 32 bits of hash, which are the same on every machine. Two terms with the same hash are one. */
#ifndef REPOMAP_WORDS_H_
#define REPOMAP_WORDS_H_

#include "platform.h"

#define WORD_MAX_BYTES 64
#define WORD_MAX_TERMS 34 /* half as many parts as bytes, since those of one byte are left out, and the compound */

enum { WORD_GOES_ON = 1, WORD_STARTS = 2, WORD_DIGIT = 4, WORD_UPPER = 8, WORD_LOWER = 16 };

#define WORDS__X 0
#define WORDS__D (WORD_GOES_ON | WORD_DIGIT)
#define WORDS__U (WORD_GOES_ON | WORD_STARTS | WORD_UPPER)
#define WORDS__L (WORD_GOES_ON | WORD_STARTS | WORD_LOWER)
#define WORDS___ (WORD_GOES_ON | WORD_STARTS)
#define WORDS__C (WORD_GOES_ON | WORD_LOWER)
#define WORDS__4(class) class, class, class, class
#define WORDS__16(class) WORDS__4(class), WORDS__4(class), WORDS__4(class), WORDS__4(class)

static const uint8_t word_classes[256] = {
  WORDS__16(WORDS__X), WORDS__16(WORDS__X), WORDS__16(WORDS__X),
  WORDS__4(WORDS__D), WORDS__4(WORDS__D), WORDS__D, WORDS__D, WORDS__X, WORDS__X, WORDS__4(WORDS__X),
  WORDS__X, WORDS__U, WORDS__U, WORDS__U, WORDS__4(WORDS__U), WORDS__4(WORDS__U), WORDS__4(WORDS__U),
  WORDS__4(WORDS__U), WORDS__4(WORDS__U), WORDS__U, WORDS__U, WORDS__U, WORDS__4(WORDS__X), WORDS___,
  WORDS__X, WORDS__L, WORDS__L, WORDS__L, WORDS__4(WORDS__L), WORDS__4(WORDS__L), WORDS__4(WORDS__L),
  WORDS__4(WORDS__L), WORDS__4(WORDS__L), WORDS__L, WORDS__L, WORDS__L, WORDS__X, WORDS__4(WORDS__X),
  /* 80 to BF */
  WORDS__16(WORDS__C), WORDS__16(WORDS__C), WORDS__16(WORDS__C), WORDS__16(WORDS__C),
  /* C0 to DF */
  WORDS__X, WORDS__X, WORDS__X, WORDS__L, WORDS__4(WORDS__L), WORDS__4(WORDS__L), WORDS__4(WORDS__L),
  WORDS__16(WORDS__L),
  /* E0 to FF */
  WORDS__L, WORDS__L, WORDS__X, WORDS__L, WORDS__4(WORDS__L), WORDS__4(WORDS__L), WORDS__L, WORDS__L, WORDS__L,
  WORDS__X, WORDS__16(WORDS__X),
};

/* The terms of one word. Term t is the `sizes[t]` bytes at `text + starts[t]`. */
typedef struct {
  uint32_t n;
  uint32_t hashes[WORD_MAX_TERMS];
  uint8_t starts[WORD_MAX_TERMS];
  uint8_t sizes[WORD_MAX_TERMS];
  uint8_t text[2 * WORD_MAX_BYTES + 1];
} WordTerms;

#define WORD__HASH_START 0x811C9DC5u

static REPOMAP_INLINE uint32_t word__hash_on(uint32_t hash, uint8_t byte) { return (hash ^ byte) * 0x01000193u; }

static REPOMAP_INLINE uint32_t word__hash_end(uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x85EBCA6Bu;
  hash ^= hash >> 13;
  hash *= 0xC2B2AE35u;
  return hash ^ hash >> 16;
}

/* FNV-1a, mixed at the end: tables are indexed by its lowest bits. */
static REPOMAP_INLINE uint32_t word_hash(const uint8_t *term, size_t size) {
  uint32_t hash = WORD__HASH_START;
  for (size_t i = 0; i < size; i++) hash = word__hash_on(hash, term[i]);
  return word__hash_end(hash);
}

/* Find the next word from `*position` on; false if there is none. `*position` is its end, or that of the text. */
static REPOMAP_INLINE bool word_next(const uint8_t *text, size_t size, size_t *position, size_t *start_out) {
  size_t end = *position, start;
  do {
    for (start = end; start < size && !(word_classes[text[start]] & (WORD_STARTS | WORD_DIGIT)); start++) {
    }
    end = start;
    if (start < size) {
      const uint8_t goes_on = word_classes[text[start]] & WORD_STARTS ? WORD_GOES_ON : WORD_DIGIT;
      while (end < size && word_classes[text[end]] & goes_on) end++;
    }
  } while (end - start > WORD_MAX_BYTES);
  *position = end;
  *start_out = start;
  return start < end;
}

/* Return the length of a part without the ending of a plural; `*is_y`: its last byte is a "y" then. */
static REPOMAP_INLINE size_t word__singular(const uint8_t *part, size_t size, bool *is_y) {
  *is_y = false;
  if (size < 4 || part[size - 1] != 's') return size;
  const uint8_t before = part[size - 2];
  if (before == 's' || before == 'u' || before == 'i') return size;
  *is_y = before == 'e' && part[size - 3] == 'i';
  return *is_y ? size - 2 : size - 1;
}

/* Return the end of the part that begins at `start`, which is no underscore. */
static REPOMAP_INLINE size_t word__part_end(const uint8_t *word, size_t start, size_t size) {
  const uint8_t class = word_classes[word[start]];
  size_t end = start + 1;
  if (class & WORD_UPPER) {
    while (end < size && word_classes[word[end]] & WORD_UPPER) end++;
    const bool is_before_lower = end < size && word_classes[word[end]] & WORD_LOWER;
    /* The last capital begins the next part, if that goes on in lower case. */
    if (!is_before_lower || end - start > 1) return is_before_lower ? end - 1 : end;
  }
  const uint8_t goes_on = class & WORD_DIGIT ? WORD_DIGIT : WORD_LOWER;
  while (end < size && word_classes[word[end]] & goes_on) end++;
  return end;
}

/* Return where a word begins without the underscores around it; `*last` is where it ends. */
static REPOMAP_INLINE size_t word_core(const uint8_t *word, size_t size, size_t *last) {
  size_t first = 0;
  while (first < size && word[first] == '_') first++;
  while (size > first && word[size - 1] == '_') size--;
  *last = size;
  return first;
}

/* Find the next part before `last`, from `*end` on; false if there is none. `*end` is the end of the part. */
static REPOMAP_INLINE bool word_next_part(const uint8_t *word, size_t last, size_t *start, size_t *end) {
  while (*end < last && word[*end] == '_') ++*end;
  if (*end == last) return false;
  *start = *end;
  *end = word__part_end(word, *start, last);
  return true;
}

/* Return whether a part is a term; the word without underscores around it is from `first` to `last`. */
static REPOMAP_INLINE bool word_part_counts(const uint8_t *word, size_t start, size_t end, size_t first, size_t last) {
  return end - start > 1 || (start == first && end == last && (word_classes[word[start]] & WORD_DIGIT));
}

static REPOMAP_INLINE bool word_has_compound(size_t n_parts, size_t first, size_t last) {
  return n_parts > 1 && last - first > 2;
}

/* Cut a word of at most WORD_MAX_BYTES into its terms. */
static inline void word_cut(const uint8_t *word, size_t size, WordTerms *terms) {
  size_t n_parts = 0, last, start;
  const size_t first = word_core(word, size, &last);
  uint8_t *whole = terms->text + WORD_MAX_BYTES, *lower = whole + 1 - first;
  /* Part and compound are hashed together: each hash waits for the one before, but not for the other. */
  uint32_t compound = word__hash_on(WORD__HASH_START, '=');
  terms->n = 0;
  whole[0] = '=';
  for (size_t end = first, at = first; word_next_part(word, last, &start, &end);) {
    uint32_t hash = WORD__HASH_START;
    n_parts++;
    for (; at < start; at++) compound = word__hash_on(compound, lower[at] = '_');
    for (; at < end; at++) {
      lower[at] = word[at] + (word_classes[word[at]] & WORD_UPPER ? 32 : 0);
      hash = word__hash_on(hash, lower[at]);
      compound = word__hash_on(compound, lower[at]);
    }
    if (!word_part_counts(word, start, end, first, last)) continue;
    bool is_y;
    const size_t n = word__singular(lower + start, end - start, &is_y);
    const uint8_t *part = lower + start;
    if (is_y) {
      /* Not in its place, which is the compound's. */
      memcpy(terms->text + start, part, n);
      terms->text[start + n - 1] = 'y';
      part = terms->text + start;
    }
    terms->starts[terms->n] = (uint8_t)(part - terms->text);
    terms->sizes[terms->n] = (uint8_t)n;
    terms->hashes[terms->n] = n == end - start ? word__hash_end(hash) : word_hash(part, n);
    terms->n++;
  }
  if (word_has_compound(n_parts, first, last)) {
    terms->starts[terms->n] = WORD_MAX_BYTES;
    terms->sizes[terms->n] = (uint8_t)(last - first + 1);
    terms->hashes[terms->n] = word__hash_end(compound);
    terms->n++;
  }
}

/* Hash a word that is one part in lower case, as most are, in a single pass: as it is written, and as the only term
 * that `word_cut` gives of it. False for any other word. */
static REPOMAP_INLINE bool word_hash_plain(const uint8_t *word, size_t size, uint32_t *hash_out, uint32_t *term_out) {
  uint32_t hash = WORD__HASH_START;
  for (size_t i = 0; i < size; i++) {
    if (!(word_classes[word[i]] & WORD_LOWER)) return false;
    hash = word__hash_on(hash, word[i]);
  }
  *hash_out = *term_out = word__hash_end(hash);
  bool is_y;
  const size_t n = word__singular(word, size, &is_y);
  if (n < size) {
    hash = WORD__HASH_START;
    for (size_t i = 0; i < n; i++) hash = word__hash_on(hash, is_y && i == n - 1 ? 'y' : word[i]);
    *term_out = word__hash_end(hash);
  }
  return size > 1;
}

#endif
