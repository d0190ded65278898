"""What ranks files and functions for a query: ours, and plain full-text search as baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from benchmarks.localisation.bm25 import Bm25, best_first, code_words, fuse, plain_words
from benchmarks.localisation.instances import Function, functions_of, is_ranked


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contender says to a query: paths, and ``path:name`` of functions, both best first.

    shown_files, shown_functions  by the token budget of a map, what the map shows; empty for what makes no maps.
    """

    files: list[str]
    functions: list[str]
    shown_files: dict[int, list[str]] = field(default_factory=dict)
    shown_functions: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that takes part, with its words, in all and by function. Counters are shared: do not change them."""

    path: str
    functions: Sequence[Function]
    words: Counter[str]
    of_functions: Sequence[Counter[str]]
    plain_of_functions: Sequence[Counter[str]]


def read_sources(tree: Path) -> list[SourceFile]:
    """Return the files of a work tree that take part, in the order of their paths."""
    paths = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*.py") if path.is_file())
    return [_source_file(path, (tree / path).read_bytes()) for path in paths if is_ranked(path)]


@lru_cache(maxsize=4_000)
def _source_file(path: str, source: bytes) -> SourceFile:
    """Neighbouring commits have most files in common, so that most are found here."""
    functions = functions_of(source)
    lines = source.decode("utf-8", "replace").split("\n")
    texts = ["\n".join(_own_lines(function, functions, lines)) for function in functions]
    return SourceFile(
        path,
        functions,
        Counter(code_words("\n".join(lines))),
        [Counter(code_words(text)) for text in texts],
        [Counter(plain_words(text)) for text in texts],
    )


def _own_lines(function: Function, functions: Sequence[Function], lines: Sequence[str]) -> list[str]:
    """Return the lines of a function; of a class those that belong to no method."""
    own = set(range(function.first, function.last + 1))
    if function.is_class:
        for other in functions:
            if other.name.startswith(f"{function.name}."):
                own -= set(range(other.first, other.last + 1))
    return [lines[line - 1] for line in sorted(own) if line <= len(lines)]


def keys_of(sources: Sequence[SourceFile]) -> list[str]:
    """Return ``path:name`` of all functions."""
    return [f"{source.path}:{function.name}" for source in sources for function in source.functions]


def baselines(sources: Sequence[SourceFile], query: str) -> dict[str, Answer]:
    """Return the answers of the baselines to a query, by their names."""
    paths, keys = [source.path for source in sources], keys_of(sources)
    path_of_key = [source.path for source in sources for _ in source.functions]
    words = code_words(query)

    def of_functions(documents: Sequence[Counter[str]], asked: Sequence[str]) -> Answer:
        scores = Bm25(documents).scores(asked)
        return Answer(best_first(path_of_key, scores), best_first(keys, scores))

    contents = Answer(best_first(paths, Bm25([source.words for source in sources]).scores(words)), [])
    names = [
        code_words(f"{source.path} " + " ".join(function.name for function in source.functions)) for source in sources
    ]
    return {
        "bm25-contents": contents,
        "bm25-functions": of_functions([words for source in sources for words in source.of_functions], words),
        "bm25-functions-plain": of_functions(
            [words for source in sources for words in source.plain_of_functions], plain_words(query)
        ),
        "bm25-names": Answer(best_first(paths, Bm25(names).scores(words)), []),
    }


FUSIONS: dict[str, tuple[str, ...]] = {
    "ours+functions": ("ours", "bm25-functions"),
    "ours+functions+contents": ("ours", "bm25-functions", "bm25-contents"),
}


def fusions(answers: dict[str, Answer]) -> dict[str, Answer]:
    """Return the fusions of answers that are there, by reciprocal ranks."""
    return {
        name: Answer(fuse([answers[part].files for part in parts]), fuse([answers[part].functions for part in parts]))
        for name, parts in FUSIONS.items()
        if all(part in answers for part in parts)
    }
