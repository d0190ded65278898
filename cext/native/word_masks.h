/* The words of a text in ASCII, 64 bytes at a time: bit i of a mask says something of byte i. To look at each byte by
 * itself takes three times as long, most of it for branches that the processor guesses wrong. Eight bytes are compared
 * in one number: whether a compiler would do as much with loops over bytes depends on too much.
 *
 * The words are those of words.h, and so are their parts. */
#ifndef REPOMAP_WORD_MASKS_H_
#define REPOMAP_WORD_MASKS_H_

#include "words.h"

#define WORD_BLOCK_BYTES 64

/* The bytes of a block that are of a class. */
typedef struct {
  uint64_t letters; /* and underscores */
  uint64_t upper;
  uint64_t lower;
  uint64_t digits;
} WordMasks;

#define WORD__EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

/* Load eight bytes, the first as the lowest. Compilers make one instruction of it. */
static REPOMAP_INLINE uint64_t word__eight(const uint8_t *text) {
  return (uint64_t)text[0] | (uint64_t)text[1] << 8 | (uint64_t)text[2] << 16 | (uint64_t)text[3] << 24
    | (uint64_t)text[4] << 32 | (uint64_t)text[5] << 40 | (uint64_t)text[6] << 48 | (uint64_t)text[7] << 56;
}

/* Of eight bytes below 128, set the highest bit of those that are at least `least`. The other bits say nothing. */
static REPOMAP_INLINE uint64_t word__at_least(uint64_t eight, uint8_t least) {
  return eight + WORD__EACH(0x80 - least);
}

/* Return the highest bits of eight bytes, that of the first byte as the lowest bit. No two products meet in a bit. */
static REPOMAP_INLINE uint64_t word__highest(uint64_t eight) {
  return (eight >> 7 & WORD__EACH(1)) * 0x0102040810204080u >> 56;
}

/* Clear the masks from bit `n` on. */
static REPOMAP_INLINE void word_masks_cut(WordMasks *masks, size_t n) {
  if (n == WORD_BLOCK_BYTES) return;
  const uint64_t kept = ((uint64_t)1 << n) - 1;
  masks->letters &= kept;
  masks->upper &= kept;
  masks->lower &= kept;
  masks->digits &= kept;
}

/* Find the masks of `n` bytes, at most a block; false if they may not be in ASCII.
 *
 * n_readable  bytes of memory from `text` on: what is read after the first `n` says nothing. */
static REPOMAP_INLINE bool word_masks(const uint8_t *text, size_t n, size_t n_readable, WordMasks *masks) {
  uint8_t copy[WORD_BLOCK_BYTES];
  uint64_t all = 0, bars = 0;
  if (n_readable < WORD_BLOCK_BYTES) {
    memset(copy, 0, sizeof copy);
    memcpy(copy, text, n);
    text = copy;
  }
  memset(masks, 0, sizeof *masks);
  for (size_t i = 0; i < n; i += 8) {
    const uint64_t eight = word__eight(text + i), folded = eight | WORD__EACH(0x20), lower_bit = eight << 2;
    const uint64_t letters = word__at_least(folded, 'a') & ~word__at_least(folded, 'z' + 1);
    const uint64_t digits = word__at_least(eight, '0') & ~word__at_least(eight, '9' + 1);
    all |= eight;
    masks->upper |= word__highest(letters & ~lower_bit) << i;
    masks->lower |= word__highest(letters & lower_bit) << i;
    masks->digits |= word__highest(digits) << i;
    bars |= word__highest(~word__at_least(eight ^ WORD__EACH('_'), 1)) << i;
  }
  masks->letters = masks->upper | masks->lower | bars;
  word_masks_cut(masks, n);
  return !(all & WORD__EACH(0x80));
}

/* Return the number of the lowest bit of a mask that has one. */
static REPOMAP_INLINE unsigned word_mask_first(uint64_t mask) {
#if defined(_MSC_VER)
  unsigned long first;
  _BitScanForward64(&first, mask);
  return (unsigned)first;
#else
  return (unsigned)__builtin_ctzll(mask);
#endif
}

/* Return the number of the highest bit of a mask that has one. */
static REPOMAP_INLINE unsigned word_mask_last(uint64_t mask) {
#if defined(_MSC_VER)
  unsigned long last;
  _BitScanReverse64(&last, mask);
  return (unsigned)last;
#else
  return 63 - (unsigned)__builtin_clzll(mask);
#endif
}

/* Return how many bits a mask has. Without a flag for newer processors, the compilers' own call is a table. */
static REPOMAP_INLINE uint32_t word_mask_count(uint64_t mask) {
  mask -= mask >> 1 & 0x5555555555555555u;
  mask = (mask & 0x3333333333333333u) + (mask >> 2 & 0x3333333333333333u);
  return (uint32_t)(((mask + (mask >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
}

/* Return the bytes with which a part of a word begins. */
static REPOMAP_INLINE uint64_t word_mask_parts(const WordMasks *masks) {
  const uint64_t cased = masks->upper | masks->lower;
  return (masks->upper & ~(masks->upper << 1)) /* the first of some capitals */
    | (masks->upper & masks->lower >> 1) /* the last of some capitals, if it goes on in lower case */
    | (masks->lower & ~(cased << 1)) | (masks->digits & ~(masks->digits << 1));
}

/* Return the bytes with which a word begins. A letter right after a word of digits begins the next. */
static REPOMAP_INLINE uint64_t word_mask_words(const WordMasks *masks) {
  const uint64_t all = masks->letters | masks->digits, firsts = all & ~(all << 1), numbers = firsts & masks->digits;
  /* The sum carries a bit through each run of digits that begins a word, to the byte after it. */
  return firsts | ((masks->digits + numbers) & ~masks->digits & masks->letters);
}

/* Return the bytes of the complete word that begins at bit `first`. `words` are those with which words begin. */
static REPOMAP_INLINE uint64_t word_mask_at(const WordMasks *masks, uint64_t words, unsigned first) {
  const uint64_t ends = ~((masks->letters | masks->digits) >> first) | (words >> first & ~(uint64_t)1);
  return (((uint64_t)1 << word_mask_first(ends)) - 1) << first;
}

#endif
