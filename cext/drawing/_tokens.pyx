"""What an estimate of tokens counts in a text: words, digits, punctuation, line ends, characters that are not ASCII.

In: a text as UTF-8. Out: how often each stands in it. Compiled because a budget is filled by counting texts of tens of
thousands of characters again and again.
"""
from libc.stdint cimport int64_t, uint8_t, uint64_t

from interrupts cimport count_steps

cdef enum:
    OTHER, LOWER, UPPER, DIGIT, PUNCTUATION, UNDERSCORE, LINE_END, BEYOND_ASCII, CONTINUED
    N_CLASSES
    DIGITS_OF_TOKEN = 3
    BYTES_OF_CHUNK = 1 << 16

cdef uint8_t[256] CLASSES


cdef void fill_classes() noexcept:
    cdef int byte
    for byte in range(256):
        if c"a" <= byte <= c"z":
            CLASSES[byte] = LOWER
        elif c"A" <= byte <= c"Z":
            CLASSES[byte] = UPPER
        elif c"0" <= byte <= c"9":
            CLASSES[byte] = DIGIT
        elif byte == c"_":
            CLASSES[byte] = UNDERSCORE
        elif byte == c"\n":
            CLASSES[byte] = LINE_END
        elif c"!" <= byte <= c"~":
            CLASSES[byte] = PUNCTUATION
        elif byte >= 0xC0:
            CLASSES[byte] = BEYOND_ASCII
        elif byte >= 0x80:
            CLASSES[byte] = CONTINUED
        else:
            CLASSES[byte] = OTHER


fill_classes()


def count_pieces(const uint8_t[::1] text not None):
    """Count the pieces of a text in UTF-8, surrogates included.

    text  (n_bytes,) uint8.

    Return how often these stand in it: words, of which ``getName`` has two and ``HTTPServer`` too; up to three digits;
    runs of punctuation; underscores; line ends; characters; characters beyond ASCII that are neither of the last two;
    ``│``; ``⋮``.
    """
    cdef Py_ssize_t i, stop, n = text.shape[0]
    cdef uint64_t n_steps = 0
    cdef int64_t[N_CLASSES] counts
    cdef int64_t n_words = 0, n_digits = 0, n_runs = 0, n_bars = 0, n_gaps = 0, length = 0
    cdef uint8_t here, before = OTHER
    for i in range(N_CLASSES):
        counts[i] = 0
    with nogil:
        i = 0
        while i < n:
            stop = min(n, i + BYTES_OF_CHUNK)
            count_steps(&n_steps, stop - i)
            while i < stop:
                here = CLASSES[text[i]]
                counts[here] += 1
                if here != before:
                    if here == LOWER:
                        # The last of several capitals begins the word, and those before it are one.
                        n_words += before != UPPER or length > 1
                    elif here == UPPER:
                        n_words += 1
                    elif here == PUNCTUATION:
                        n_runs += 1
                    length = 0
                length += 1
                if here == DIGIT:
                    n_digits += length % DIGITS_OF_TOKEN == 1
                elif here == BEYOND_ASCII and i + 2 < n and text[i] == 0xE2:
                    n_bars += text[i + 1] == 0x94 and text[i + 2] == 0x82
                    n_gaps += text[i + 1] == 0x8B and text[i + 2] == 0xAE
                before = here
                i += 1
    return (
        n_words, n_digits, n_runs, counts[UNDERSCORE], counts[LINE_END], n - counts[CONTINUED],
        counts[BEYOND_ASCII] - n_bars - n_gaps, n_bars, n_gaps,
    )
