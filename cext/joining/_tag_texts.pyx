"""Scopes and ids of tags as texts: each distinct scope once, and the id of each definition.

In: names as UTF-8, and columns of tags, whole files of them. Out: the bytes of the texts, and where each ends. Compiled
because a large repository has millions of definitions, and a text of each as a Python object took most of the time of
a table.
"""
import numpy as np

from cpython.bytearray cimport PyByteArray_AsString, PyByteArray_Resize
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memchr, memcpy

from checks cimport are_bounds
from core cimport RepomapBytes, repomap_bytes_free, repomap_bytes_reserve
from interner cimport INTERNER_FULL, Interner, interner_free, interner_intern
from interrupts cimport count_steps


cdef extern from "encoding.h" nogil:
    size_t repomap_utf8_end(const uint8_t *text, size_t size, size_t start)


cdef enum:
    NO_SCOPE = -1
    MOST_NAMES = 255    # in a scope: how many there are is counted in a byte


cdef struct Text:
    const uint8_t *bytes
    size_t size


cdef inline size_t bytes_of(Text text, size_t n_characters) noexcept nogil:
    """Return the size of the first characters of a text that has as many, or more."""
    cdef size_t i = 0, n = 0
    while i < text.size:
        if text.bytes[i] & 0xC0 != 0x80:
            if n == n_characters:
                break
            n += 1
        i += 1
    return i


cdef inline size_t characters_of(Text text) noexcept nogil:
    cdef size_t i, n = 0
    for i in range(text.size):
        n += text.bytes[i] & 0xC0 != 0x80
    return n


def are_utf8(const uint64_t[::1] offsets not None, const uint8_t[::1] data not None):
    """Return whether each string is UTF-8. Raises ValueError for offsets that do not fit the data."""
    cdef Py_ssize_t i
    cdef uint64_t n_steps = 0, size
    cdef bint are_all = True
    if not are_bounds(offsets, offsets.shape[0] - 1, data.shape[0]):
        raise ValueError("offsets must never fall and stay within the data")
    with nogil:
        for i in range(offsets.shape[0] - 1):
            size = offsets[i + 1] - offsets[i]
            count_steps(&n_steps, size + 4)
            if size and repomap_utf8_end(&data[offsets[i]], size, 0) != size:
                are_all = False
                break
    return are_all


def have_dots(const uint64_t[::1] offsets not None, const uint8_t[::1] data not None):
    """Return for each string whether it has a dot: (n,) uint8. Raises ValueError for offsets that do not fit."""
    cdef Py_ssize_t i, n = offsets.shape[0] - 1
    cdef uint64_t n_steps = 0, size
    if not are_bounds(offsets, n, data.shape[0]):
        raise ValueError("offsets must never fall and stay within the data")
    found = np.zeros(n, np.uint8)
    cdef uint8_t[::1] found_out = found
    with nogil:
        for i in range(n):
            size = offsets[i + 1] - offsets[i]
            count_steps(&n_steps, size + 4)
            found_out[i] = size and memchr(&data[offsets[i]], c".", size) != NULL
    return found


cdef class TagTexts:
    """Writes scopes and ids of tags with these names.

    offsets  (n_names + 1,) uint64: name i is data[offsets[i]:offsets[i + 1]].
    data     (n_bytes,) uint8: UTF-8.
    seed     of the hashes of scopes: chosen at random, nobody can name definitions so that they collide.

    Raises ValueError for offsets that do not fit the data. Not for several threads at once.
    """

    cdef const uint64_t[::1] offsets
    cdef const uint8_t[::1] data
    cdef Interner scopes
    cdef RepomapBytes text

    def __cinit__(self, const uint64_t[::1] offsets not None, const uint8_t[::1] data not None, uint64_t seed):
        if not are_bounds(offsets, offsets.shape[0] - 1, data.shape[0]):
            raise ValueError("offsets must never fall and stay within the data")
        self.offsets, self.data = offsets, data
        self.scopes.seed = seed

    def __dealloc__(self):
        interner_free(&self.scopes)
        repomap_bytes_free(&self.text)

    cdef inline Text name(self, int64_t number) noexcept nogil:
        cdef Text found
        found.size = self.offsets[number + 1] - self.offsets[number]
        found.bytes = &self.data[self.offsets[number]] if found.size else <const uint8_t *>&self.offsets[0]
        return found

    cdef int are_names(self, const int64_t[::1] name_numbers) except -1:
        cdef Py_ssize_t i
        for i in range(name_numbers.shape[0]):
            if not 0 <= name_numbers[i] < self.offsets.shape[0] - 1:
                raise ValueError(f"name {name_numbers[i]} of {self.offsets.shape[0] - 1}")
        return 0

    def write_scopes(
        self, const int64_t[::1] name_numbers not None, const int64_t[::1] scopes not None,
        const int64_t[::1] wanted not None, int32_t[::1] numbers not None, tuple most not None,
    ):
        """Write the names of definitions and of those around each, joined by dots, as ``scopes.scope_text`` has them.

        name_numbers  (n,) int64: a name for each tag.
        scopes        (n,) int64: the definition around each, by its place here; -1 for none.
        wanted        int64: definitions that are scopes.
        numbers       (n,) int32, or longer: takes the number of the text of each of these; equal texts have one number.
        most          bytes of all texts together, from which on no more of them are written; names of a scope, up to
                      255; characters of a scope, below 2**16.

        Returns how many bytes these texts have. Raises ValueError for numbers that do not fit; MemoryError.
        """
        cdef Py_ssize_t i, n = scopes.shape[0]
        cdef int64_t row, outer
        cdef uint64_t most_bytes = most[0], n_steps = 0
        cdef size_t most_names = most[1], most_characters = most[2], n_outer_names, n_outer_characters, n_characters
        cdef uint32_t number = 0
        cdef Text name
        if name_numbers.shape[0] != n or numbers.shape[0] < n or most_names > MOST_NAMES or most_characters >= 1 << 16:
            raise ValueError(f"{name_numbers.shape[0]} names, {numbers.shape[0]} numbers and {most} for {n} tags")
        self.are_names(name_numbers)
        for i in range(n):
            if not NO_SCOPE <= scopes[i] < n:
                raise ValueError(f"tag {i} of {n} is in {scopes[i]}")
        for i in range(wanted.shape[0]):
            if not 0 <= wanted[i] < n:
                raise ValueError(f"scope {wanted[i]} of {n} tags")
        # Of definitions whose text is known: how many names and characters it has.
        counts, sizes = np.zeros(n, np.uint8), np.zeros(n, np.uint16)
        cdef uint8_t[::1] n_names = counts
        cdef uint16_t[::1] n_text_characters = sizes
        with nogil:
            for i in range(wanted.shape[0]):
                row = wanted[i]
                outer = scopes[row]
                name = self.name(name_numbers[row])
                n_characters = characters_of(name)
                n_outer_names = n_outer_characters = 0
                self.text.size = 0
                if outer != NO_SCOPE:
                    # Not known: as if it had all names it may have.
                    n_outer_names = n_names[outer] if n_names[outer] else most_names
                    n_outer_characters = n_text_characters[outer]
                if n_outer_names < most_names and n_outer_characters + n_characters < most_characters:
                    if outer != NO_SCOPE:
                        number = <uint32_t>numbers[outer]
                        self.append(
                            self.scopes.bytes.contents + self.scopes.offsets[number],
                            self.scopes.offsets[number + 1] - self.scopes.offsets[number],
                        )
                        self.append(<const uint8_t *>b".", 1)
                        n_outer_characters += 1
                    self.append(name.bytes, name.size)
                    n_names[row] = <uint8_t>(n_outer_names + 1)
                    n_text_characters[row] = <uint16_t>(n_outer_characters + n_characters)
                else:
                    self.append_scope(row, name_numbers, scopes, most_names, most_characters)
                number = interner_intern(&self.scopes, self.text.contents, self.text.size)
                if number == INTERNER_FULL:
                    with gil:
                        raise MemoryError("no memory for the texts of scopes")
                numbers[row] = <int32_t>number
                count_steps(&n_steps, self.text.size + 32)
                if self.scopes.bytes.size >= most_bytes:
                    break
        return self.scopes.bytes.size

    cdef int append(self, const uint8_t *string, size_t size) except -1 nogil:
        cdef size_t capacity = self.text.size + size
        # Bytes there must be, for an empty text too.
        if capacity >= self.text.capacity and not repomap_bytes_reserve(&self.text, 2 * capacity + 64):
            with gil:
                raise MemoryError("no memory for the texts of tags")
        memcpy(self.text.contents + self.text.size, string, size)
        self.text.size += size
        return 0

    cdef int append_scope(
        self, int64_t row, const int64_t[::1] name_numbers, const int64_t[::1] scopes, size_t most_names,
        size_t most_characters,
    ) except -1 nogil:
        """Append the innermost names of a definition and of those around it, as many as there may be."""
        cdef Text[MOST_NAMES] inside_out
        cdef Text name
        cdef size_t n = 0, n_characters
        cdef int64_t n_left = most_characters
        while row != NO_SCOPE and n < most_names:
            name = self.name(name_numbers[row])
            n_characters = characters_of(name)
            if <int64_t>n_characters > n_left:
                if n:
                    break
                name.size = bytes_of(name, n_left)
            inside_out[n] = name
            n += 1
            n_left -= <int64_t>n_characters + 1
            row = scopes[row]
        while n:
            n -= 1
            self.append(inside_out[n].bytes, inside_out[n].size)
            if n:
                self.append(<const uint8_t *>b".", 1)
        return 0

    def scope_texts(self):
        """Return the texts that were written, by their numbers: (n + 1,) uint64 bounds, and (n_bytes,) uint8."""
        offsets = np.zeros(self.scopes.count + 1, np.uint64)
        data = np.empty(self.scopes.bytes.size, np.uint8)
        cdef uint64_t[::1] offsets_out = offsets
        cdef uint8_t[::1] data_out = data
        if self.scopes.count:
            memcpy(&offsets_out[0], self.scopes.offsets, offsets.nbytes)
        if data_out.shape[0]:
            memcpy(&data_out[0], self.scopes.bytes.contents, data.nbytes)
        return offsets, data

    def write_ids(
        self, list paths not None, const int64_t[::1] bounds not None, const int64_t[::1] places not None,
        const int64_t[::1] name_numbers not None, const uint8_t[::1] kind_ids not None,
        const int32_t[::1] scope_numbers not None, const uint8_t[::1] are_counted not None, list kinds not None,
        dict counts not None, uint64_t most_bytes,
    ):
        """Write ids of definitions, as ``identities.FileIds`` gives them.

        paths          bytes, UTF-8: of files, one behind the other; the first is not empty of tags.
        bounds         (n_files + 1,) int64: the tags of each, by their places; the last bound is behind all of them.
        places         (n,) int64, rising: which tags are definitions.
        name_numbers, kind_ids, scope_numbers, are_counted
                       of all tags: a name; a kind; a text of ``write_scopes``, or -1; whether its id may be that of
                       another definition of its file.
        kinds          bytes: with a slash before each.
        counts         how often the first file has had each id that is counted. In the end it is of the file of the
                       last definition.
        most_bytes     of all ids, from which on no more of them are written. The first one is.

        Returns how many bytes each id has, (n,) int64, or fewer of them; and the bytes, a bytearray. Raises ValueError
        for numbers that do not fit; MemoryError.
        """
        cdef Py_ssize_t i, n = places.shape[0], n_tags = name_numbers.shape[0], file = 0, last_place = -1
        cdef uint64_t n_steps = 0, size = 0, room = 0
        cdef int64_t place, count
        cdef int32_t scope
        cdef Text name
        cdef bytes path, text
        if bounds.shape[0] != len(paths) + 1 or not (
            kind_ids.shape[0] == scope_numbers.shape[0] == are_counted.shape[0] == n_tags
        ):
            raise ValueError(f"columns of {n_tags} tags in {len(paths)} files do not fit")
        self.are_names(name_numbers)
        lengths = np.empty(n, np.int64)
        cdef int64_t[::1] lengths_out = lengths
        out = bytearray()
        path = paths[0] if paths else b""
        i = 0
        while i < n and (i == 0 or size < most_bytes):
            place = places[i]
            if not last_place < place < n_tags or place >= bounds[len(paths)]:
                raise ValueError(f"definition {place} of {n_tags} tags")
            last_place = place
            if place >= bounds[file + 1]:
                while place >= bounds[file + 1]:
                    file += 1
                path = paths[file]
                counts.clear()
            scope = scope_numbers[place]
            if not NO_SCOPE <= scope < <int64_t>self.scopes.count or kind_ids[place] >= len(kinds):
                raise ValueError(f"tag {place} is in {scope}, and of kind {kind_ids[place]}")
            name = self.name(name_numbers[place])
            text = kinds[kind_ids[place]]
            self.text.size = 0
            self.append(<const uint8_t *><const char *>path, len(path))
            self.append(<const uint8_t *>b"#", 1)
            if scope != NO_SCOPE:
                self.append(
                    self.scopes.bytes.contents + self.scopes.offsets[scope],
                    self.scopes.offsets[scope + 1] - self.scopes.offsets[scope],
                )
                self.append(<const uint8_t *>b".", 1)
            self.append(name.bytes, name.size)
            self.append(<const uint8_t *><const char *>text, len(text))
            if are_counted[place]:
                text = PyBytes_FromStringAndSize(<const char *>self.text.contents, self.text.size)
                count = counts.get(text, 0) + 1
                counts[text] = count
                if count > 1:
                    text = b"~%d" % count
                    self.append(<const uint8_t *><const char *>text, len(text))
            if size + self.text.size > room:
                room = 2 * (size + self.text.size) + 1024
                PyByteArray_Resize(out, room)
            memcpy(PyByteArray_AsString(out) + size, self.text.contents, self.text.size)
            size += self.text.size
            lengths_out[i] = self.text.size
            count_steps(&n_steps, self.text.size + 32)
            i += 1
        PyByteArray_Resize(out, size)
        return lengths[:i], out
