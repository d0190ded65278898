"""Finds the regions of texts (regions/regions.h) without the tree-sitter core: for what reads single files."""
from libc.stdint cimport uint8_t
from libc.string cimport memset

from core cimport ARENA_RUNNING
from regions cimport GUEST_NONE, REGIONS_NOTEBOOK, Regions, RegionsOf, repomap_find_regions, repomap_free_regions


def find_regions(const uint8_t[::1] text not None, uint8_t kind):
    """Return the parts of a text that are in another language.

    text  (n_bytes,) uint8: UTF-8.
    kind  how the parts are marked, the number in ``table.REGIONS``.

    guest   number of their language in ``table.GUESTS``, or -1 where there are none.
    parsed  bytes: the text with blanks for all that is not of the guest; rows and columns are those of ``shown``.
    shown   bytes: the text; a notebook as it is shown, of the size of ``parsed``.
    apart   parts that are files of their own: (start, end, row, column, number of the language).
    names   of components, as (start, end, row, column): bytes, zero-based.

    Raises MemoryError. Releases the GIL.
    """
    cdef Regions regions
    cdef size_t i, size = text.shape[0]
    cdef const uint8_t *source = &text[0] if size else NULL
    cdef int verdict
    memset(&regions, 0, sizeof(Regions))
    try:
        with nogil:
            verdict = repomap_find_regions(<RegionsOf>kind, NULL, source, size, &regions)
        if verdict != ARENA_RUNNING:
            raise MemoryError("no memory for the regions of a text")
        names = [
            (regions.names[i].start, regions.names[i].end, regions.names[i].row, regions.names[i].column)
            for i in range(regions.n_names)
        ]
        apart = [
            (
                regions.apart[i].start, regions.apart[i].end, regions.apart[i].row, regions.apart[i].column,
                <int>regions.apart[i].guest,
            )
            for i in range(regions.n_apart)
        ]
        parsed = regions.parsed.contents[:regions.parsed.size]
        shown = regions.shown.contents[:regions.shown.size] if kind == <uint8_t>REGIONS_NOTEBOOK else bytes(text)
        return -1 if regions.guest == GUEST_NONE else <int>regions.guest, parsed, shown, apart, names
    finally:
        repomap_free_regions(&regions)
