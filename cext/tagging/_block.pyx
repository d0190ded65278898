"""Checks and reads blocks (block.h) that come from a store.

It never loads the tree-sitter core: a scan that finds nothing changed parses nothing. So this is a module of its own,
beside ``_tagger``, which writes blocks.
"""
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memset

from block cimport (
    BLOCK_KEY_BYTES, BLOCK_LENGTHS, BLOCK_REFERENCE, BLOCK_SCOPES, BLOCK_SEAL_BYTES, Block, block_get, block_is_sound,
    block_open, block_seal,
)
from component_names cimport component_key as _component_key
from interrupts cimport count_steps, check_signals

cdef enum:
    STEPS_AN_OBJECT = 64        # of making one, in steps of a nanosecond or so
    TAGGED = 0                  # tables.FileStatus


def check_block(const uint8_t[::1] key not None, const uint8_t[::1] data not None, uint32_t n_kinds):
    """Return (n_tags, n_definitions, status) of a block, or None unless it is sound and sealed with that key.

    key      (32,) uint8: digest of the contents, key of the tags query.
    data     (n_bytes,) uint8: any bytes.
    n_kinds  how many kinds the tags query has.
    """
    cdef Block block
    cdef uint8_t[BLOCK_SEAL_BYTES] seal
    cdef bint is_sound
    check_signals()
    if key.shape[0] != BLOCK_KEY_BYTES or data.shape[0] < BLOCK_SEAL_BYTES:
        return None
    with nogil:
        is_sound = block_open(&data[0], data.shape[0], &block)
        if is_sound:
            block_seal(&key[0], &data[0], data.shape[0] - BLOCK_SEAL_BYTES, seal)
            is_sound = (
                memcmp(seal, &data[data.shape[0] - BLOCK_SEAL_BYTES], BLOCK_SEAL_BYTES) == 0
                and block_is_sound(&block, n_kinds)
                # A file without text has no tags to join.
                and (block.n_tags > 0) == (block.status == TAGGED)
                and has_ending_scopes(&block)
            )
    return (block.n_tags, block.n_definitions, block.status) if is_sound else None


cdef bint has_ending_scopes(const Block *block) noexcept nogil:
    """Return whether every chain of scopes ends: a reader that follows a cycle would never stop."""
    cdef uint32_t i, tag, path
    cdef uint8_t width = block.widths[<int>BLOCK_SCOPES]
    if block.n_tags == 0 or width == 0:
        return True
    cdef uint8_t *states = <uint8_t *>calloc(block.n_tags, 1)  # 0 not seen, 1 on the path at hand, 2 known to end
    cdef bint ends = states != NULL
    if ends:
        for i in range(block.n_tags):
            tag = i
            while states[tag] == 0:
                states[tag] = 1
                path = block_get(block.scopes, tag, width)
                if path == 0:
                    break
                tag = path - 1
                if states[tag] == 1:
                    ends = False
                    break
            if not ends:
                break
            tag = i
            while states[tag] == 1:
                states[tag] = 2
                path = block_get(block.scopes, tag, width)
                if path == 0:
                    break
                tag = path - 1
    free(states)
    return ends


def read_definition_kinds(const uint8_t[::1] data not None):
    """Return the kinds of the definitions of a block, by their numbers in the tags query, each with its count.

    Raises ValueError if ``data`` is not a block.
    """
    cdef Block block
    cdef uint32_t[BLOCK_REFERENCE] counts
    cdef uint64_t n_steps = 0
    cdef size_t i
    if data.shape[0] == 0 or not block_open(&data[0], data.shape[0], &block):
        raise ValueError("not a block")
    memset(counts, 0, sizeof(counts))
    for i in range(block.n_tags):
        count_steps(&n_steps, 1)
        if block.kinds[i] < BLOCK_REFERENCE:
            counts[block.kinds[i]] += 1
    return {i: counts[i] for i in range(BLOCK_REFERENCE) if counts[i]}


def read_names(const uint8_t[::1] data not None):
    """Return the names of a block, in its order, as a list of bytes. Raises ValueError if ``data`` is not a block."""
    cdef Block block
    cdef size_t start = 0, i
    cdef uint64_t n_steps = 0
    cdef uint32_t length
    if data.shape[0] == 0 or not block_open(&data[0], data.shape[0], &block):
        raise ValueError("not a block")
    names = []
    for i in range(block.n_names):
        count_steps(&n_steps, STEPS_AN_OBJECT)
        length = block_get(block.lengths, i, block.widths[<int>BLOCK_LENGTHS])
        if start + length > block.name_bytes:
            raise ValueError("not a block")
        names.append((<const char *>block.names + start)[:length])
        start += length
    return names


def component_key(const uint8_t[::1] key not None, bytes path not None):
    """Return the key of a query for a file that is a component: its block has the name of it.

    key   (16,) uint8: key of the tags query.
    path  of the file, below the root.

    Raises ValueError for a key of another size.
    """
    cdef uint8_t[16] mixed
    if key.shape[0] != sizeof(mixed):
        raise ValueError(f"a key of {key.shape[0]} bytes; expected 16")
    memcpy(mixed, &key[0], sizeof(mixed))
    _component_key(mixed, <const uint8_t *><const char *>path, len(path))
    return mixed[:sizeof(mixed)]
