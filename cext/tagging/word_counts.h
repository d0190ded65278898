/* How often each term is in a text: each distinct word is cut once, and its terms counted as often as the word is
 * there.
 *
 * A counter has a fixed size, which texts of any length are counted in. When its table of words is full, the words are
 * cut, and the table begins again: the counts do not depend on it. Of a text the first COUNTER_TERMS distinct terms are
 * counted, and the others not. Not thread-safe. */
#ifndef REPOMAP_WORD_COUNTS_H_
#define REPOMAP_WORD_COUNTS_H_

#include "siphash.h"
#include "words.h"

#define COUNTER_TERMS 20000
#define COUNTER_TERM_SLOTS (1u << 16)
#define COUNTER_WORDS 8192u
#define COUNTER_WORD_SLOTS (2 * COUNTER_WORDS)
#define COUNTER_LEAST_SLOTS 64u

typedef struct {
  uint32_t hash;
  uint32_t n;
} TermCount;

typedef struct {
  const uint8_t *text; /* borrowed until the words are cut */
  uint32_t n;
  uint32_t hash;
  uint8_t size;
} CountedWord;

/* Words of a language that are not counted, as hashes that rise. */
typedef struct {
  uint32_t n;
  uint32_t *hashes;
} Keywords;

typedef struct {
  uint64_t key[2];      /* of the table of words: secret, so that nobody can write words that all collide */
  uint32_t term_factor; /* of the table of terms: odd, and secret for the same reason */
  uint32_t n_words;
  uint32_t n_terms;
  uint32_t word_mask; /* slots in use, less 1 */
  uint32_t term_shift; /* 32 - log2 of the slots in use */
  uint64_t n_steps;   /* words and terms that were looked up, and slots that were passed, of all texts so far */
  const Keywords *keywords;
  uint16_t word_slots[COUNTER_WORD_SLOTS]; /* number of a word + 1; 0: free */
  uint16_t term_slots[COUNTER_TERM_SLOTS];
  CountedWord words[COUNTER_WORDS];
  TermCount terms[COUNTER_TERMS];
  TermCount scratch[COUNTER_TERMS];
} WordCounter;

/* Return a counter, or NULL; `seed` is random. */
static inline WordCounter *word_counter_new(uint64_t seed) {
  WordCounter *counter = (WordCounter *)malloc(sizeof *counter);
  if (!counter) return NULL;
  counter->key[0] = seed;
  counter->key[1] = seed ^ 0x9E3779B97F4A7C15u;
  counter->term_factor = (uint32_t)(seed >> 16) | 1;
  counter->n_steps = 0;
  return counter;
}

/* Begin a text of that size: the tables are as large as it needs them. `keywords` may be NULL. */
static inline void word_counter_start(WordCounter *counter, size_t size, const Keywords *keywords) {
  uint32_t n_slots = COUNTER_LEAST_SLOTS, shift = 26;
  /* No text has more terms than two in three bytes, and no more words than one in two. */
  for (; n_slots < COUNTER_TERM_SLOTS && n_slots < 2 * (uint64_t)size; n_slots *= 2) shift--;
  counter->n_words = counter->n_terms = 0;
  counter->keywords = keywords;
  counter->term_shift = shift;
  counter->word_mask = (n_slots < COUNTER_WORD_SLOTS ? n_slots : COUNTER_WORD_SLOTS) - 1;
  memset(counter->term_slots, 0, n_slots * sizeof *counter->term_slots);
  memset(counter->word_slots, 0, (counter->word_mask + 1) * sizeof *counter->word_slots);
}

static REPOMAP_INLINE void word_counter__add_term(WordCounter *counter, uint32_t hash, uint32_t n) {
  const uint32_t mask = (1u << (32 - counter->term_shift)) - 1;
  uint32_t slot = hash * counter->term_factor >> counter->term_shift;
  for (; counter->term_slots[slot]; slot = (slot + 1) & mask) {
    TermCount *term = &counter->terms[counter->term_slots[slot] - 1];
    if (term->hash == hash) {
      term->n += n;
      return;
    }
    counter->n_steps++;
  }
  if (counter->n_terms == COUNTER_TERMS) return;
  counter->terms[counter->n_terms].hash = hash;
  counter->terms[counter->n_terms].n = n;
  counter->term_slots[slot] = (uint16_t)++counter->n_terms;
}

static REPOMAP_INLINE bool word_is_keyword(const Keywords *keywords, uint32_t hash) {
  if (!keywords || !keywords->n) return false;
  /* A step of the search chooses without a branch, which could not be foreseen. */
  uint32_t low = 0;
  for (uint32_t n = keywords->n, half; n > 1; n -= half) {
    half = n / 2;
    low += keywords->hashes[low + half - 1] < hash ? half : 0;
  }
  return keywords->hashes[low] == hash;
}

/* Cut the words of the table, in the order of their first use, and empty it. */
static inline void word_counter__cut(WordCounter *counter) {
  WordTerms terms;
  for (uint32_t i = 0; i < counter->n_words; i++) {
    const CountedWord *word = &counter->words[i];
    uint32_t hash, term;
    if (word_hash_plain(word->text, word->size, &hash, &term)) {
      if (word_is_keyword(counter->keywords, hash)) continue;
      counter->n_steps++;
      word_counter__add_term(counter, term, word->n);
      continue;
    }
    if (word_is_keyword(counter->keywords, word_hash(word->text, word->size))) continue;
    word_cut(word->text, word->size, &terms);
    counter->n_steps += terms.n;
    for (uint32_t j = 0; j < terms.n; j++) word_counter__add_term(counter, terms.hashes[j], word->n);
  }
  counter->n_words = 0;
}

static REPOMAP_INLINE void word_counter__add_word(WordCounter *counter, const uint8_t *text, size_t size, uint32_t n) {
  const uint64_t full_hash = siphash13(counter->key, text, size);
  const uint32_t hash = (uint32_t)(full_hash >> 32);
  uint32_t slot = (uint32_t)full_hash & counter->word_mask;
  counter->n_steps++;
  for (; counter->word_slots[slot]; slot = (slot + 1) & counter->word_mask) {
    CountedWord *word = &counter->words[counter->word_slots[slot] - 1];
    if (word->hash == hash && word->size == size && memcmp(word->text, text, size) == 0) {
      word->n += n;
      return;
    }
    counter->n_steps++;
  }
  CountedWord *word = &counter->words[counter->n_words];
  word->text = text;
  word->n = n;
  word->hash = hash;
  word->size = (uint8_t)size;
  counter->word_slots[slot] = (uint16_t)++counter->n_words;
  if (counter->n_words == COUNTER_WORDS) {
    word_counter__cut(counter);
    memset(counter->word_slots, 0, (counter->word_mask + 1) * sizeof *counter->word_slots);
  }
}

/* Count the words that begin in `text` from `*position` to `stop`, each `n` times; `*position` is then where to go on.
 * The text must stay where it is until `word_counter_finish`. */
static inline void word_counter_add(
  WordCounter *counter, const uint8_t *text, size_t size, size_t *position, size_t stop, uint32_t n
) {
  size_t start;
  while (*position < stop && word_next(text, size, position, &start)) {
    word_counter__add_word(counter, text + start, *position - start, n);
  }
}

/* Sort by hash: by a byte at a time, the lowest first. */
static inline void word_counter__sort(WordCounter *counter) {
  uint32_t starts[4][256];
  TermCount *from = counter->terms, *to = counter->scratch;
  const uint32_t n = counter->n_terms;
  memset(starts, 0, sizeof starts);
  for (uint32_t i = 0; i < n; i++) {
    for (int byte = 0; byte < 4; byte++) starts[byte][from[i].hash >> (8 * byte) & 0xFF]++;
  }
  for (int byte = 0; byte < 4; byte++) {
    uint32_t start = 0;
    for (int value = 0; value < 256; value++) {
      const uint32_t n_of_value = starts[byte][value];
      starts[byte][value] = start;
      start += n_of_value;
    }
    for (uint32_t i = 0; i < n; i++) to[starts[byte][from[i].hash >> (8 * byte) & 0xFF]++] = from[i];
    TermCount *swapped = from;
    from = to;
    to = swapped;
  }
}

/* End the text: `terms` are its `n_terms` distinct terms, by rising hash. */
static inline void word_counter_finish(WordCounter *counter) {
  word_counter__cut(counter);
  word_counter__sort(counter);
}

#endif
