# blake2b.h: BLAKE2b of RFC 7693, without a key.
from libc.stdint cimport uint8_t

cdef extern from "blake2b.h" nogil:
    ctypedef struct Blake2b:
        pass

    void blake2b_start(Blake2b *hash, size_t digest_bytes)
    void blake2b_add(Blake2b *hash, const void *data, size_t size)
    void blake2b_end(Blake2b *hash, uint8_t *digest)
