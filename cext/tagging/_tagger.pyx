"""Tags files and outlines texts: the only module that links the tree-sitter core.

In: a FileList (paths, language ids, and a TagsQuery for each language), shared by all workers. Out: for each file of
a batch its status, the digest of its contents and its block (block.h), which ``_join`` puts into the order of the files
and the store keeps. And for a text its outline (outline.h), for the few files that a map shows.

No Python object is touched within a batch, so that threads run side by side. What the loops do is in the ``.pxd`` files
of this folder, as functions that are inlined here. The ``.pxi`` files are parts of this module: there is one copy
of the core.
"""
from os import urandom

import numpy as np

from repomap_fast.tagging.source_text import declared_text

from libc.errno cimport EFBIG, EINTR, ENOMEM
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t, int32_t, int64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memchr, memcpy, memset

cimport cython
cimport tree_sitter as ts
from block cimport BLOCK_KEY_BYTES
from block_writer cimport (
    BLOCK_NO_MEMORY, BLOCK_TOO_LARGE, BlockVerdict, BlockWriter, FileRecords, free_block_writer, write_block,
)
from appending cimport InternName, append_candidates
from candidates cimport free_candidates, name_room, start_candidates
from columns cimport Columns, drop_rows, free_columns, reserve
from conditions cimport Conditions, forget_conditions, leave_to_siblings
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, arena_delete, arena_drop_tree, arena_reset, arena_take,
    repomap_bytes_free, repomap_clock_ns, repomap_walk_steps, RepomapUnread,
)
from guests cimport Text, find_around_regions
from imports cimport ImportFinder, free_imports
from interner cimport interner_clear
from macro_names cimport add_macro_names
from macros cimport Reader, reader_delete, reader_new, reader_read
from marks cimport append_marks
from matching cimport Matcher, free_matcher
from query cimport QuerySpec
from record cimport FileRecord
from regions cimport REGIONS_NONE, Regions, repomap_free_regions
from sources cimport (
    DIGEST_BYTES, Paths, Source, free_source, path_of, path_size, read_contents, read_source, write_key,
)
from statuses cimport (
    BINARY, NO_TAGS, OUT_OF_MEMORY, OUT_OF_TIME, STOPPED, TAGGED, TOO_LARGE, UNKNOWN_LANGUAGE, UNREADABLE, status_of,
)
from tree_findings cimport Finders, find_in_text
from use_finder cimport UseFinder, repomap_forget_uses, repomap_free_uses
from uses cimport add_asked, append_uses_and_facts
from wanted_words cimport wanted_count
from word_counts cimport FileTerms, WordCounter, append_terms, free_terms, word_counter_new

include "normal_names.pxi"
include "texts.pxi"
include "wanted_terms.pxi"


cdef enum:
    UNDECIDED = 2               # predicates.UNDECIDED
    LARGE_SHARE = 10            # a file is large if this many powers of two of it do not fit into its memory
    LARGE_BATCH_BYTES = 8 << 20


include "tags_query.pxi"


include "file_list.pxi"


@cython.final
cdef class TagWorker:
    """One thread's arena, query cursor, buffers and columns. Not thread-safe: one thread at a time."""

    cdef FileList files                # keeps alive what specs points to
    cdef const QuerySpec **specs       # (n_languages,) owned array of borrowed pointers
    cdef size_t n_languages
    cdef Arena arena
    cdef Matcher matcher
    cdef Reader *reader                # of macros
    cdef Source source                 # the file at hand
    cdef RepomapBytes transcoded       # the file in UTF-8, where it is not
    cdef RepomapBytes repaired         # the text that is parsed, where it is another
    cdef Regions regions               # of the file at hand
    cdef Columns columns
    cdef WordCounter *counter
    cdef FileTerms terms
    cdef ImportFinder imports
    cdef UseFinder use_finder
    cdef RepomapBytes uses, facts      # records of the files of the batch, one after another
    cdef RepomapUnread unread          # rows of the file at hand
    cdef RepomapBytes marks            # records of the files of the batch, one after another
    cdef BlockWriter blocks
    cdef FileRecord *records           # a row a file of the batch, in the order in which they were tagged
    cdef size_t n_records
    cdef size_t records_capacity
    cdef readonly uint64_t source_bytes  # bytes of the files that were parsed

    def __cinit__(self, FileList files not None):
        cdef size_t i
        self.files = files
        self.n_languages = len(files.queries)
        self.arena.stop = &files.is_stopped
        self.arena.budget = files.max_file_memory_bytes
        self.matcher.strings.seed = int.from_bytes(urandom(8))
        self.use_finder.names.seed = int.from_bytes(urandom(8))
        self.specs = <const QuerySpec **>malloc((self.n_languages + 1) * sizeof(void *))
        self.counter = word_counter_new(int.from_bytes(urandom(8)))
        self.reader = reader_new()
        if self.specs == NULL or self.counter == NULL or self.reader == NULL:
            raise MemoryError
        for i in range(self.n_languages):
            query = files.queries[i]
            self.specs[i] = NULL if query is None else &(<TagsQuery>query).spec

    def __dealloc__(self):
        arena_delete(&self.arena)
        free_matcher(&self.matcher)
        free_source(&self.source)
        repomap_bytes_free(&self.transcoded)
        reader_delete(self.reader)
        repomap_bytes_free(&self.repaired)
        repomap_free_regions(&self.regions)
        free(self.specs)
        free(self.counter)
        free_columns(&self.columns)
        free_terms(&self.terms)
        free_imports(&self.imports)
        repomap_free_uses(&self.use_finder)
        repomap_bytes_free(&self.uses)
        repomap_bytes_free(&self.facts)
        repomap_bytes_free(&self.marks)
        free_block_writer(&self.blocks)
        free(self.records)

    @property
    def n_files(self):
        """Files of the batch at hand that are done; may be read while another thread tags."""
        return self.n_records

    @property
    def n_steps(self):
        """Steps of all walks and query cursors since this worker was made: what queries cost, whatever the machine."""
        return (
            self.arena.n_steps + repomap_walk_steps(&self.matcher.walk) + repomap_walk_steps(&self.use_finder.walk)
        )

    @property
    def n_macro_steps(self):
        """Bytes that were looked at to read C and C++ without macros, since this worker was made."""
        return self.reader.n_steps

    @property
    def n_word_steps(self):
        """Words and terms that were looked up, and slots of tables passed, since this worker was made."""
        return self.counter.n_steps

    @property
    def n_tags(self):
        """Rows of the columns of the batch at hand; those with pending regexes count."""
        return self.columns.count

    def limit_file_memory(self, size_t max_file_memory_bytes):
        """Limit the memory of each of the next parses, and free what earlier ones left behind."""
        self.arena.budget = max_file_memory_bytes
        self.forget_text()
        self.forget_batch()
        self.forget_room()

    cdef bint is_large(self, size_t size) noexcept nogil:
        return size > self.arena.budget >> LARGE_SHARE

    cdef void forget_text(self) noexcept nogil:
        """Free the text of the file before."""
        free_source(&self.source)
        repomap_bytes_free(&self.transcoded)
        repomap_bytes_free(&self.repaired)
        repomap_free_regions(&self.regions)

    cdef void forget_batch(self) noexcept nogil:
        """Free what the batch before, which has ended, has left behind."""
        repomap_bytes_free(&self.imports.records)
        repomap_bytes_free(&self.uses)
        repomap_bytes_free(&self.facts)
        repomap_bytes_free(&self.marks)
        free_columns(&self.columns)
        free_terms(&self.terms)
        free_block_writer(&self.blocks)

    cdef void forget_room(self) noexcept nogil:
        """Free what earlier files have left behind to find candidates, uses and facts in."""
        free_candidates(&self.matcher.candidates)
        repomap_forget_uses(&self.use_finder)

    def tag_files(self, const uint32_t[::1] file_ids not None):
        """Tag the files at these rows of the FileList: a batch, which ends with ``take_blocks``.

        file_ids  (n,) uint32.

        A file that cannot be tagged is not an error: its status says why. Returns early after FileList.stop(). Raises
        IndexError for a row that is not there, MemoryError. Releases the GIL for the whole batch.
        """
        cdef Py_ssize_t i
        cdef bint has_memory = True
        self.check_rows(file_ids)
        with nogil:
            for i in range(file_ids.shape[0]):
                if self.files.is_stopped or not has_memory:
                    break
                has_memory = self.tag_file(file_ids[i])
        if not has_memory:
            raise MemoryError("no memory for the tags of the scan so far")

    cdef int check_rows(self, const uint32_t[::1] file_ids) except -1:
        """Raise IndexError for a row that the FileList does not have."""
        cdef Py_ssize_t i, n_files = self.files.language_ids.shape[0]
        for i in range(file_ids.shape[0]):
            if file_ids[i] >= n_files:
                raise IndexError(f"file {file_ids[i]} of {n_files}")
        return 0

    def digest_files(self, const uint32_t[::1] file_ids not None):
        """Return the digests of the files at these rows of the FileList, as ``take_blocks`` would, without a parse.

        digests  (n, 16) uint8; zeros where there is an error.
        errors   (n,) int32: errno of a file that could not be read, EFBIG of one that is too large, or 0.

        Leaves the last ones at EINTR once FileList.stop() was called. Raises IndexError, MemoryError.
        """
        cdef Py_ssize_t i, n = file_ids.shape[0]
        digests, errors = np.zeros((n, DIGEST_BYTES), np.uint8), np.full(n, EINTR, np.int32)
        cdef uint8_t[:, ::1] digests_out = digests
        cdef int32_t[::1] errors_out = errors
        self.check_rows(file_ids)
        with nogil:
            for i in range(n):
                if self.files.is_stopped:
                    break
                errors_out[i] = read_source(
                    &self.files.paths, file_ids[i], self.files.paths.max_file_bytes, &self.source, &digests_out[i, 0]
                )
        return digests, errors

    def count_terms(self, const uint32_t[::1] file_ids not None, WantedTerms wanted not None):
        """Count wanted terms in the files at these rows of the FileList, without a parse.

        counts  (n, n_terms) uint8: by the rising hashes of the terms; 255 for more. Bytes are read as UTF-8.
        errors  (n,) int32: as ``digest_files`` has them. Such a file counts nothing.

        Leaves the last ones at EINTR once FileList.stop() was called. Raises IndexError, MemoryError.
        """
        cdef Py_ssize_t i, n = file_ids.shape[0]
        cdef uint32_t n_terms = wanted.wanted.n
        # A row has a place even where there is no term.
        counts, errors = np.zeros((n, n_terms + 1), np.uint8), np.full(n, EINTR, np.int32)
        cdef uint8_t[:, ::1] counts_out = counts
        cdef int32_t[::1] errors_out = errors
        self.check_rows(file_ids)
        with nogil:
            for i in range(n):
                if self.files.is_stopped:
                    break
                errors_out[i] = read_contents(
                    &self.files.paths, file_ids[i], self.files.paths.max_file_bytes, &self.source
                )
                if errors_out[i] == 0:
                    wanted_count(
                        &wanted.wanted, self.source.file.contents, self.source.file.size, &counts_out[i, 0]
                    )
        return counts[:, :n_terms], errors

    cdef bint tag_file(self, uint32_t file_id) noexcept nogil:
        """Tag one file and record what became of it; False when there is no memory to record it."""
        cdef FileRecord record
        cdef int status
        if not reserve(<void **>&self.records, &self.records_capacity, self.n_records + 1, sizeof(FileRecord)):
            return False
        memset(&record, 0, sizeof(FileRecord))
        record.file_id = file_id
        record.first_tag = self.columns.count
        record.first_term = self.terms.n
        record.first_import, record.first_use = self.imports.records.size, self.uses.size
        record.first_fact, record.first_mark = self.facts.size, self.marks.size
        cdef size_t n_asked = self.matcher.conditions.n_asked, n_conditional = self.matcher.conditions.n_tags
        cdef size_t n_contested = self.matcher.conditions.n_contested, n_siblings = self.matcher.conditions.n_siblings
        status = self.find_tags(file_id, &record)
        arena_reset(&self.arena)
        if self.is_large(self.source.file.size):
            self.forget_room()
            self.forget_text()
        if status != TAGGED:
            # What it noted is of rows that the next file's tags will be.
            self.matcher.conditions.n_asked, self.matcher.conditions.n_tags = n_asked, n_conditional
            self.matcher.conditions.n_contested, self.matcher.conditions.n_siblings = n_contested, n_siblings
            self.terms.n, self.imports.records.size = record.first_term, record.first_import
            self.uses.size, self.facts.size = record.first_use, record.first_fact
            self.marks.size = record.first_mark
        if status == STOPPED:
            return True
        record.n_tags, record.n_terms = self.columns.count - record.first_tag, self.terms.n - record.first_term
        record.n_import_bytes = <uint32_t>(self.imports.records.size - record.first_import)
        record.n_use_bytes = <uint32_t>(self.uses.size - record.first_use)
        record.n_fact_bytes = <uint32_t>(self.facts.size - record.first_fact)
        record.n_mark_bytes = <uint32_t>(self.marks.size - record.first_mark)
        record.status = NO_TAGS if status == TAGGED and record.n_tags == 0 else status
        self.records[self.n_records] = record
        self.n_records += 1
        return True

    cdef int find_tags(self, uint32_t file_id, FileRecord *record) noexcept nogil:
        """Read, parse, query and append one file; return its Status, TAGGED when all went well."""
        cdef Text text
        cdef size_t max_bytes
        cdef ts.TSTree *tree = NULL
        cdef RepomapUnread *unread = NULL
        cdef const QuerySpec *spec
        cdef const QuerySpec *host
        cdef InternName intern_name = NULL
        cdef int verdict = ARENA_RUNNING, status
        cdef uint16_t language_id = self.files.language_ids[file_id]
        if language_id >= self.n_languages or self.specs[language_id] == NULL:
            return UNKNOWN_LANGUAGE
        host = self.specs[language_id]
        start_candidates(&self.matcher.candidates)
        # A file that has no room in memory is not read.
        max_bytes = min(self.files.paths.max_file_bytes, self.arena.budget)
        record.error = read_source(&self.files.paths, file_id, max_bytes, &self.source, record.digest)
        if record.error == EFBIG and max_bytes < self.files.paths.max_file_bytes:
            record.error = 0
            return OUT_OF_MEMORY
        if record.error != 0:
            return TOO_LARGE if record.error == EFBIG else OUT_OF_MEMORY if record.error == ENOMEM else UNREADABLE
        status = decode(&self.source.file, &self.transcoded, self.files.max_text_bytes, &text.read, &text.size)
        if status != TAGGED:
            return status
        # What is left of other files counts nowhere: a file near the budget would be within it or not by their order.
        if self.is_large(text.size):
            self.forget_room()
            start_candidates(&self.matcher.candidates)
        # The text is memory of the file's too; one in UTF-16 is there twice.
        if not arena_take(
            &self.arena, self.source.file.size + (0 if text.read == self.source.file.contents else text.size)
        ):
            return OUT_OF_MEMORY
        record.name_room = name_room(text.size)
        self.source_bytes += self.source.file.size
        self.arena.deadline_ns = repomap_clock_ns() + self.files.file_timeout_ns
        text.parsed = text.named = text.read
        text.spec = host
        self.unread.n = 0
        if host.regions != <uint8_t>REGIONS_NONE:
            verdict = find_around_regions(
                &self.matcher, &self.arena, host, &self.regions, &self.unread, &self.repaired,
                path_of(&self.files.names, file_id), path_size(&self.files.names, file_id), &text,
            )
        if not host.reads_host:
            unread = &self.unread
        spec = host if text.spec == NULL else text.spec
        self.matcher.candidates.read = text.read
        if verdict == ARENA_RUNNING and spec.words.slots != NULL:
            verdict = reader_read(self.reader, &self.arena, &spec.words, text.read, <uint32_t>text.size)
            if verdict == ARENA_RUNNING and self.reader.edits.is_copied:
                text.parsed = self.reader.edits.copy.contents
                verdict = ARENA_RUNNING if arena_take(&self.arena, text.size) else ARENA_OUT_OF_MEMORY
        if verdict == ARENA_RUNNING and text.spec != NULL:
            verdict = find_in_text(
                Finders(&self.use_finder, &self.matcher, &self.imports, unread), &self.arena, spec, &self.repaired,
                &text, self.files.window_bytes, &tree,
            )
        arena_drop_tree(&self.arena)
        if verdict == ARENA_RUNNING and spec.words.slots != NULL:
            verdict = add_macro_names(
                &self.matcher.candidates, &self.arena, &self.reader.edits, spec, text.named, text.size
            )
        if verdict == ARENA_RUNNING:
            verdict = append_marks(&self.marks, &self.unread, text.read, text.size)
        if verdict == ARENA_RUNNING:
            verdict = append_terms(&self.terms, self.counter, &self.arena, &spec.keywords, text.read, text.size)
        if spec.has_normal_names:
            intern_name = &intern_normal
        if verdict == ARENA_RUNNING:
            verdict = append_candidates(
                &self.matcher.candidates, &self.arena, text.named, text.size, &self.matcher.strings, &self.columns,
                &self.matcher.conditions, intern_name,
            )
        if verdict == ARENA_RUNNING and tree != NULL and spec.use_rules.rules != NULL:
            if spec.words.slots != NULL:
                verdict = add_asked(&self.use_finder, &self.arena, &self.reader.edits, text.named, text.size)
            if verdict == ARENA_RUNNING:
                verdict = append_uses_and_facts(
                    &self.use_finder, &self.matcher.candidates, &self.arena, &spec.use_rules, &self.uses, &self.facts
                )
            if verdict != ARENA_RUNNING:
                self.columns.count = record.first_tag
        return status_of(verdict)

    def pending_regexes(self):
        """Return the regexes that are still to be tested, as five columns.

        match, regex_id, text_id  (n,) uint32: match m is kept if each of its regexes passes on the text.
        row, row_match            (n_tags,) uint64 and uint32: the tag in this row needs that match.
        """
        cdef size_t i
        cdef Conditions *conditions = &self.matcher.conditions
        matches, regex_ids, text_ids = (np.empty(conditions.n_asked, np.uint32) for _ in range(3))
        rows, row_matches = np.empty(conditions.n_tags, np.uint64), np.empty(conditions.n_tags, np.uint32)
        cdef uint32_t[::1] matches_out = matches, regex_ids_out = regex_ids, text_ids_out = text_ids
        cdef uint32_t[::1] row_matches_out = row_matches
        cdef uint64_t[::1] rows_out = rows
        with nogil:
            for i in range(conditions.n_asked):
                matches_out[i] = conditions.asked[i].match
                regex_ids_out[i] = conditions.asked[i].regex_id
                text_ids_out[i] = conditions.asked[i].text_id
            for i in range(conditions.n_tags):
                rows_out[i] = conditions.tags[i].row
                row_matches_out[i] = conditions.tags[i].match
        return matches, regex_ids, text_ids, rows, row_matches

    def contested_tags(self):
        """Return the tags of which some give way to others that pass their regexes, as four columns of (n,).

        row          uint64: of the columns.
        group        uint32: rises.
        rank         uint32: of the tags of a group that are left, those of the lowest rank stay.
        is_of_names  uint8: 1 of a name in several places. Such groups are settled after those of one place.
        """
        cdef size_t i
        cdef Conditions *conditions = &self.matcher.conditions
        rows, groups = np.empty(conditions.n_contested, np.uint64), np.empty(conditions.n_contested, np.uint32)
        ranks, is_of_names = np.empty(conditions.n_contested, np.uint32), np.empty(conditions.n_contested, np.uint8)
        cdef uint64_t[::1] rows_out = rows
        cdef uint32_t[::1] groups_out = groups, ranks_out = ranks
        cdef uint8_t[::1] is_of_names_out = is_of_names
        for i in range(conditions.n_contested):
            rows_out[i], groups_out[i] = conditions.contested[i].row, conditions.contested[i].group
            ranks_out[i], is_of_names_out[i] = conditions.contested[i].rank, conditions.contested[i].is_of_names
        return rows, groups, ranks, is_of_names

    def text(self, uint32_t text_id):
        """Return a text of ``pending_regexes``. Raises IndexError."""
        if text_id >= self.matcher.strings.count:
            raise IndexError(f"text {text_id} of {self.matcher.strings.count}")
        cdef uint64_t start = self.matcher.strings.offsets[text_id]
        return self.matcher.strings.bytes.contents[start:self.matcher.strings.offsets[text_id + 1]]

    def drop_tags(self, const uint8_t[::1] verdicts not None):
        """Remove tags from the columns; the tags within a removed one get its scope.

        verdicts  (n_tags,) uint8: 0 for a row that stays, 1 for one to take out, 2 where its file is out of time.
        """
        cdef size_t count = self.columns.count
        if <size_t>verdicts.shape[0] != count:
            raise ValueError(f"{verdicts.shape[0]} verdicts for {count} tags")
        cdef size_t n_kept = 0, i, first
        cdef FileRecord *record
        cdef int32_t[::1] new_rows = np.empty(count + 1, np.int32), new_scopes = np.empty(count + 1, np.int32)
        with nogil:
            if count:
                memset(&new_rows[0], -1, count * sizeof(int32_t))
                leave_to_siblings(
                    &self.matcher.conditions, &verdicts[0], self.columns.scope_tag_ids, &new_rows[0]
                )
            for i in range(self.n_records):
                record = &self.records[i]
                first = n_kept
                if record.n_tags and memchr(&verdicts[record.first_tag], UNDECIDED, record.n_tags) != NULL:
                    record.status = OUT_OF_TIME
                else:
                    n_kept = drop_rows(
                        &self.columns, record.first_tag, record.n_tags, &verdicts[0] if count else NULL, n_kept,
                        &new_rows[0], &new_scopes[0],
                    )
                record.first_tag = first
                record.n_tags = <uint32_t>(n_kept - first)
                if record.n_tags == 0 and record.status == TAGGED:
                    record.status = NO_TAGS
            self.columns.count = n_kept

    def take_blocks(self):
        """End the batch; return what became of its files, in the order in which they were tagged.

        file_ids       (n,) uint32.
        statuses       (n,) uint8: tables.FileStatus.
        errors         (n,) int32: errno of a file that could not be read, or 0.
        digests        (n, 16) uint8: BLAKE2b of the contents; zeros for a file that was not read.
        blocks         n bytes objects; empty for a file that was not read to its end, or not parsed to its end.

        Raises MemoryError.
        """
        cdef size_t i, n = self.n_records
        cdef FileRecord *record
        cdef uint16_t language_id
        cdef uint8_t[BLOCK_KEY_BYTES] key
        file_ids, statuses, errors = np.empty(n, np.uint32), np.empty(n, np.uint8), np.empty(n, np.int32)
        digests, ends = np.empty((n, DIGEST_BYTES), np.uint8), np.empty(n, np.uint64)
        cdef uint32_t[::1] file_ids_out = file_ids
        cdef uint8_t[::1] statuses_out = statuses
        cdef int32_t[::1] errors_out = errors
        cdef uint8_t[:, ::1] digests_out = digests
        cdef uint64_t[::1] ends_out = ends
        cdef size_t start = 0
        cdef bint has_memory = True
        cdef BlockVerdict verdict
        with nogil:
            for i in range(n):
                record = &self.records[i]
                # A cancelled scan does not wait for blocks that are not used.
                if has_memory and not self.files.is_stopped and record.status in (TAGGED, NO_TAGS, BINARY):
                    language_id = self.files.language_ids[record.file_id]
                    write_key(
                        &self.files.names, record, self.files.query_key_bytes + language_id * DIGEST_BYTES,
                        self.specs[language_id].is_component, key,
                    )
                    verdict = write_block(
                        &self.blocks, &self.columns, record.first_tag, record.n_tags, &self.matcher.strings,
                        &self.terms.items[record.first_term], record.n_terms, self.counter,
                        FileRecords(
                            self.imports.records.contents + record.first_import, record.n_import_bytes,
                            record.n_use_bytes, self.uses.contents + record.first_use,
                            self.facts.contents + record.first_fact, record.n_fact_bytes,
                            record.n_mark_bytes, self.marks.contents + record.first_mark,
                        ),
                        record.status, key, record.name_room,
                    )
                    has_memory = verdict != BLOCK_NO_MEMORY
                    if verdict == BLOCK_TOO_LARGE:
                        record.status = OUT_OF_MEMORY
                file_ids_out[i], statuses_out[i], errors_out[i] = record.file_id, record.status, record.error
                memcpy(&digests_out[i, 0], record.digest, DIGEST_BYTES)
                ends_out[i] = self.blocks.out.size
        cdef RepomapBytes written = self.blocks.out
        memset(&self.blocks.out, 0, sizeof(RepomapBytes))
        self.n_records = self.columns.count = self.terms.n = 0
        self.imports.records.size = self.uses.size = self.facts.size = self.marks.size = 0
        forget_conditions(&self.matcher.conditions)
        interner_clear(&self.matcher.strings)
        # What a large batch was made of is gone before its blocks are copied.
        if written.size > LARGE_BATCH_BYTES:
            self.forget_batch()
        blocks = []
        try:
            if not has_memory:
                raise MemoryError("no memory for the tags of a batch")
            for i in range(n):
                blocks.append((<const char *>written.contents)[start:ends_out[i]])
                start = ends_out[i]
        finally:
            repomap_bytes_free(&written)
        return file_ids, statuses, errors, digests, blocks


include "outliner.pxi"
