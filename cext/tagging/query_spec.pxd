# Function bodies, inlined into _tagger: fills a QuerySpec from Python's lists.
from libc.stdint cimport uint32_t
from libc.stdlib cimport calloc, free, malloc

cimport tree_sitter as ts
from core cimport repomap_is_cut_safe, repomap_pattern_starts
from macros cimport (
    MOST_KEYWORD_BYTES, MOST_KEYWORDS, WordTable, word_table_add, word_table_add_keywords, word_table_free,
    word_table_start,
)
from query cimport Capture, PatternRules, Predicate, QuerySpec, Slice
from use_finder cimport repomap_free_use_rules
from word_counts cimport find_keywords


cdef inline int fill_spec(QuerySpec *spec, list captures, list predicates, list rules) except -1:
    """Fill in the captures and predicates of a compiled query, where its patterns begin, and its language's keywords.

    captures    for each capture id (use, role, kind id, place).
    predicates  for each pattern a list of (op, capture, other, is_any, is_positive, strings as bytes); ``spec.text`` is
                all strings, joined.
    rules       for each pattern (flags, kind id in a type, trimmed characters, suffix, until, after, close,
                words before what the name is behind); or empty.

    Raises ValueError for lists of other lengths than the query has, MemoryError.
    """
    cdef size_t i, j, n_patterns = ts.ts_query_pattern_count(spec.query)
    cdef size_t n_captures = ts.ts_query_capture_count(spec.query)
    cdef uint32_t n_strings = 0, start = 0
    if not (
        <size_t>len(captures) == n_captures and <size_t>len(predicates) == n_patterns
        and len(rules) in (0, n_patterns)
    ):
        raise ValueError("a query is configured with a use for each capture and a list for each pattern")
    flat = [predicate for of_pattern in predicates for predicate in of_pattern]
    texts = [text for predicate in flat for text in predicate[5]]
    spec.n_captures = <uint32_t>n_captures
    spec.captures = <Capture *>malloc((n_captures + 1) * sizeof(Capture))
    spec.predicates = <Predicate *>malloc((len(flat) + 1) * sizeof(Predicate))
    spec.pattern_predicates = <uint32_t *>malloc((n_patterns + 1) * sizeof(uint32_t))
    spec.strings = <Slice *>malloc((len(texts) + 1) * sizeof(Slice))
    spec.rules = <PatternRules *>calloc(n_patterns + 1, sizeof(PatternRules))
    if not (spec.captures and spec.predicates and spec.pattern_predicates and spec.strings and spec.rules):
        raise MemoryError
    for i, (use, role, kind_id, place) in enumerate(captures):
        spec.captures[i] = Capture(use, role, kind_id, place)
    for i, (flags, kind_in_type, trimmed, suffix, until, after, close, words) in enumerate(rules):
        spec.rules[i].flags, spec.rules[i].kind_in_type = flags, kind_in_type
        spec.rules[i].suffix = suffix[0] if suffix else 0
        spec.rules[i].until = until[0] if until else 0
        spec.rules[i].after = after[0] if after else 0
        spec.rules[i].close = close[0] if close else 0
        spec.rules[i].n_after_words = min(len(words), sizeof(spec.rules[i].after_words))
        for j in range(spec.rules[i].n_after_words):
            spec.rules[i].after_words[j] = words[j]
        spec.rules[i].n_trimmed = min(len(trimmed), sizeof(spec.rules[i].trimmed))
        for j in range(spec.rules[i].n_trimmed):
            spec.rules[i].trimmed[j] = trimmed[j]
        spec.rules[i].is_cut = bool(trimmed or until or after or close)
    for i, (op, capture, other, is_any, is_positive, strings) in enumerate(flat):
        spec.predicates[i] = Predicate(op, capture, other, n_strings, len(strings), is_any, is_positive)
        n_strings += len(strings)
    for i, text in enumerate(texts):
        spec.strings[i] = Slice(start, len(text))
        start += len(text)
    spec.pattern_predicates[0] = 0
    for i, of_pattern in enumerate(predicates):
        spec.pattern_predicates[i + 1] = spec.pattern_predicates[i] + len(of_pattern)
    if not find_keywords(&spec.keywords, spec.language):
        raise MemoryError
    spec.is_start = repomap_pattern_starts(spec.query, spec.language, &spec.n_symbols)
    spec.is_cut_safe = spec.is_start != NULL and repomap_is_cut_safe(spec.query, spec.language)
    return 0


cdef inline int fill_words(WordTable *words, list macros, bint is_cpp) except -1:
    """Fill in the table of words that files are read with.

    macros  of (name as bytes, whether it is the beginning of names, use, argument).

    Raises ValueError for a name that is too long, MemoryError.
    """
    cdef size_t n_bytes = MOST_KEYWORD_BYTES
    for name, _, _, _ in macros:
        if not 0 < len(name) < 256:
            raise ValueError(f"the name of a macro has {len(name)} bytes; expected 1 to 255")
        n_bytes += len(name)
    if not word_table_start(words, <uint32_t>(len(macros) + MOST_KEYWORDS), n_bytes):
        raise MemoryError
    word_table_add_keywords(words, is_cpp)
    for name, is_prefix, use, argument in macros:
        word_table_add(words, <bytes?>name, len(name), is_prefix, use, argument)
    return 0


cdef inline void free_spec(QuerySpec *spec) noexcept:
    """Free all of a spec but its query."""
    free(spec.captures)
    free(spec.predicates)
    free(spec.pattern_predicates)
    free(spec.strings)
    free(spec.rules)
    free(spec.is_start)
    free(spec.import_actions)
    free(spec.guests)
    repomap_free_use_rules(&spec.use_rules)
    free(spec.keywords.hashes)
    word_table_free(&spec.words)
