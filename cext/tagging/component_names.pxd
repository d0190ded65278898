# component_names.h: how components of markup are named.
from libc.stdint cimport uint8_t, uint32_t


cdef extern from "component_names.h" nogil:
    enum:
        COMPONENT_LONGEST

    uint32_t component_spell(const uint8_t *written, size_t size, uint8_t *name)
    uint32_t component_of_file(const uint8_t *path, size_t size, uint8_t *name)
    void component_key(uint8_t *key, const uint8_t *path, size_t size)
