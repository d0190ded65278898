/* BLAKE2b without a key, written after RFC 7693: it names the contents of a file and seals a block of tags.
 * tests/native/test_hashes.py checks the vector of its appendix A. */
#ifndef REPOMAP_BLAKE2B_H_
#define REPOMAP_BLAKE2B_H_

#include "platform.h"

#define BLAKE2B_BLOCK_BYTES 128

typedef struct {
  uint64_t state[8];
  uint64_t n_bytes; /* hashed so far; no file comes near 2**64 */
  size_t buffered;
  size_t digest_bytes;
  uint8_t buffer[BLAKE2B_BLOCK_BYTES];
} Blake2b;

static const uint64_t blake2b_iv[8] = {
  0x6A09E667F3BCC908u, 0xBB67AE8584CAA73Bu, 0x3C6EF372FE94F82Bu, 0xA54FF53A5F1D36F1u,
  0x510E527FADE682D1u, 0x9B05688C2B3E6C1Fu, 0x1F83D9ABFB41BD6Bu, 0x5BE0CD19137E2179u,
};

static const uint8_t blake2b_sigma[12][16] = {
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
  {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
  {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
  {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
  {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
  {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
  {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
  {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
  {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
  {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
  {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};

static inline uint64_t blake2b_rotate(uint64_t word, int n) { return (word >> n) | (word << (64 - n)); }

/* Words are little-endian, so the digest is the same on every machine. Compilers make this one load. */
static inline uint64_t blake2b_load(const uint8_t *bytes) {
  uint64_t word = 0;
  for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
  return word;
}

#define BLAKE2B_MIX(a, b, c, d, x, y)         \
  do {                                        \
    v[a] += v[b] + (x);                       \
    v[d] = blake2b_rotate(v[d] ^ v[a], 32);   \
    v[c] += v[d];                             \
    v[b] = blake2b_rotate(v[b] ^ v[c], 24);   \
    v[a] += v[b] + (y);                       \
    v[d] = blake2b_rotate(v[d] ^ v[a], 16);   \
    v[c] += v[d];                             \
    v[b] = blake2b_rotate(v[b] ^ v[c], 63);   \
  } while (0)

static inline void blake2b_compress(Blake2b *hash, const uint8_t *block, bool is_last) {
  uint64_t v[16], words[16];
  for (int i = 0; i < 16; i++) words[i] = blake2b_load(block + 8 * i);
  for (int i = 0; i < 8; i++) v[i] = hash->state[i], v[i + 8] = blake2b_iv[i];
  v[12] ^= hash->n_bytes;
  if (is_last) v[14] = ~v[14];
  for (int round = 0; round < 12; round++) {
    const uint8_t *s = blake2b_sigma[round];
    BLAKE2B_MIX(0, 4, 8, 12, words[s[0]], words[s[1]]);
    BLAKE2B_MIX(1, 5, 9, 13, words[s[2]], words[s[3]]);
    BLAKE2B_MIX(2, 6, 10, 14, words[s[4]], words[s[5]]);
    BLAKE2B_MIX(3, 7, 11, 15, words[s[6]], words[s[7]]);
    BLAKE2B_MIX(0, 5, 10, 15, words[s[8]], words[s[9]]);
    BLAKE2B_MIX(1, 6, 11, 12, words[s[10]], words[s[11]]);
    BLAKE2B_MIX(2, 7, 8, 13, words[s[12]], words[s[13]]);
    BLAKE2B_MIX(3, 4, 9, 14, words[s[14]], words[s[15]]);
  }
  for (int i = 0; i < 8; i++) hash->state[i] ^= v[i] ^ v[i + 8];
}

static inline void blake2b_start(Blake2b *hash, size_t digest_bytes) {
  memset(hash, 0, sizeof *hash);
  memcpy(hash->state, blake2b_iv, sizeof blake2b_iv);
  hash->state[0] ^= 0x01010000u ^ digest_bytes;
  hash->digest_bytes = digest_bytes;
}

static inline void blake2b_add(Blake2b *hash, const void *data, size_t size) {
  const uint8_t *bytes = (const uint8_t *)data;
  /* The last block is compressed in another way, so a full buffer waits for what comes behind it. */
  while (size) {
    if (hash->buffered == BLAKE2B_BLOCK_BYTES) {
      hash->n_bytes += BLAKE2B_BLOCK_BYTES;
      blake2b_compress(hash, hash->buffer, false);
      hash->buffered = 0;
    }
    while (hash->buffered == 0 && size > BLAKE2B_BLOCK_BYTES) {
      hash->n_bytes += BLAKE2B_BLOCK_BYTES;
      blake2b_compress(hash, bytes, false);
      bytes += BLAKE2B_BLOCK_BYTES;
      size -= BLAKE2B_BLOCK_BYTES;
    }
    size_t room = BLAKE2B_BLOCK_BYTES - hash->buffered;
    size_t taken = size < room ? size : room;
    memcpy(hash->buffer + hash->buffered, bytes, taken);
    hash->buffered += taken;
    bytes += taken;
    size -= taken;
  }
}

static inline void blake2b_end(Blake2b *hash, uint8_t *digest) {
  hash->n_bytes += hash->buffered;
  memset(hash->buffer + hash->buffered, 0, BLAKE2B_BLOCK_BYTES - hash->buffered);
  blake2b_compress(hash, hash->buffer, true);
  for (size_t i = 0; i < hash->digest_bytes; i++) digest[i] = (uint8_t)(hash->state[i / 8] >> (8 * (i % 8)));
}

#endif
