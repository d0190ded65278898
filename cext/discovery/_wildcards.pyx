"""Many wildcard patterns against one text, all at once and never backtracking.

In: the states of one automaton for all patterns, a bit each. Out: the last pattern that matches all of a text.
Compiled because a text costs one pass over its bytes and, for each byte, a few instructions for 64 states, whatever the
patterns are; that is the only bound that holds for patterns and names that were made to be slow.

The patterns stand behind each other. State i is "all before element i of its pattern has matched". A byte moves a
state to the next one if it is in the state's set; a star keeps its state.
"""
from cpython.bytes cimport PyBytes_AsString
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy

cdef enum:
    SET_BYTES = 32
    N_BYTES = 256

IS_START = 1
SKIPS = 2
KEEPS_ANY = 4
KEEPS_WITHIN = 8
IS_FINAL = 16
# For the loops; the names above are Python's.
cdef enum:
    START = 1
    SKIP = 2
    ANY = 4
    WITHIN = 8
    FINAL = 16


cdef class Automaton:
    """Patterns as one automaton; one thread at a time, which the GIL sees to.

    flags  (n,) bytes, what each state is: IS_START, SKIPS (a match that enters it by a byte is in the next state too),
           KEEPS_ANY (any byte keeps it), KEEPS_WITHIN (any byte but a slash keeps it), IS_FINAL.
    sets   (n, 32) bytes: the bits of the bytes that move each state on; none for a final state.
    """

    cdef uint64_t n_words
    cdef uint64_t *moves        # (256, n_words): the states that a byte moves on
    cdef uint64_t *starts       # this and the next: (n_words,)
    cdef uint64_t *skips
    cdef uint64_t *kept         # by any byte but a slash
    cdef uint64_t *kept_by_slash
    cdef uint64_t *finals
    cdef uint64_t *state
    cdef uint64_t *matched      # final states of the patterns that have matched a text so far

    def __cinit__(self, bytes flags not None, bytes sets not None):
        cdef uint64_t n = len(flags), i, word, bit
        cdef unsigned int byte
        if <uint64_t>len(sets) != n * SET_BYTES:
            raise ValueError(f"there are {len(sets)} bytes of sets for {n} states; expected {SET_BYTES} for each")
        cdef const uint8_t *flag_of = <const uint8_t *>PyBytes_AsString(flags)
        cdef const uint8_t *set_of = <const uint8_t *>PyBytes_AsString(sets)
        self.n_words = n // 64 + 1
        self.moves = <uint64_t *>calloc(self.n_words * (N_BYTES + 7), sizeof(uint64_t))
        if self.moves == NULL:
            raise MemoryError
        self.starts = self.moves + N_BYTES * self.n_words
        self.skips = self.starts + self.n_words
        self.kept = self.skips + self.n_words
        self.kept_by_slash = self.kept + self.n_words
        self.finals = self.kept_by_slash + self.n_words
        self.state = self.finals + self.n_words
        self.matched = self.state + self.n_words
        for i in range(n):
            word = i // 64
            bit = <uint64_t>1 << (i % 64)
            if flag_of[i] & START:
                self.starts[word] |= bit
            if flag_of[i] & SKIP:
                self.skips[word] |= bit
            if flag_of[i] & ANY:
                self.kept_by_slash[word] |= bit
            if flag_of[i] & (ANY | WITHIN):
                self.kept[word] |= bit
            if flag_of[i] & FINAL:
                self.finals[word] |= bit
            else:
                for byte in range(N_BYTES):
                    if set_of[i * SET_BYTES + byte // 8] >> (byte % 8) & 1:
                        self.moves[byte * self.n_words + word] |= bit

    def __dealloc__(self):
        free(self.moves)

    def last_match(self, bytes text not None):
        """Return the highest final state that the whole of ``text`` leads to, -1 if none."""
        return self.run(<const uint8_t *>PyBytes_AsString(text), len(text))

    def matched_states(self):
        """Return the final states that any text so far has led to, rising."""
        cdef uint64_t i
        return [i for i in range(64 * self.n_words) if self.matched[i // 64] >> (i % 64) & 1]

    cdef int64_t run(self, const uint8_t *text, uint64_t size) noexcept:
        cdef uint64_t n_words = self.n_words, i, w, moved, entered, skipped, carry, skip_carry, any_state
        cdef uint64_t *state = self.state
        cdef const uint64_t *skips = self.skips
        cdef const uint64_t *moves
        cdef const uint64_t *kept
        memcpy(state, self.starts, n_words * sizeof(uint64_t))
        for i in range(size):
            moves = self.moves + text[i] * n_words
            kept = self.kept_by_slash if text[i] == c"/" else self.kept
            carry = skip_carry = any_state = 0
            for w in range(n_words):
                moved = state[w] & moves[w]
                entered = moved << 1 | carry
                carry = moved >> 63
                skipped = entered & skips[w]
                entered |= skipped << 1 | skip_carry
                skip_carry = skipped >> 63
                state[w] = entered | (state[w] & kept[w])
                any_state |= state[w]
            if not any_state:
                return -1
        return self.last_final()

    cdef int64_t last_final(self) noexcept:
        cdef uint64_t w, hit, bit
        cdef int64_t last = -1
        for w in range(self.n_words):
            hit = self.state[w] & self.finals[w]
            if hit:
                self.matched[w] |= hit
                bit = 63
                while not hit >> bit & 1:
                    bit -= 1
                last = <int64_t>(64 * w + bit)
        return last
