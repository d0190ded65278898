"""Files by the ends of their paths: what each ``#include`` means, seen from the folder of its file.

In: all paths of a repository, and the records of what a file imports. Out: rows of the file table. Compiled because a
question about a large repository follows a hundred thousand includes.
"""
import posixpath
from os import urandom

import numpy as np

cimport cython
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp

from checks cimport are_bounds
from import_records cimport (
    IMPORT_KIND_MASK, IMPORT_LOCAL_PATH, IMPORT_PATH, ImportReader, ImportRecord, ImportText, import_next,
    import_reader,
)
from interner cimport interner_first_slot, interner_hash
from interrupts cimport count_steps

cdef enum:
    STEPS_A_FILE = 32           # of looking at one, in steps of a nanosecond or so
    STEPS_A_RECORD = 128
    MOST_MEANT = 100            # files that one path may mean, seen from a folder; of more the first
    NONE = 0xFFFFFFFF           # in place of a row


cdef inline ImportText text_of(bytes text):
    return ImportText(bytes=<const uint8_t *><const char *>text, size=len(text))


cdef inline bytes as_bytes(ImportText text):
    return (<const char *>text.bytes)[:text.size] if text.size else b""


cdef inline ImportText folder_of(ImportText path) noexcept nogil:
    """Return what stands before the last slash; nothing for a file of the root."""
    while path.size and path.bytes[path.size - 1] != c"/":
        path.size -= 1
    path.size -= path.size != 0
    return path


cdef inline ImportText name_of(ImportText path) noexcept nogil:
    """Return what stands behind the last slash."""
    cdef size_t size = 0
    while size < path.size and path.bytes[path.size - size - 1] != c"/":
        size += 1
    return ImportText(bytes=path.bytes + path.size - size, size=size)


cdef inline bint ends_in(ImportText path, ImportText tail) noexcept nogil:
    """Return whether a path is a tail, or ends in it from a folder on."""
    cdef size_t before = path.size - tail.size
    if not tail.size or path.size < tail.size or memcmp(path.bytes + before, tail.bytes, tail.size) != 0:
        return False
    return before == 0 or path.bytes[before - 1] == c"/"


cdef inline size_t n_folders(ImportText folder) noexcept nogil:
    """Return how many folders there are from the root on; 1 for the root, too."""
    cdef size_t i, n = 1
    for i in range(folder.size):
        n += folder.bytes[i] == c"/"
    return n


cdef inline size_t n_common_folders(ImportText one, ImportText other) noexcept nogil:
    """Return how many folders two folders have in common, from the root on."""
    cdef size_t i = 0, n = 0
    cdef bint is_end_of_both
    while i < one.size and i < other.size and one.bytes[i] == other.bytes[i]:
        n += one.bytes[i] == c"/"
        i += 1
    is_end_of_both = (i == one.size or one.bytes[i] == c"/") and (i == other.size or other.bytes[i] == c"/")
    return n + (1 if i > 0 and is_end_of_both else 0)


cdef bint is_plain(bytes path):
    """Return whether a path has nothing in it that is to be taken out: no empty part, no ``.`` and no ``..``."""
    cdef ImportText text = text_of(path)
    cdef size_t i, start = 0
    for i in range(text.size + 1):
        if i == text.size or text.bytes[i] == c"/":
            if i == start or (i - start == 1 and text.bytes[start] == c"."):
                return False
            if i - start == 2 and text.bytes[start] == c"." and text.bytes[start + 1] == c".":
                return False
            start = i + 1
    return True


cdef bytes beside(bytes folder, bytes path):
    """Return a path as it is seen from a folder; None where it leads out of the root."""
    if is_plain(path):
        return folder + b"/" + path if folder else path
    joined = posixpath.normpath(posixpath.join(folder, path))
    if joined == b".":
        return b""
    return None if joined == b".." or joined.startswith((b"../", b"/")) else joined


@cython.final
@cython.internal
cdef class Folder:
    """What paths mean in the files of a folder: tuples of rows.

    from_top  that is the same in all folders of its topmost one, ``top``.
    others    that is not, and
    local     of paths that are looked for beside the file first.
    """

    cdef bytes path
    cdef bytes top
    cdef dict from_top
    cdef dict others
    cdef dict local

    def __cinit__(self, bytes path, bytes top, dict from_top):
        self.path, self.top, self.from_top = path, top, from_top
        self.others, self.local = {}, {}


@cython.final
@cython.internal
cdef class Candidates:
    """The files that a path may mean.

    rows       of the file table, rising.
    tops       the topmost folders that several of them are in.
    from_afar  those that are meant from any other folder; None before it is known.
    """

    cdef tuple rows
    cdef set tops
    cdef tuple from_afar


@cython.final
cdef class IncludeFinder:
    """Finds the files of includes, and remembers them.

    n_searched  how many paths were looked for in the table, to count what answers take.
    """

    cdef const uint64_t[::1] offsets
    cdef const uint8_t[::1] data
    cdef const uint8_t *text            # where the data is
    cdef uint32_t n
    cdef uint64_t seed
    cdef uint32_t[::1] first_named      # (n_slots,) one more than the first file of a name, 0: free
    cdef uint32_t[::1] next_named       # (n,) one more than the next file of the same name, or 0
    cdef frozenset outside
    cdef frozenset folders_of_headers
    cdef size_t most_known
    cdef size_t n_known
    cdef dict folders
    cdef dict from_tops
    cdef dict candidates
    cdef readonly size_t n_searched

    def __init__(
        self, const uint64_t[::1] offsets not None, const uint8_t[::1] data not None, *, frozenset outside not None,
        frozenset folders_of_headers not None, size_t most_known,
    ):
        """Take all paths: those of a StringTable, which are sorted.

        outside             paths that are of the system, unless they are local.
        folders_of_headers  names of the folders where a path without a folder is looked for first.
        most_known          answers that are remembered.

        Raises ValueError for malformed offsets.
        """
        cdef size_t n_slots = 16, slot
        cdef uint64_t n_steps = 0
        cdef ImportText name
        if not are_bounds(offsets, offsets.shape[0] - 1, data.shape[0]) or offsets.shape[0] > NONE:
            raise ValueError("the offsets of the paths do not fit")
        self.offsets, self.data, self.n = offsets, data, <uint32_t>(offsets.shape[0] - 1)
        self.outside, self.folders_of_headers, self.most_known = outside, folders_of_headers, most_known
        self.folders, self.from_tops, self.candidates = {}, {}, {}
        self.text = <const uint8_t *>b""
        if data.shape[0]:
            self.text = &self.data[0]
        while n_slots < 2 * <size_t>self.n:
            n_slots *= 2
        self.seed = int.from_bytes(urandom(8))
        self.first_named, self.next_named = np.zeros(n_slots, np.uint32), np.zeros(self.n, np.uint32)
        cdef uint32_t row = self.n
        while row:
            # From the last one on, so that those of each name rise.
            row -= 1
            count_steps(&n_steps, STEPS_A_FILE)
            name = name_of(self.path_of(row))
            slot = self.slot_of(name)
            self.next_named[row] = self.first_named[slot]
            self.first_named[slot] = row + 1

    cdef ImportText path_of(self, uint32_t row) noexcept nogil:
        cdef uint64_t start = self.offsets[row]
        return ImportText(bytes=self.text + start, size=self.offsets[row + 1] - start)

    cdef size_t slot_of(self, ImportText name) noexcept nogil:
        """Return the slot of a name, or the free one that it would take."""
        cdef size_t n_slots = self.first_named.shape[0]
        cdef size_t slot = interner_first_slot(interner_hash(self.seed, name.bytes, name.size), n_slots)
        cdef ImportText found
        while self.first_named[slot]:
            found = name_of(self.path_of(self.first_named[slot] - 1))
            if found.size == name.size and (not name.size or memcmp(found.bytes, name.bytes, name.size) == 0):
                break
            slot = (slot + 1) & (n_slots - 1)
        return slot

    cdef uint32_t row_of(self, ImportText path) noexcept nogil:
        """Return the row of a path; NONE where it is not there."""
        cdef uint32_t first = 0, end = self.n, middle
        cdef ImportText found
        cdef size_t size
        cdef int order
        while first < end:
            middle = first + (end - first) // 2
            found = self.path_of(middle)
            size = min(found.size, path.size)
            order = memcmp(found.bytes, path.bytes, size) if size else 0
            if order == 0 and found.size == path.size:
                return middle
            if order < 0 or (order == 0 and found.size < path.size):
                first = middle + 1
            else:
                end = middle
        return NONE

    def find(self, uint32_t row, bytes path not None, bint is_local):
        """Return the files that an include of a path means in the file of a row: a tuple of rows, rising."""
        return self.find_from(self.folder_at(row), path, is_local)

    def included_at(self, uint32_t row, const uint8_t[::1] records not None):
        """Return the files that the file of a row includes: a list of pairs of a row of its text and such a tuple.

        records  (n_bytes,) uint8: of all that it imports.

        Raises ValueError for what are no records, and IndexError for a file that is not there.
        """
        cdef list rows = []
        return list(zip(rows, self.read(row, records, rows)))

    def included(self, uint32_t row, const uint8_t[::1] records not None):
        """Return the same files, each once: a tuple of rows, in the order of the text. Raises as ``included_at``."""
        cdef dict found = {}
        cdef tuple files
        for files in self.read(row, records, None):
            for one in files:
                found[one] = None
        return tuple(found)

    cdef list read(self, uint32_t row, const uint8_t[::1] records, list rows):
        """Return the files of each include, and add the rows of the text that say so, if they are wanted."""
        cdef uint64_t n_steps = 0
        cdef ImportReader reader = import_reader(&records[0] if records.shape[0] else NULL, records.shape[0])
        cdef ImportRecord record
        cdef int kind
        cdef Folder folder = self.folder_at(row)
        cdef list found = []
        while import_next(&reader, &record):
            count_steps(&n_steps, STEPS_A_RECORD)
            kind = record.kind & IMPORT_KIND_MASK
            if kind >= IMPORT_PATH:
                found.append(self.find_from(folder, as_bytes(record.module), kind == IMPORT_LOCAL_PATH))
                if rows is not None:
                    rows.append(record.row)
        if reader.next != reader.end:
            raise ValueError("the imports of a file are damaged")
        return found

    cdef Folder folder_at(self, uint32_t row):
        if row >= self.n:
            raise IndexError(f"file {row} of {self.n}")
        cdef bytes path = as_bytes(folder_of(self.path_of(row)))
        cdef Folder folder = self.folders.get(path)
        if folder is None:
            top = path.partition(b"/")[0]
            folder = self.folders[path] = Folder(path, top, self.from_tops.setdefault(top, {}))
        return folder

    cdef tuple find_from(self, Folder folder, bytes path, bint is_local):
        cdef object found = (folder.local if is_local else folder.from_top).get(path)
        if found is None and not is_local:
            found = folder.others.get(path)
        return self.find_new(folder, path, is_local) if found is None else found

    cdef tuple find_new(self, Folder folder, bytes path, bint is_local):
        """Return what an include of a path means in a folder, and remember it."""
        cdef Candidates candidates = None
        cdef tuple found = ()
        cdef uint32_t row = NONE
        if is_local:
            there = beside(folder.path, path)
            if there is not None:
                row = self.row_of(text_of(there))
        if row != NONE:
            found = (row,)
        else:
            candidates = self.candidates_at(path, is_local)
            found = candidates.rows
            if folder.top in candidates.tops:
                found = self.nearest(found, folder.path)
            elif len(found) > 1:
                # Seen from any folder that has none in common with theirs they are the same.
                if candidates.from_afar is None:
                    candidates.from_afar = self.nearest(found, folder.path)
                found = candidates.from_afar
        if self.n_known >= self.most_known:
            self.forget()
        self.n_known += 1
        if is_local:
            folder.local[path] = found
        elif folder.top in candidates.tops:
            folder.others[path] = found
        else:
            folder.from_top[path] = found
        return found

    cdef forget(self):
        cdef Folder folder
        self.n_known = 0
        for of_paths in self.from_tops.values():
            of_paths.clear()
        for folder in self.folders.values():
            folder.others.clear()
            folder.local.clear()

    cdef Candidates candidates_at(self, bytes path, bint is_local):
        key = (path, is_local)
        cdef Candidates candidates = self.candidates.get(key)
        if candidates is None:
            candidates = Candidates()
            candidates.rows = self.candidates_of(path, is_local)
            candidates.tops = set()
            if len(candidates.rows) > 1:
                for row in candidates.rows:
                    candidates.tops.add(as_bytes(folder_of(self.path_of(row))).partition(b"/")[0])
            if <size_t>len(self.candidates) < self.most_known:
                self.candidates[key] = candidates
        return candidates

    cdef tuple candidates_of(self, bytes path, bint is_local):
        """Return the files that a path may mean, from whatever folder; rising."""
        cdef bytes tail = path if is_plain(path) else posixpath.normpath(path)
        while tail.startswith(b"../"):
            tail = tail[3:]
        is_without_folder = b"/" not in tail
        if not is_local and (tail in self.outside or (is_without_folder and not tail.partition(b".")[2])):
            return ()
        cdef list found = self.ending_in(tail)
        if not is_local and is_without_folder:
            # Without a folder it is the system's, unless a folder of headers has it.
            of_headers = [row for row in found if self.is_in_folder_of_headers(row)]
            return tuple(of_headers or found)
        return tuple(found)

    cdef bint is_in_folder_of_headers(self, uint32_t row):
        return as_bytes(name_of(folder_of(self.path_of(row)))) in self.folders_of_headers

    cdef list ending_in(self, bytes tail):
        """Return the files whose path is ``tail`` or ends in it, from a folder on; rising."""
        cdef uint64_t n_steps = 0
        cdef ImportText wanted = text_of(tail)
        cdef uint32_t row = self.first_named[self.slot_of(name_of(wanted))]
        cdef list found = []
        self.n_searched += 1
        while row:
            count_steps(&n_steps, STEPS_A_FILE)
            if ends_in(self.path_of(row - 1), wanted):
                found.append(row - 1)
            row = self.next_named[row - 1]
        return found

    cdef tuple nearest(self, tuple rows, bytes folder):
        """Return those of some files that are nearest to a folder: with the most folders in common, then the fewest.

        No more than MOST_MEANT: n folders may each have n files that are as near.
        """
        cdef uint64_t n_steps = 0
        cdef ImportText here = text_of(folder), there
        cdef size_t n_common, n, best_common = 0, best_n = 0
        cdef list found = []
        for row in rows:
            there = folder_of(self.path_of(row))
            count_steps(&n_steps, STEPS_A_FILE + there.size)
            n_common, n = n_common_folders(there, here), n_folders(there)
            if not found or n_common > best_common or (n_common == best_common and n < best_n):
                found, best_common, best_n = [row], n_common, n
            elif n_common == best_common and n == best_n and len(found) < MOST_MEANT:
                found.append(row)
        return tuple(found)
