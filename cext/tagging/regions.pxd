# regions/regions.h: the parts of a text that are in another language than the rest.
from libc.stdint cimport uint8_t, uint32_t

from core cimport Arena, RepomapBytes


cdef extern from "regions/regions.h" nogil:
    ctypedef enum RegionsOf:
        REGIONS_NONE
        REGIONS_HTML
        REGIONS_NOTEBOOK
        REGIONS_FENCES

    ctypedef enum Guest:
        N_GUESTS
        GUEST_NONE

    ctypedef struct ApartRegion:
        uint32_t start
        uint32_t end
        uint32_t row
        uint32_t column
        Guest guest

    ctypedef struct ComponentName:
        uint32_t start
        uint32_t end
        uint32_t row
        uint32_t column

    ctypedef struct Regions:
        RepomapBytes parsed     # the text with blanks for all that is not of the guest
        RepomapBytes shown      # of a notebook: the decoded text
        RepomapBytes filled     # of a template: the text in which regions apart are read
        Guest guest             # GUEST_NONE where there is no region
        uint32_t last_row       # of the text
        ComponentName *names    # (n_names,) rising
        size_t n_names
        ApartRegion *apart      # (n_apart,) rising: regions of other languages than the guest
        size_t n_apart

    int repomap_find_regions(RegionsOf kind, Arena *arena, const uint8_t *text, size_t size, Regions *regions)
    void repomap_free_regions(Regions *regions)
