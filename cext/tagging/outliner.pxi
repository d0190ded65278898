"""Outlines texts: the scopes of a file, and the rows of all its nodes. Included by ``_tagger.pyx``, which links the
core."""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, int64_t
from libc.stdlib cimport free

cimport cython
cimport tree_sitter as ts
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapNode, RepomapNodeRows, RepomapOutline, RepomapScope, RepomapWalk,
    arena_delete, arena_reset, arena_take, repomap_clock_ns, repomap_node_rows, repomap_outline, repomap_parse,
    repomap_walk_steps,
)
from macros cimport Reader, WordTable, reader_delete, reader_new, reader_read, word_table_free
from query_spec cimport fill_words
from statuses cimport TAGGED, TOO_LARGE, status_of

cdef enum:
    MAX_HEAD_ROWS = 10          # of a scope that are shown for its head, as grep-ast has it


@cython.final
cdef class MacroWords:
    """The words that texts of C or C++ are read with. Never changed: threads may share them."""

    cdef WordTable table

    def __cinit__(self, list macros not None, *, bint is_cpp):
        """
        macros  of (name as bytes, whether it is the beginning of names, use, argument), see ``macros.Macro``.
        is_cpp  whether the texts are C++ and not C.

        Raises ValueError for a name that is too long.
        """
        fill_words(&self.table, macros, is_cpp)

    def __dealloc__(self):
        word_table_free(&self.table)


@cython.final
cdef class Outliner:
    """One thread's arena and buffers for outlines. Not thread-safe: one thread at a time, but for ``stop``."""

    cdef Arena arena
    cdef RepomapWalk walk
    cdef RepomapOutline outline
    cdef RepomapNodeRows nodes
    cdef Reader *reader                # NULL until a text is read with words
    cdef int64_t file_timeout_ns
    cdef int is_stopped                # read by the arena, without a lock

    def __cinit__(self, *, size_t max_file_memory_bytes, double file_timeout_s):
        self.arena.stop = &self.is_stopped
        self.arena.budget = max_file_memory_bytes
        self.file_timeout_ns = <int64_t>(min(file_timeout_s, 1e9) * 1e9)

    def __dealloc__(self):
        arena_delete(&self.arena)
        reader_delete(self.reader)
        free(self.walk.entries)
        free(self.outline.scopes)
        free(self.nodes.nodes)
        free(self.nodes.open)

    @property
    def n_steps(self):
        """Nodes that outlines were made of: what they cost, whatever the machine."""
        return repomap_walk_steps(&self.walk)

    def stop(self):
        """Stop the parse that runs in another thread at the next check of its budget, and all later ones."""
        self.is_stopped = 1

    def limit_file_memory(self, size_t max_file_memory_bytes):
        """Limit the memory of each of the next parses."""
        self.arena.budget = max_file_memory_bytes

    def outline_text(
        self, const uint8_t[::1] text not None, object capsule, *, bint bmp_only, bint reset_scanner,
        MacroWords words=None,
    ):
        """Parse a text by the grammar in ``capsule``; return its status, and of each scope three columns, by row.

        text       (n_bytes,) uint8: UTF-8.
        rows       (n_scopes,) uint32: zero-based, on which nodes of more than one row start.
        end_rows   (n_scopes,) uint32: last row of the longest of them.
        head_rows  (n_scopes,) uint8: rows of its head, 1 to 10.

        With ``words`` it is parsed as the tagger parses files of C and C++: without their macros.

        The status is TAGGED when all went well; else the columns are empty. Raises LookupError where this core cannot
        use the grammar, MemoryError. Releases the GIL.
        """
        cdef const ts.TSLanguage *language = language_in(capsule)
        cdef size_t i
        cdef RepomapScope *scope
        cdef int status
        if words is not None and self.reader == NULL:
            self.reader = reader_new()
            if self.reader == NULL:
                raise MemoryError
        cdef const WordTable *table = NULL if words is None else &words.table
        with nogil:
            status = self.run(text, language, bmp_only, reset_scanner, table, False)
        rows, end_rows = np.empty(self.outline.n, np.uint32), np.empty(self.outline.n, np.uint32)
        head_rows = np.ones(self.outline.n, np.uint8)
        cdef uint32_t[::1] rows_out = rows, end_rows_out = end_rows
        cdef uint8_t[::1] head_rows_out = head_rows
        for i in range(self.outline.n):
            scope = &self.outline.scopes[i]
            rows_out[i], end_rows_out[i] = scope.row, scope.end_row
            if scope.n_nodes > 1:
                head_rows_out[i] = <uint8_t>min(scope.smallest, <uint32_t>MAX_HEAD_ROWS)
        return status, rows, end_rows, head_rows

    def node_rows(
        self, const uint8_t[::1] text not None, object capsule, *, bint bmp_only, bint reset_scanner
    ):
        """Parse a text by the grammar in ``capsule``; return its status, and of each node three columns, in document
        order.

        text      (n_bytes,) uint8: UTF-8.
        rows      (n_nodes,) uint32: zero-based, on which the node starts.
        end_rows  (n_nodes,) uint32: its last row.
        stops     (n_nodes,) uint32: the node behind the last one below it.

        Neighbours that start and end on one and the same row are one node. The status is TAGGED when all went well;
        else the columns are empty. Raises LookupError where this core cannot use the grammar, MemoryError. Releases
        the GIL.
        """
        cdef const ts.TSLanguage *language = language_in(capsule)
        cdef size_t i
        cdef RepomapNode *node
        cdef int status
        with nogil:
            status = self.run(text, language, bmp_only, reset_scanner, NULL, True)
        rows, end_rows = np.empty(self.nodes.n, np.uint32), np.empty(self.nodes.n, np.uint32)
        stops = np.empty(self.nodes.n, np.uint32)
        cdef uint32_t[::1] rows_out = rows, end_rows_out = end_rows, stops_out = stops
        for i in range(self.nodes.n):
            node = &self.nodes.nodes[i]
            rows_out[i], end_rows_out[i], stops_out[i] = node.row, node.end_row, node.stop
        return status, rows, end_rows, stops

    cdef int run(
        self, const uint8_t[::1] text, const ts.TSLanguage *language, bint bmp_only, bint reset_scanner,
        const WordTable *words, bint wants_nodes
    ) noexcept nogil:
        """Read a text with words or as it is, parse it, and collect its scopes or its nodes; return the status."""
        cdef ts.TSTree *tree = NULL
        cdef size_t size = text.shape[0]
        cdef const uint8_t *source = &text[0] if size else NULL
        cdef int status = ARENA_RUNNING
        self.outline.n = self.nodes.n = 0
        if size > MAX_TEXT_BYTES:
            return TOO_LARGE
        self.arena.deadline_ns = repomap_clock_ns() + self.file_timeout_ns
        if words != NULL:
            status = reader_read(self.reader, &self.arena, words, source, <uint32_t>size)
            if status == ARENA_RUNNING and self.reader.edits.is_copied:
                source = self.reader.edits.copy.contents
                status = ARENA_RUNNING if arena_take(&self.arena, size) else ARENA_OUT_OF_MEMORY
        if status == ARENA_RUNNING:
            status = repomap_parse(
                &self.arena, language, bmp_only, reset_scanner, <const char *>source, <uint32_t>size, &tree
            )
        if status == ARENA_RUNNING and tree != NULL:
            if wants_nodes:
                status = repomap_node_rows(&self.walk, &self.arena, tree, &self.nodes)
            else:
                status = repomap_outline(&self.walk, &self.arena, tree, &self.outline)
        arena_reset(&self.arena)
        status = status_of(status)
        if status != TAGGED:
            self.outline.n = self.nodes.n = 0
        return status
