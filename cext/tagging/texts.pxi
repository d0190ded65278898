"""The text of a file in UTF-8, of bounded length, with rows that end in a line feed. Included by ``_tagger.pyx``."""
from libc.stdint cimport uint8_t
from libc.string cimport memchr, memcmp, memcpy

from core cimport (
    RepomapBytes, repomap_ascii_length, repomap_bytes_reserve, repomap_declares_encoding, repomap_mixed_to_utf8,
    repomap_utf16_to_utf8, repomap_utf8_end,
)
from statuses cimport BINARY, NO_TAGS, OUT_OF_MEMORY, TAGGED, TOO_LARGE


cdef extern from *:
    """
    /* The positions of the parser are 32 bits wide, and pass the end of the text by a character and more. Some
     * compilers take each enumerator for an int, and this would be a negative one. */
    #define MAX_TEXT_BYTES ((size_t)0xFFFF0000u)
    """
    const size_t MAX_TEXT_BYTES


cdef enum:
    MOST_OF_POINTER = 1024      # bytes


cdef inline bint is_lfs_pointer(const uint8_t *text, size_t size) noexcept nogil:
    """Whether the file only says which one Git LFS is to put in its place."""
    cdef const char *first = b"version https://git-lfs.github.com/spec/v1"
    return 42 < size <= MOST_OF_POINTER and memcmp(text, first, 42) == 0


cdef int decode_declared(const uint8_t *source, size_t size, RepomapBytes *transcoded) noexcept with gil:
    """Transcode a file by the encoding that it declares: TAGGED; NO_TAGS if there is no such encoding; OUT_OF_MEMORY.

    The only Python in a worker: such files are rare, and the tables of all encodings are Python's.
    """
    try:
        text = declared_text((<const char *>source)[:size])
        if text is None:
            return NO_TAGS
        if not repomap_bytes_reserve(transcoded, len(text) + 1):
            return OUT_OF_MEMORY
        memcpy(transcoded.contents, <const char *><bytes>text, len(text))
        transcoded.size = len(text)
    except MemoryError:
        return OUT_OF_MEMORY
    return TAGGED


cdef inline int decode_other(const RepomapBytes *read, size_t n_ascii, RepomapBytes *transcoded) noexcept nogil:
    """Transcode a text that is not ASCII, where it is not UTF-8: TAGGED if ``transcoded`` has it, NO_TAGS if it is."""
    cdef const uint8_t *source = read.contents
    cdef size_t size = read.size
    cdef int status
    if repomap_declares_encoding(source, size):
        status = decode_declared(source, size, transcoded)
        if status != NO_TAGS:
            return status
    if repomap_utf8_end(source, size, n_ascii) == size:
        return NO_TAGS
    if not repomap_bytes_reserve(transcoded, size * 3 + 3):
        return OUT_OF_MEMORY
    repomap_mixed_to_utf8(source, size, transcoded)
    return TAGGED


cdef inline int end_rows_in_line_feeds(
    RepomapBytes *transcoded, const uint8_t **text, size_t size
) noexcept nogil:
    """Where a carriage return alone ends the rows, make it a line feed."""
    cdef size_t i
    if size == 0 or memchr(text[0], c"\n", size) != NULL or memchr(text[0], c"\r", size) == NULL:
        return TAGGED
    if text[0] != transcoded.contents:
        if not repomap_bytes_reserve(transcoded, size + 1):
            return OUT_OF_MEMORY
        memcpy(transcoded.contents, text[0], size)
        transcoded.size = size
        text[0] = transcoded.contents
    for i in range(size):
        if transcoded.contents[i] == c"\r":
            transcoded.contents[i] = c"\n"
    return TAGGED


cdef inline int decode(
    const RepomapBytes *read, RepomapBytes *transcoded, size_t max_size, const uint8_t **text, size_t *size
) noexcept nogil:
    """Point to the file's text in UTF-8: as it is, or transcoded from what it says or is; BINARY, or NO_TAGS.

    max_size  bytes that the text may have in UTF-8, at most MAX_TEXT_BYTES; above it is TOO_LARGE.
    """
    cdef const uint8_t *source = read.contents
    cdef bint is_little
    cdef int status
    cdef size_t n_ascii
    size[0] = read.size
    text[0] = source
    if size[0] > max_size:
        return TOO_LARGE
    if size[0] == 0 or memchr(source, 0, size[0]) == NULL:
        if is_lfs_pointer(source, size[0]):
            return NO_TAGS
        n_ascii = repomap_ascii_length(source, size[0])
        if n_ascii < size[0]:
            status = decode_other(read, n_ascii, transcoded)
            if status == OUT_OF_MEMORY:
                return status
            if status == TAGGED:
                text[0] = transcoded.contents
                size[0] = transcoded.size
                if size[0] > max_size:
                    return TOO_LARGE
                if memchr(text[0], 0, size[0]) != NULL:
                    return BINARY
        return end_rows_in_line_feeds(transcoded, text, size[0])
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
    if memchr(text[0], 0, size[0]) != NULL:
        return BINARY
    return end_rows_in_line_feeds(transcoded, text, size[0])
