"""The terms that are counted in files without a parse. Included by ``_tagger.pyx``."""
import numpy as np

from libc.stdint cimport uint32_t

cimport cython
from wanted_words cimport WantedWords, wanted_add, wanted_start


@cython.final
cdef class WantedTerms:
    """Terms that workers count in files: shared by all of them, never changed."""

    cdef WantedWords wanted
    cdef uint32_t[::1] hashes           # what wanted points to

    def __cinit__(self, list terms not None, const uint32_t[::1] hashes not None):
        """
        terms   bytes, as ``words.terms_in`` gives them.
        hashes  (n,) uint32: their hashes, each once, rising.
        """
        cdef bytes term
        self.hashes = np.array(hashes)
        wanted_start(&self.wanted, &self.hashes[0] if hashes.shape[0] else NULL, <uint32_t>hashes.shape[0])
        for term in terms:
            wanted_add(&self.wanted, term, len(term))

    def __len__(self):
        return self.wanted.n
