"""Compiles a tags query for its grammar, and says what is in it. Included by ``_tagger.pyx``, which links the core."""
from libc.stdint cimport uint8_t, uint32_t, uint64_t, INT64_MAX
from libc.stdlib cimport calloc
from libc.string cimport memset
from cpython.pycapsule cimport PyCapsule_GetPointer

cimport cython
cimport tree_sitter as ts
from core cimport (
    ARENA_RUNNING, REPOMAP_QUERY_ERROR_COST, REPOMAP_QUERY_ERROR_EXCESS, Arena, arena_delete, repomap_query_new,
)
from imports cimport import_actions_of
from macros cimport Reader, reader_delete, reader_new, reader_read
from proof cimport MAX_PROOF_BYTES, MAX_PROOF_CHECKS, ProofWatch, is_proof_over, raise_interrupt
from query cimport QuerySpec
from query_spec cimport fill_spec, fill_words, free_spec
from regions cimport N_GUESTS
from use_finder cimport repomap_use_rules


cdef const ts.TSLanguage *language_in(object capsule) except NULL:
    """Return the grammar in a capsule named ``tree_sitter.Language``, which must outlive its use.

    Raises LookupError (ABI of the grammar, oldest, newest) where this core cannot use it.
    """
    cdef const ts.TSLanguage *language = <const ts.TSLanguage *>PyCapsule_GetPointer(capsule, "tree_sitter.Language")
    cdef uint32_t abi = ts.ts_language_abi_version(language)
    if not ts.TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION <= abi <= ts.TREE_SITTER_LANGUAGE_VERSION:
        raise LookupError(abi, ts.TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION, ts.TREE_SITTER_LANGUAGE_VERSION)
    return language


@cython.final
cdef class TagsQuery:
    """A tags query compiled for one grammar; never changed once ``configure`` was called, shared by all workers."""

    cdef QuerySpec spec
    cdef object capsule     # keeps the grammar's module loaded
    cdef bytes text         # what spec.strings are slices of
    cdef Arena arena        # of a user's query: holds it, so that reading it can be given up
    cdef ProofWatch watch
    cdef list guests        # keeps alive what spec.guests points to, but for this query
    cdef int is_stopped     # never; for the arena

    def __cinit__(
        self, object capsule, bytes source not None, *, bint check_patterns, bint bmp_only, bint reset_scanner=False,
        uint8_t repair=0,
        bytes grammar not None=b"", uint64_t max_proof_checks=MAX_PROOF_CHECKS,
    ):
        """Compile ``source`` for the grammar in ``capsule`` (a PyCapsule named ``tree_sitter.Language``).

        check_patterns    prove that each pattern can match; the proof takes longer than all the rest.
        bmp_only          show the grammar no character beyond U+FFFF.
        reset_scanner     give the grammar's scanner its first state.
        repair            which words are written differently for the grammar, see repairs.h.
        grammar           its name, by which it is known how imports are written.
        max_proof_checks  bound of the proof, which checks every 2,048 steps.

        Raises LookupError (ABI of the grammar, oldest, newest) where this core cannot use it, ValueError (what, byte
        offset) for a query that does not fit the grammar.
        """
        cdef uint32_t error_offset = 0, size = 0
        cdef ts.TSQueryError error = ts.TSQueryErrorNone
        cdef const char *text = source
        cdef bint has_memory = True
        if len(source) > MAX_TEXT_BYTES:
            raise ValueError(QUERY_ERRORS[<int>REPOMAP_QUERY_ERROR_EXCESS], 0)
        size = <uint32_t>len(source)
        self.capsule = capsule
        self.spec.bmp_only, self.spec.reset_scanner, self.spec.repair = bmp_only, reset_scanner, repair
        self.spec.has_normal_names = grammar == b"python"
        self.spec.language = language_in(capsule)
        if check_patterns:
            self.arena.stop = &self.is_stopped
            self.arena.budget = MAX_PROOF_BYTES
            self.arena.deadline_ns = INT64_MAX
            self.arena.is_over, self.arena.is_over_payload = is_proof_over, &self.watch
            self.watch.n_checks_left = max_proof_checks
        with nogil:
            self.spec.query = repomap_query_new(
                &self.arena if check_patterns else NULL, self.spec.language, text, size, &error_offset, &error
            )
        if self.watch.is_interrupted:
            raise_interrupt()
        if self.spec.query == NULL:
            raise ValueError(QUERY_ERRORS.get(<int>error, "not a query"), error_offset)
        self.spec.import_actions = import_actions_of(self.spec.language, grammar, &has_memory)
        if not has_memory or not repomap_use_rules(
            self.spec.language, grammar, self.spec.import_actions, &self.spec.use_rules
        ):
            raise MemoryError

    def __dealloc__(self):
        if self.spec.query != NULL and self.arena.chunks == NULL:
            ts.ts_query_delete(self.spec.query)
        arena_delete(&self.arena)
        free_spec(&self.spec)

    @property
    def capture_names(self):
        """Names of the captures, by id, without the ``@``."""
        cdef uint32_t size, i
        cdef const char *name
        names = []
        for i in range(ts.ts_query_capture_count(self.spec.query)):
            name = ts.ts_query_capture_name_for_id(self.spec.query, i, &size)
            names.append(name[:size].decode())
        return names

    @property
    def is_walked(self):
        """Whether the cursor is started only where a pattern can begin, and not at the root for the whole tree."""
        return self.spec.is_start != NULL

    def predicates_by_pattern(self):
        """Return a list of predicates for each pattern: an operator (bytes), then ids of captures (int) and bytes."""
        cdef uint32_t n_steps, size, i, pattern
        cdef const ts.TSQueryPredicateStep *steps
        cdef const char *text
        patterns = []
        for pattern in range(ts.ts_query_pattern_count(self.spec.query)):
            steps = ts.ts_query_predicates_for_pattern(self.spec.query, pattern, &n_steps)
            predicates, predicate = [], []
            for i in range(n_steps):
                if steps[i].type == ts.TSQueryPredicateStepTypeDone:
                    predicates.append(predicate)
                    predicate = []
                elif steps[i].type == ts.TSQueryPredicateStepTypeCapture:
                    predicate.append(int(steps[i].value_id))
                else:
                    text = ts.ts_query_string_value_for_id(self.spec.query, steps[i].value_id, &size)
                    predicate.append(text[:size])
            patterns.append(predicates)
        return patterns

    def configure(self, list captures not None, list predicates not None, list rules=None):
        """Set what each capture is for, and which predicates a match must pass; called once, before any worker.

        captures    for each capture id (use, role, kind id, place).
        predicates  for each pattern a list of (op, capture, other, is_any, is_positive, strings as bytes).
        rules       for each pattern (flags, kind id in a type, trimmed characters, suffix, until, after, close, words),
                    see ``rules.PatternRules``; None where none has any.
        """
        if self.spec.captures != NULL:
            raise ValueError("a query is configured once")
        self.text = b"".join(text for of_pattern in predicates for predicate in of_pattern for text in predicate[5])
        self.spec.text = self.text
        fill_spec(&self.spec, captures, predicates, rules or [])

    def know_macros(self, list macros not None, list kinds not None, *, bint is_cpp):
        """Have files read without these macros; called once, before any worker.

        macros  of (name as bytes, whether it is the beginning of names, use, argument), see ``macros.Macro``.
        kinds   kind ids of calls, macros, types, operators and prototypes, or 255.
        is_cpp  whether the files are C++ and not C.
        """
        cdef size_t i
        fill_words(&self.spec.words, macros, is_cpp)
        for i in range(5):
            self.spec.macro_kinds[i] = kinds[i]

    def take_guests(
        self, list guests not None, *, uint8_t regions, bint reads_host, bint is_component, uint8_t component_kind
    ):
        """Have parts of the files read by other queries, or by this one; called once, before any worker.

        guests          of (number of the language in ``table.GUESTS``, TagsQuery).
        regions         how the parts are marked, the number in ``table.REGIONS``.
        reads_host      whether what is around the parts has tags by this query.
        is_component    whether each file is a component.
        component_kind  kind id of components.

        Raises ValueError for a number that there is not, or for a query that was not configured.
        """
        if self.spec.guests != NULL:
            raise ValueError("a query takes its guests once")
        self.spec.guests = <const QuerySpec **>calloc(<size_t>N_GUESTS, sizeof(void *))
        if self.spec.guests == NULL:
            raise MemoryError
        self.guests = [guest for _, guest in guests if guest is not self]
        for number, guest in guests:
            if not 0 <= number < <int>N_GUESTS or (<TagsQuery?>guest).spec.captures == NULL:
                raise ValueError(f"guest {number} of {<int>N_GUESTS} is not known, or its query was not configured")
            self.spec.guests[<int>number] = &(<TagsQuery>guest).spec
        self.spec.regions, self.spec.reads_host, self.spec.is_component = regions, reads_host, is_component
        self.spec.component_kind = component_kind

    def read_text(self, bytes text not None):
        """Return a text as the parser is given it: as long, with words blanked. Raises MemoryError."""
        cdef Arena arena
        cdef Reader *reader = reader_new()
        if reader == NULL:
            raise MemoryError
        memset(&arena, 0, sizeof(Arena))
        arena.stop, arena.deadline_ns = &self.is_stopped, INT64_MAX
        try:
            if self.spec.words.slots == NULL:
                return text
            if reader_read(reader, &arena, &self.spec.words, text, <uint32_t>len(text)) != ARENA_RUNNING:
                raise MemoryError
            return reader.edits.copy.contents[:len(text)] if reader.edits.is_copied else text
        finally:
            reader_delete(reader)


QUERY_ERRORS = {
    <int>ts.TSQueryErrorSyntax: "syntax error",
    <int>ts.TSQueryErrorNodeType: "the grammar has no such node",
    <int>ts.TSQueryErrorField: "the grammar has no such field",
    <int>ts.TSQueryErrorCapture: "no such capture",
    <int>ts.TSQueryErrorStructure: "a pattern that can never match",
    <int>ts.TSQueryErrorLanguage: "the grammar does not fit",
    <int>REPOMAP_QUERY_ERROR_COST:
        "patterns that take too long to prove: the proof goes through all ways to match them, and optional or repeated "
        "children beside each other multiply these",
    <int>REPOMAP_QUERY_ERROR_EXCESS: "nested more than 250 deep, or a query of more than 65,534 bytes",
}
