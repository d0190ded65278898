"""Are the definitions that we find those of the language? Asked of a witness for each language.

    python -m benchmarks.recall.clang c ROOT [--files N] [--misses FILE] -- FLAG…

A witness reads a file as the language's own tools do, and says what it defines. One line a language: files, definitions
of the witness, how many of these we find (recall), and how many of ours it has (precision). Names and lines are
compared. Macros are left out.

c, cpp  libclang (``pip install libclang``), with the flags behind ``--``. A definition that a macro makes counts,
        if its name is written in the file. Files that do not compile are left out, and of ours what is in a
        branch of ``#if`` that the compiler has not read.

A witness for another language is a function from a path and flags to a ``Testimony``, and a row of ``WITNESSES``.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import repomap_fast

N_FILES = 300
SYSTEM_HEADERS = sorted(Path("/usr/lib/gcc").glob("*/*/include"))[-1:]
"""libclang from PyPI has no headers of its own; those of GCC serve."""
UNASKED_KINDS = frozenset(("macro",))
"""Of ours, what no witness is asked about."""


class Testimony(NamedTuple):
    """What a witness says of one file.

    definitions  (name, lines) of each definition; one that a macro makes has the line of each place that it may be at.
    pasted       (name, line) of those whose names a macro has pasted together, so that no line has them.
    unread       lines that the witness has not read: nothing is known of them.
    """

    definitions: list[tuple[str, frozenset[int]]]
    pasted: list[tuple[str, int]]
    unread: frozenset[int]


Witness = Callable[[Path, Sequence[str]], Testimony | None]
"""Returns None for a file that it cannot judge."""

CLANG_KINDS = (
    *("FUNCTION_DECL", "CXX_METHOD", "CONSTRUCTOR", "DESTRUCTOR", "CONVERSION_FUNCTION", "FUNCTION_TEMPLATE"),
    *(
        "STRUCT_DECL",
        "UNION_DECL",
        "CLASS_DECL",
        "ENUM_DECL",
        "CLASS_TEMPLATE",
        "CLASS_TEMPLATE_PARTIAL_SPECIALIZATION",
    ),
    *("FIELD_DECL", "ENUM_CONSTANT_DECL", "TYPEDEF_DECL", "TYPE_ALIAS_DECL", "TYPE_ALIAS_TEMPLATE_DECL", "VAR_DECL"),
    *("NAMESPACE", "NAMESPACE_ALIAS", "CONCEPT_DECL"),
)
_CLASSES = (
    "STRUCT_DECL",
    "UNION_DECL",
    "CLASS_DECL",
    "ENUM_DECL",
    "CLASS_TEMPLATE",
    "CLASS_TEMPLATE_PARTIAL_SPECIALIZATION",
)
_BODIES = ("FUNCTION_DECL", "CXX_METHOD", "CONSTRUCTOR", "DESTRUCTOR", "CONVERSION_FUNCTION", "FUNCTION_TEMPLATE")


def clang_definitions(path: Path, flags: Sequence[str]) -> Testimony | None:
    """Return what libclang finds in a file of C or C++."""
    from clang import cindex

    options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    try:
        unit = cindex.Index.create().parse(str(path), args=list(flags), options=options)
    except cindex.TranslationUnitLoadError:
        return None
    if any(one.severity >= cindex.Diagnostic.Error for one in unit.diagnostics):
        return None
    source = path.read_bytes()
    lines = source.split(b"\n")
    found, pasted = [], []
    defined = {cursor.spelling for cursor in _declared(unit.cursor, str(path)) if cursor.is_definition()}
    for cursor in _declared(unit.cursor, str(path)):
        name = _without_arguments(cursor.spelling)
        at = {cursor.location.line, _spelling_line(cursor, str(path))}
        is_written = any(0 < line <= len(lines) and name.split()[0].encode() in lines[line - 1] for line in at)
        if not is_written:
            pasted.append((name, cursor.location.line))
        elif cursor.is_definition() or name not in defined or not _is_made_by_macro(cursor, source):
            # EXPORT_SYMBOL(name) declares what is defined beside it.
            found.append((name, frozenset(at)))
    return Testimony(found, pasted, frozenset(_skipped_lines(unit)))


def _without_arguments(name: str) -> str:
    """Return the name of a specialized template; `operator<` is a whole name."""
    return name if re.match(r"operator\b", name) else name.partition("<")[0]


def _declared(cursor: Any, path: str) -> Iterator[Any]:
    """Yield declarations of a file, those within functions left out."""
    for child in cursor.get_children():
        location = child.location
        if location.file is None or location.file.name != path:
            # A namespace or extern "C" of a header has nothing of this file.
            continue
        kind = child.kind.name
        # A guide of template arguments has no name of its own.
        is_anonymous = not child.spelling or child.spelling.startswith(("(", "<")) or child.is_anonymous()
        if kind in CLANG_KINDS and not is_anonymous and not (kind in _CLASSES and not child.is_definition()):
            yield child
        if kind in _BODIES:
            yield from _local_types(child, path)
        elif kind not in ("VAR_DECL", "FIELD_DECL"):
            yield from _declared(child, path)


def _local_types(body: Any, path: str) -> Iterator[Any]:
    """Yield the types that a function defines for itself, with their members."""
    for child in body.walk_preorder():
        if child.kind.name == "DECL_STMT":
            yield from (one for one in _declared(child, path) if one.kind.name not in ("VAR_DECL", "FUNCTION_DECL"))


def _is_made_by_macro(cursor: Any, source: bytes) -> bool:
    """Whether another word than its name is where a declaration is: the macro's."""
    word = re.match(rb"\w*", source[cursor.location.offset :])
    return word is not None and word[0] != b"" and not cursor.spelling.startswith(word[0].decode())


def _spelling_line(cursor: Any, path: str) -> int:
    """Return the line where the name is written, of a declaration that a macro makes."""
    from ctypes import byref, c_uint

    from clang import cindex

    line, column, offset, file = c_uint(), c_uint(), c_uint(), cindex.c_object_p()
    cindex.conf.lib.clang_getSpellingLocation(cursor.location, byref(file), byref(line), byref(column), byref(offset))
    return int(line.value) if file and cindex.File(file).name == path else cursor.location.line


def _skipped_lines(unit: Any) -> Iterator[int]:
    from ctypes import POINTER, Structure, c_uint

    from clang import cindex

    class Ranges(Structure):
        _fields_ = [("count", c_uint), ("ranges", POINTER(cindex.SourceRange))]

    get = cindex.conf.lib.clang_getSkippedRanges
    get.restype, get.argtypes = POINTER(Ranges), [cindex.TranslationUnit, cindex.c_object_p]
    ranges = get(unit, cindex.File.from_name(unit, unit.spelling)).contents
    for i in range(ranges.count):
        one = ranges.ranges[i]
        yield from range(one.start.line, one.end.line + 1)


WITNESSES: dict[str, tuple[Witness, tuple[str, ...]]] = {
    "c": (clang_definitions, ("-xc", "-std=gnu17")),
    "cpp": (clang_definitions, ("-xc++", "-std=gnu++20")),
}
"""Of each language its witness, and the flags that go before the user's."""


class Figures(NamedTuple):
    """What came out for one language."""

    n_files: int
    n_witnessed: int
    n_found: int
    n_ours: int
    n_right: int
    missed: list[str]
    wrong: list[str]


def _plain(name: str) -> str:
    """Return a name as it is compared: `operator ()` is `operator()`."""
    return name.replace(" ", "")


def compare(language: str, root: Path, flags: Sequence[str], n_files: int, seed: int = 1) -> Figures:
    """Compare what we find in files of a tree with what the witness does."""
    witness, own_flags = WITNESSES[language]
    result = repomap_fast.scan(root, languages=language, cache=False)
    files = list(result.files)
    random.Random(seed).shuffle(files)
    count: Counter[str] = Counter()
    missed, wrong = [], []
    for file in files:
        if count["files"] == n_files:
            break
        path = root / file.path
        include = [flag for folder in SYSTEM_HEADERS for flag in ("-isystem", str(folder))]
        testimony = witness(path, [*own_flags, *flags, *include])
        if testimony is None:
            count["unjudged"] += 1
            continue
        count["files"] += 1
        ours = {(_plain(tag.name), tag.line): tag.kind for tag in file.tags if tag.role == "definition"}
        theirs = {(_plain(name), line) for name, lines in testimony.definitions for line in lines}
        for name, lines in testimony.definitions:
            is_found = any((_plain(name), line) in ours for line in lines)
            count["witnessed"] += 1
            count["found"] += is_found
            if not is_found:
                missed.append(f"{file.path}:{min(lines)} {name}")
        for (name, line), kind in ours.items():
            if kind in UNASKED_KINDS or line in testimony.unread:
                continue
            count["ours"] += 1
            is_right = (name, line) in theirs or any(at == line and name in other for other, at in testimony.pasted)
            count["right"] += is_right
            if not is_right:
                wrong.append(f"{file.path}:{line} {kind} {name}")
    print(f"{count['unjudged']} files that the witness cannot judge", file=sys.stderr)
    return Figures(count["files"], count["witnessed"], count["found"], count["ours"], count["right"], missed, wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(WITNESSES))
    parser.add_argument("root", type=Path)
    parser.add_argument("--files", type=int, default=N_FILES)
    parser.add_argument("--misses", type=Path, help="write what was missed and what was wrong")
    before = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments, flags = parser.parse_args(sys.argv[1:before]), sys.argv[before + 1 :]
    found = compare(arguments.language, arguments.root.resolve(), flags, arguments.files)
    recall, precision = found.n_found / max(1, found.n_witnessed), found.n_right / max(1, found.n_ours)
    print(
        f"| {arguments.language} | {arguments.root.name} | {found.n_files} | {found.n_witnessed:,} | {recall:.2%} "
        f"| {found.n_ours:,} | {precision:.2%} |"
    )
    if arguments.misses:
        lines = [f"missed {one}" for one in found.missed] + [f"wrong {one}" for one in found.wrong]
        arguments.misses.write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
