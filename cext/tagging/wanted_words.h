/* How often some wanted terms are in a text. Words that have none of them are passed over without being cut.
 *
 * Each place of the text is first looked up by two bytes, then by the next two: a word in which no part begins like a
 * wanted term is never found. What is found is cut by the rules of words.h, so that the counts are those of a whole
 * pass. Two bytes are alike here if they differ in the bit of lower case alone. */
#ifndef REPOMAP_WANTED_WORDS_H_
#define REPOMAP_WANTED_WORDS_H_

#include "word_masks.h"

#define WANTED_PAIRS (1u << 16)

typedef struct {
  uint32_t n;
  const uint32_t *hashes; /* rising */
  uint64_t first[WANTED_PAIRS / 64]; /* bits of the first two bytes of wanted terms */
  uint64_t second[WANTED_PAIRS / 64]; /* and of the next two */
} WantedWords;

static REPOMAP_INLINE uint32_t wanted__pair(const uint8_t *text) {
  uint16_t pair;
  memcpy(&pair, text, sizeof pair);
  return pair | 0x2020;
}

static REPOMAP_INLINE bool wanted__has(const uint64_t *bits, uint32_t pair) {
  return bits[pair >> 6] >> (pair & 63) & 1;
}

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

/* The words of a piece of text that may have a wanted term, and how many terms all of its words have. */
typedef struct {
  uint32_t n_terms;
  uint32_t n_found;
  const uint8_t *words[WORD_BLOCK_BYTES];
  uint8_t sizes[WORD_BLOCK_BYTES];
} FoundWords;

static REPOMAP_INLINE void wanted__add_found(FoundWords *found, const uint8_t *word, size_t size) {
  found->words[found->n_found] = word;
  found->sizes[found->n_found++] = (uint8_t)size;
}

/* Read words one by one from `position` to `stop`; return where the next one may begin. */
static inline size_t wanted__read_words(
  const uint8_t *text, size_t size, size_t position, size_t stop, FoundWords *found
) {
  size_t start;
  WordTerms terms;
  while (position < stop && word_next(text, size, &position, &start)) {
    word_cut(text + start, position - start, &terms);
    found->n_terms += terms.n;
    wanted__add_found(found, text + start, position - start);
  }
  return position;
}

/* Read words from `position` on, of some 64 bytes of a text; return where the next one may begin, at most `size`.
 *
 * n_readable  bytes of memory from `text` on: what is read after the text says nothing. */
static inline size_t wanted_read(
  const WantedWords *wanted, const uint8_t *text, size_t size, size_t n_readable, size_t position, FoundWords *found
) {
  const size_t n = size - position < WORD_BLOCK_BYTES ? size - position : WORD_BLOCK_BYTES;
  WordMasks masks;
  found->n_terms = found->n_found = 0;
  if (!word_masks(text + position, n, n_readable - position, &masks)) {
    return wanted__read_words(text, size, position, position + n, found);
  }
  uint64_t words = word_mask_words(&masks);
  size_t n_read = n;
  if ((masks.letters | masks.digits) >> (WORD_BLOCK_BYTES - 1)) {
    /* The last word may go on after the block. */
    n_read = word_mask_last(words);
    if (n_read == 0) return wanted__read_words(text, size, position, position + 1, found);
    word_masks_cut(&masks, n_read);
    words = word_mask_words(&masks);
  }
  const uint64_t parts = word_mask_parts(&masks);
  const uint64_t in_parts = masks.upper | masks.lower | masks.digits, after_first = (in_parts & ~parts) >> 1;
  /* Parts of one byte do not count, but for a digit that is all of a word. */
  found->n_terms = word_mask_count(parts & after_first) + word_mask_count(parts & words & masks.digits & ~after_first);
  const uint8_t *block = text + position;
  for (uint64_t starts = parts; starts; starts &= starts - 1) {
    const unsigned start = word_mask_first(starts);
    if (!wanted__may_begin(wanted, block + start, text + size)) continue;
    const unsigned first = word_mask_last(words & (((uint64_t)2 << start) - 1));
    const unsigned last = word_mask_last(word_mask_at(&masks, words, first));
    wanted__add_found(found, block + first, last + 1 - first);
    /* The word is found once; this bit is taken out next. */
    starts &= ~(((uint64_t)2 << last) - 1) | (uint64_t)1 << start;
  }
  for (uint64_t inner = parts & ~words; inner;) {
    const unsigned first = word_mask_last(words & (((uint64_t)1 << word_mask_first(inner)) - 1));
    const uint64_t word = word_mask_at(&masks, words, first), firsts = parts & word, of_word = in_parts & word;
    inner &= ~word;
    if (firsts & (firsts - 1)) {
      found->n_terms += of_word >> word_mask_first(of_word) != 3; /* the compound of several parts */
    } else {
      found->n_terms += (of_word & (of_word - 1)) == 0 && (of_word & masks.digits); /* as in _7_ */
    }
  }
  return position + n_read;
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
