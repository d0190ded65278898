"""Weights: every factor that ranking goes by, with its default, in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from repomap_fast.errors import OptionError


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranking goes by.

    Rank. A reference weighs the square root of how often the file refers to the name, times the factors that fit;
    aider's numbers, but for ``queried_name``:

    long_compound           the name is snake_case, kebab-case or camelCase and has eight characters or more.
    private                 the name starts with an underscore.
    many_definers           more than ``many_definers_above`` files define the name.
    mentioned_name          the name was mentioned.
    queried_name            the name stands in the query. The words of a query have weights of their own, below.
    focus_references        the file that refers is in focus.
    changed_references      the file that refers has changed.

    unreferenced            weight of an edge of a file to itself, for each name it defines that nobody refers to.

    damping, tolerance, max_iterations are PageRank's: with ``damping`` rank follows references, else it goes back to
    where it comes from; it has settled when all files together change by less than ``tolerance`` for each, which is at
    least 1e-12, or after ``max_iterations``, at most 1,000: a repository may set them, and each takes time. Rank comes
    from each of these files alike, if it is set to 1, or more or less; ``words_source`` is to all others together as
    rank from files that the query speaks of is to rank from these:

    focus_source            a file in focus.
    changed_source          a file that has changed.
    mentioned_source        a file that was mentioned; with ``words_source`` it has the larger part of that already.
    words_source            a file with words of the query, the more of them the more.

    Files. What a file counts is its rank to the power of ``file_power``, times factors. All of these numbers come of
    ``benchmarks/map_quality`` on flask, gin, gson, ripgrep, sidekiq and sphinx: any of them may be a third less or more
    and hardly anything changes.

    file_power              1 is PageRank itself; 0 would let words alone decide.
    mentioned_file          factor of a file that was mentioned, in the query too.
    tests, vendored, generated, examples   factor of a file that is such by its path (``path_kinds``). Tests change as
                            often as the code that they test; nobody works on what is generated.
    words_file_name         weight of a word of the query that stands in the file's name: of e, the power that is the
                            factor, for the rarest of words; nearly 0 for those that most files have.
    words_folder            the same for words in the names of its folders.
    words_definitions       for words in the names that it defines, by how much of the name the word is.
    words_references        for words in the names that it refers to.
    words_exact             for identifiers of the query that are names it defines, less where others define it too.
    words_most              no more than so many words count, of each of these.
    words_body              a word that is not in the first line of the query counts so much.
    plain_word              an identifier that could be a word of plain English counts so much.

    Definitions within a file stand in the order of the power of e that is the sum of these, by the rows that a map
    would show; what costs little text comes first:

    definition_decay        the definition after k others of its file has the score of its file by (1 + k) to this
                            power. 0: definitions stand by the share of rank that references bring them, in whatever
                            file they are, and of all that follows nothing counts.
    name_words              weight of a word of the query in the definition's name, by how much of the name it is.
    name_exact              weight of an identifier of the query that is the name.
    own_rows                of the definition's rows, without those of definitions within it, to this power.
    shown_rows              by the rows that a map would show of it, to this power.
    most_rows_of_head       a map shows no more of a definition's head.
    """

    long_compound: float = 10.0
    private: float = 0.1
    many_definers: float = 0.1
    many_definers_above: int = 5
    mentioned_name: float = 10.0
    queried_name: float = 1.0
    focus_references: float = 50.0
    changed_references: float = 50.0
    unreferenced: float = 0.1
    damping: float = 0.85
    tolerance: float = 1e-6
    max_iterations: int = 100
    focus_source: float = 1.0
    changed_source: float = 1.0
    mentioned_source: float = 0.0
    words_source: float = 1.0
    file_power: float = 0.3
    mentioned_file: float = 20.0
    tests: float = 0.9
    vendored: float = 0.3
    generated: float = 0.2
    examples: float = 0.7
    words_file_name: float = 1.5
    words_folder: float = 0.6
    words_definitions: float = 0.6
    words_references: float = 0.3
    words_exact: float = 1.0
    words_most: float = 3.0
    words_body: float = 0.5
    plain_word: float = 0.4
    definition_decay: float = 1.0
    name_words: float = 1.0
    name_exact: float = 1.0
    own_rows: float = 0.3
    shown_rows: float = 1.0
    most_rows_of_head: int = 10

    def __post_init__(self) -> None:
        """Raises OptionError for a weight that nothing can be weighed by."""
        for field in fields(self):
            value = getattr(self, field.name)
            may_be_zero = field.name in _MAY_BE_ZERO
            # Compared before anything else: a whole number may be too large for a float.
            is_number = isinstance(value, int | float) and 0 <= value <= _MOST_WEIGHT
            if not is_number or (value == 0 and not may_be_zero):
                least = "a number of at least 0" if may_be_zero else "a number above 0"
                raise OptionError(f"the weight {field.name} is {value!r}; expected {least}, at most 1e9")
            if field.name in _POWERS and value > _MOST_POWER:
                raise OptionError(f"the weight {field.name} is {value!r}; expected a power, at most {_MOST_POWER:g}")
        if self.damping >= 1:
            raise OptionError(f"the weight damping is {self.damping!r}; expected a number below 1")
        if self.tolerance < _LEAST_TOLERANCE:
            raise OptionError(f"the weight tolerance is {self.tolerance!r}; expected at least {_LEAST_TOLERANCE:g}")
        if self.max_iterations > _MOST_ITERATIONS:
            raise OptionError(
                f"the weight max_iterations is {self.max_iterations}; expected at most {_MOST_ITERATIONS:,}"
            )

    @property
    def uses_words(self) -> bool:
        """Whether words of a query that are no names count at all."""
        return self.words_source > 0 or any(getattr(self, name) > 0 for name in _OF_WORDS)

    @classmethod
    def aider(cls) -> Self:
        """Return aider's weights, with the square root of a count taken once for all definers of a name."""
        return cls(
            queried_name=10.0,
            mentioned_source=1.0,
            words_source=0.0,
            file_power=1.0,
            mentioned_file=1.0,
            tests=1.0,
            vendored=1.0,
            generated=1.0,
            examples=1.0,
            words_file_name=0.0,
            words_folder=0.0,
            words_definitions=0.0,
            words_references=0.0,
            words_exact=0.0,
            definition_decay=0.0,
            name_words=0.0,
            name_exact=0.0,
        )


_OF_WORDS = (
    "words_file_name",
    "words_folder",
    "words_definitions",
    "words_references",
    "words_exact",
    "name_words",
    "name_exact",
)
_POWERS = {*_OF_WORDS, "file_power", "words_most", "definition_decay", "own_rows", "shown_rows"}
_LEAST_TOLERANCE = 1e-12
"""Below it sums of float64 never settle."""
_MOST_ITERATIONS = 1_000
"""Ten times what the default damping needs for the default tolerance."""
_MOST_WEIGHT = 1e9
_MOST_POWER = 20.0
"""Of a power: whatever is above would leave nothing of all other weights."""
_MAY_BE_ZERO = _POWERS | {"focus_source", "changed_source", "mentioned_source", "words_source", "words_body"}
_MAY_BE_ZERO |= {"plain_word"}
