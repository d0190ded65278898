"""Names that a language compares in their normal form, as Python does (PEP 3131). Included by ``_tagger.pyx``."""
from unicodedata import normalize

from libc.stdint cimport uint8_t, uint32_t

from interner cimport Interner, interner_intern


cdef enum:
    MOST_GROWTH = 4             # of a name in bytes, beyond which it is left as it is


cdef inline bint is_ascii(const uint8_t *name, uint32_t size) noexcept nogil:
    cdef uint32_t i
    for i in range(size):
        if name[i] >= 0x80:
            return False
    return True


cdef uint32_t intern_form(Interner *strings, const uint8_t *name, uint32_t size) noexcept with gil:
    """Intern the normal form NFKC of a name; where that is no name, and where there is no memory, the name itself."""
    try:
        form = normalize("NFKC", (<const char *>name)[:size].decode())
        normal = form.encode() if form.isidentifier() else b""
    except (UnicodeDecodeError, MemoryError):
        return interner_intern(strings, name, size)
    if len(normal) == 0 or len(normal) > MOST_GROWTH * size:
        return interner_intern(strings, name, size)
    return interner_intern(strings, <const uint8_t *><const char *>normal, <uint32_t>len(normal))


cdef uint32_t intern_normal(Interner *strings, const uint8_t *name, uint32_t size) noexcept nogil:
    return interner_intern(strings, name, size) if is_ascii(name, size) else intern_form(strings, name, size)
