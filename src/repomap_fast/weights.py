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
    queried_name            the name stands in the query; where definitions are ordered by rank alone.
    focus_references        the file that refers is in focus.
    changed_references      the file that refers has changed.

    unreferenced            weight of an edge of a file to itself, for each name it defines that nobody refers to.

    damping, tolerance, max_iterations are PageRank's: with ``damping`` rank follows references, else it goes back to
    where it comes from; it has settled when all files together change by less than ``tolerance`` for each, which is at
    least 1e-12, or after ``max_iterations``, at most 1,000: a repository may set them, and each takes time. Rank comes
    from each of these files alike, if it is set to 1, or more or less:

    focus_source            a file in focus.
    changed_source          a file that has changed.
    mentioned_source        a file that was mentioned.

    by_rank_alone           definitions stand by the share of rank that references bring them, in whatever file they
                            are, as aider has it. Then nothing of what follows counts.

    Texts. A query or a mention orders files and definitions by sums, each the logarithm of a weight. All of these
    numbers come of ``benchmarks/localisation``, which says what each signal is, and what it brings. A word counts by
    the part of the text that it stands in:

    zone_title, zone_prose, zone_inline, zone_code, zone_traceback, zone_error   the first line; other lines; code
                            within a line; code by itself; a traceback; the message of an error.
    text_k1, text_b         of BM25.
    text_name, text_class   a word in the name of a definition, or of the class around it, by one in the rest.
    text_files              so many of the best files have their definitions scored.

    The score of a file:

    file_text, file_best    its words; those of its three best definitions.
    file_path               words in its path.
    file_named              its path stands in the text, or in a traceback.
    file_code               the code of a message stands in the file, such as W0611, and in few others.
    file_defined            a definition of it is named with its class or module.
    file_mentioned          a function of it is named.
    file_last_frame         the innermost frame of a traceback is in it.
    file_age                subtracted, by the logarithm of the commits since it was touched.
    file_message            messages of commits that touched it have words of the text.
    file_folder             other files of its folder do well.
    file_rank               PageRank; only with files in focus, or changed ones.
    file_tests, file_vendored, file_generated, file_examples, file_data   subtracted from what is such by its path,
                            unless it is named. Data is text and configuration: the default makes it a tenth of code.

    The score of a definition:

    definition_text         its words.
    definition_member       a class has this share of the best of its methods.
    definition_place        it is named with its class or module, by a line of its file, or in a traceback.
    definition_mentioned    its name stands in the text.
    definition_near         it refers to a definition that is named, or that refers to it.
    definition_rows         the more rows, the more is changed in it.
    definition_file         the logarithm of its file's share.
    constructor, class_itself, plain_value   subtracted from constructors, from classes, and from what is neither
                            function nor class.

    Without a text. Sums as well; these numbers come of ``benchmarks/map_quality --question first-map`` on the six
    repositories named above. A file counts its rank to the power of ``file_power``, and what it is by its path; and

    near_power              this power takes the place of ``file_power`` with files in focus, or changed ones.
    first_often             the logarithm of how often the file was changed, of late.
    first_tests             subtracted from tests, in place of ``file_tests``; from those within a module, too.

    A definition counts what its file counts, and

    first_rows              the logarithm of its rows, without those of functions and classes within it.
    first_references        the logarithm of the references to its name, outside tests, by the files that define it.
    first_decay             subtracted, by the logarithm of its place in its file.
    first_value, first_inner, first_group, first_private, first_special   subtracted from what is neither function nor
                            class; from what is within a function; from modules, namespaces and implementations; from
                            names with one underscore; from constructors and names with two underscores.
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
    by_rank_alone: bool = False
    focus_source: float = 1.0
    changed_source: float = 1.0
    mentioned_source: float = 0.0
    file_power: float = 0.3
    zone_title: float = 4.0
    zone_prose: float = 1.0
    zone_inline: float = 1.0
    zone_code: float = 0.5
    zone_traceback: float = 0.5
    zone_error: float = 1.0
    text_k1: float = 1.5
    text_b: float = 0.4
    text_name: float = 8.0
    text_class: float = 4.0
    text_files: int = 100
    file_text: float = 3.5
    file_best: float = 3.5
    file_path: float = 1.25
    file_named: float = 1.5
    file_code: float = 1.0
    file_defined: float = 0.75
    file_mentioned: float = 0.5
    file_last_frame: float = 0.5
    file_age: float = 1.2
    file_message: float = 1.2
    file_folder: float = 1.0
    file_rank: float = 0.3
    file_tests: float = 2.0
    file_vendored: float = 2.0
    file_generated: float = 2.0
    file_examples: float = 2.0
    file_data: float = 2.3
    definition_text: float = 5.5
    definition_member: float = 0.8
    definition_place: float = 1.6
    definition_mentioned: float = 1.2
    definition_near: float = 1.4
    definition_rows: float = 1.4
    definition_file: float = 0.55
    constructor: float = 2.0
    class_itself: float = 1.5
    plain_value: float = 2.0
    near_power: float = 1.0
    first_often: float = 0.7
    first_tests: float = 3.0
    first_rows: float = 1.0
    first_references: float = 0.5
    first_decay: float = 0.5
    first_value: float = 5.0
    first_inner: float = 3.0
    first_group: float = 2.0
    first_private: float = 1.0
    first_special: float = 2.0

    def __post_init__(self) -> None:
        """Raises OptionError for a weight that nothing can be weighed by."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type == "bool":
                if not isinstance(value, bool):
                    raise OptionError(f"the weight {field.name} is {value!r}; expected True or False")
                continue
            may_be_zero = _is_power(field.name) or field.name in _SOURCES or field.name == "text_b"
            # Compared before anything else: a whole number may be too large for a float.
            is_number = isinstance(value, int | float) and 0 <= value <= _MOST_WEIGHT
            if not is_number or (value == 0 and not may_be_zero):
                least = "a number of at least 0" if may_be_zero else "a number above 0"
                raise OptionError(f"the weight {field.name} is {value!r}; expected {least}, at most 1e9")
            if _is_power(field.name) and value > _MOST_POWER:
                raise OptionError(f"the weight {field.name} is {value!r}; expected a power, at most {_MOST_POWER:g}")
        for name in ("damping", "text_b"):
            if getattr(self, name) >= 1:
                raise OptionError(f"the weight {name} is {getattr(self, name)!r}; expected a number below 1")
        if self.text_files != int(self.text_files) or self.text_files > _MOST_TEXT_FILES:
            raise OptionError(
                f"the weight text_files is {self.text_files!r}; expected a whole number of at most {_MOST_TEXT_FILES:,}"
            )
        if self.tolerance < _LEAST_TOLERANCE:
            raise OptionError(f"the weight tolerance is {self.tolerance!r}; expected at least {_LEAST_TOLERANCE:g}")
        if self.max_iterations > _MOST_ITERATIONS:
            raise OptionError(
                f"the weight max_iterations is {self.max_iterations}; expected at most {_MOST_ITERATIONS:,}"
            )

    @classmethod
    def aider(cls) -> Self:
        """Return aider's weights, with the square root of a count taken once for all definers of a name."""
        return cls(
            queried_name=10.0,
            mentioned_source=1.0,
            by_rank_alone=True,
        )


_SUMMED = (
    *("first_", "zone_", "file_", "definition_", "near_power", "constructor", "class_itself", "plain_value"),
    *("text_name", "text_class"),
)
"""Beginnings of the names of weights that are summed for texts: as powers of e, they make a factor."""
_LEAST_TOLERANCE = 1e-12
"""Below it sums of float64 never settle."""
_MOST_ITERATIONS = 1_000
"""Ten times what the default damping needs for the default tolerance."""
_MOST_TEXT_FILES = 1_000
"""Each is read again for each query."""
_MOST_WEIGHT = 1e9
_MOST_POWER = 20.0
"""Of a power: whatever is above would leave nothing of all other weights."""
_SOURCES = {"focus_source", "changed_source", "mentioned_source"}


def _is_power(name: str) -> bool:
    return name.startswith(_SUMMED)
