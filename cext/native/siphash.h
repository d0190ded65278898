/* SipHash-1-3: a hash of bytes under a secret key, so that nobody without the key can choose strings that
 * collide. Written after J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), with one round for
 * each word and three at the end, which is enough for a table and what CPython uses for its own. The paper's test
 * vectors are of SipHash-2-4: tests/native/test_hashes.py checks them, with the same code and other numbers of
 * rounds. */
#ifndef REPOMAP_SIPHASH_H_
#define REPOMAP_SIPHASH_H_

#include "platform.h"

static REPOMAP_INLINE uint64_t siphash__rotate(uint64_t word, int bits) {
  return (word << bits) | (word >> (64 - bits));
}

static REPOMAP_INLINE void siphash__round(uint64_t v[4]) {
  v[0] += v[1];
  v[2] += v[3];
  v[1] = siphash__rotate(v[1], 13) ^ v[0];
  v[3] = siphash__rotate(v[3], 16) ^ v[2];
  v[0] = siphash__rotate(v[0], 32);
  v[2] += v[1];
  v[0] += v[3];
  v[1] = siphash__rotate(v[1], 17) ^ v[2];
  v[3] = siphash__rotate(v[3], 21) ^ v[0];
  v[2] = siphash__rotate(v[2], 32);
}

/* SipHash with `n_rounds` for each word and `n_last_rounds` at the end. Words are read in the machine's byte order: the
 * hash never leaves the process. */
static REPOMAP_INLINE uint64_t siphash(
  const uint64_t key[2], const uint8_t *string, size_t size, int n_rounds, int n_last_rounds
) {
  uint64_t v[4] = {
    key[0] ^ 0x736F6D6570736575u,
    key[1] ^ 0x646F72616E646F6Du,
    key[0] ^ 0x6C7967656E657261u,
    key[1] ^ 0x7465646279746573u,
  };
  const uint64_t last_byte = (uint64_t)size << 56;
  uint64_t word;
  for (; size >= 8; string += 8, size -= 8) {
    memcpy(&word, string, 8);
    v[3] ^= word;
    for (int i = 0; i < n_rounds; i++) siphash__round(v);
    v[0] ^= word;
  }
  word = last_byte;
  for (size_t i = 0; i < size; i++) word |= (uint64_t)string[i] << (8 * i);
  v[3] ^= word;
  for (int i = 0; i < n_rounds; i++) siphash__round(v);
  v[0] ^= word;
  v[2] ^= 0xFF;
  for (int i = 0; i < n_last_rounds; i++) siphash__round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static inline uint64_t siphash13(const uint64_t key[2], const uint8_t *string, size_t size) {
  return siphash(key, string, size, 1, 3);
}

#endif
