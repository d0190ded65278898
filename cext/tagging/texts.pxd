# Function bodies, inlined into _tagger: the text of a file in UTF-8, of bounded length.
from libc.stdint cimport uint8_t
from libc.string cimport memchr

from core cimport RepomapBytes, repomap_bytes_reserve, repomap_utf16_to_utf8
from statuses cimport BINARY, OUT_OF_MEMORY, TAGGED, TOO_LARGE


cdef enum:
    # The positions of the parser are 32 bits wide, and pass the end of the text by a character and more.
    MAX_TEXT_BYTES = 0xFFFF0000


cdef inline int decode(
    const RepomapBytes *read, RepomapBytes *transcoded, size_t max_size, const uint8_t **text, size_t *size
) noexcept nogil:
    """Point to the file's text in UTF-8: as it is, or transcoded from UTF-16 when it says so; else BINARY.

    max_size  bytes that the text may have in UTF-8, at most MAX_TEXT_BYTES; above it is TOO_LARGE.
    """
    cdef const uint8_t *source = read.contents
    cdef bint is_little
    size[0] = read.size
    text[0] = source
    if size[0] > max_size:
        return TOO_LARGE
    if size[0] == 0 or memchr(source, 0, size[0]) == NULL:
        return TAGGED
    is_little = size[0] >= 2 and source[0] == 0xFF and source[1] == 0xFE
    if not is_little and not (size[0] >= 2 and source[0] == 0xFE and source[1] == 0xFF):
        return BINARY
    if not repomap_bytes_reserve(transcoded, size[0] // 2 * 3 + 3):
        return OUT_OF_MEMORY
    repomap_utf16_to_utf8(source + 2, size[0] - 2, is_little, transcoded)
    text[0] = transcoded.contents
    size[0] = transcoded.size
    if size[0] > max_size:
        return TOO_LARGE
    return TAGGED if memchr(text[0], 0, size[0]) == NULL else BINARY
