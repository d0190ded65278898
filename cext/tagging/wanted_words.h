/* How often some wanted terms are in a text. Words that have none of them are passed over without being cut.
 *
 * Each place of the text is first looked up by two bytes, then by the next two: a word in which no part begins like a
 * wanted term is never found. What is found is cut by the rules of words.h, so that the counts are those of a whole
 * pass. Two bytes are alike here if they differ in the bit of lower case alone. */
#ifndef REPOMAP_WANTED_WORDS_H_
#define REPOMAP_WANTED_WORDS_H_

#include "words.h"

#define WANTED_PAIRS (1u << 16)

typedef struct {
  uint32_t n;
  const uint32_t *hashes; /* rising */
  uint64_t first[WANTED_PAIRS / 64]; /* bits of the first two bytes of wanted terms */
  uint64_t second[WANTED_PAIRS / 64]; /* and of the next two */
} WantedWords;

static REPOMAP_INLINE uint32_t wanted__pair(const uint8_t *text) {
  return (uint32_t)(text[0] | 0x20) | (uint32_t)(text[1] | 0x20) << 8;
}

static REPOMAP_INLINE bool wanted__has(const uint64_t *bits, uint32_t pair) { return bits[pair >> 6] >> (pair & 63) & 1; }

/* Set the bits of all pairs that begin with the `n` known bytes of `text`. */
static inline void wanted__add_pair(uint64_t *bits, const uint8_t *text, size_t n) {
  uint8_t pair[2];
  for (uint32_t one = 0; one < 256; one++) {
    pair[0] = n > 0 ? text[0] : (uint8_t)one;
    for (uint32_t other = 0; other < 256; other++) {
      pair[1] = n > 1 ? text[1] : (uint8_t)other;
      const uint32_t number = wanted__pair(pair);
      bits[number >> 6] |= (uint64_t)1 << (number & 63);
      if (n > 1) return;
    }
    if (n > 0) return;
  }
}

static inline void wanted_start(WantedWords *wanted, const uint32_t *hashes, uint32_t n) {
  memset(wanted, 0, sizeof *wanted);
  wanted->hashes = hashes;
  wanted->n = n;
}

/* Add how a term begins, whose hash is among the wanted ones. */
static inline void wanted_add(WantedWords *wanted, const uint8_t *term, size_t size) {
  if (size && term[0] == '=') {
    term++;
    size--;
  } else if (size && term[size - 1] == 'y') {
    size--; /* It may be the "ies" of a plural. */
  }
  wanted__add_pair(wanted->first, term, size);
  wanted__add_pair(wanted->second, term + (size > 2 ? 2 : size), size > 2 ? size - 2 : 0);
}

static REPOMAP_INLINE bool wanted__is_within_part(uint8_t before, uint8_t byte) {
  return ((uint8_t)(before - 'a') < 26 && (uint8_t)(byte - 'a') < 26)
    || ((uint8_t)(before - '0') < 10 && (uint8_t)(byte - '0') < 10);
}

static inline void wanted__count_word(const WantedWords *wanted, const uint8_t *word, size_t size, uint8_t *counts) {
  WordTerms terms;
  word_cut(word, size, &terms);
  for (uint32_t i = 0; i < terms.n; i++) {
    uint32_t low = 0, high = wanted->n;
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (wanted->hashes[middle] < terms.hashes[i]) low = middle + 1;
      else high = middle;
    }
    if (low < wanted->n && wanted->hashes[low] == terms.hashes[i] && counts[low] < UINT8_MAX) counts[low]++;
  }
}

static REPOMAP_INLINE bool wanted__may_begin(const WantedWords *wanted, const uint8_t *text, const uint8_t *text_end) {
  /* The bits of the second pair say nothing of bytes that a short term does not have. */
  return text_end - text < 4
    || (wanted__has(wanted->first, wanted__pair(text)) && wanted__has(wanted->second, wanted__pair(text + 2)));
}

/* Return how many terms a word has. `*may_have` says whether one of them begins like a wanted one; `common` are the
 * classes that all bytes of the word have. */
static REPOMAP_INLINE uint32_t wanted_n_terms(
  const WantedWords *wanted, const uint8_t *word, size_t size, uint8_t common, const uint8_t *text_end, uint8_t *may_have
) {
  size_t n_parts = 0, last, start;
  uint32_t n_terms = 0;
  bool found = false;
  if (common & (WORD_LOWER | WORD_UPPER | WORD_DIGIT)) {
    /* A word of one class is one part. */
    n_terms = size > 1 || common & WORD_DIGIT;
    *may_have = n_terms && wanted__may_begin(wanted, word, text_end);
    return n_terms;
  }
  const size_t first = word_core(word, size, &last);
  for (size_t end = first; word_next_part(word, last, &start, &end);) {
    n_parts++;
    if (!word_part_counts(word, start, end, first, last)) continue;
    n_terms++;
    found = found || wanted__may_begin(wanted, word + start, text_end);
  }
  if (word_has_compound(n_parts, first, last)) {
    n_terms++;
    found = found || wanted__may_begin(wanted, word + first, text_end);
  }
  *may_have = found;
  return n_terms;
}

/* Count the wanted terms of a text, each up to 255: `counts`, (n,), is zero before. */
static inline void wanted_count(const WantedWords *wanted, const uint8_t *text, size_t size, uint8_t *counts) {
  size_t done = 0; /* words before it are counted, or have no wanted term */
  for (size_t i = 0; i < size; i++) {
    if (i + 4 <= size) {
      if (!wanted__has(wanted->first, wanted__pair(text + i))) continue;
      if (!wanted__has(wanted->second, wanted__pair(text + i + 2))) continue;
    }
    if (i > 0 && wanted__is_within_part(text[i - 1], text[i])) continue;
    size_t position = i, start;
    while (position > done && word_classes[text[position - 1]] & WORD_GOES_ON) position--;
    while (position <= i && word_next(text, size, &position, &start)) {
      wanted__count_word(wanted, text + start, position - start, counts);
    }
    done = position;
    i = position - 1;
  }
}

#endif
