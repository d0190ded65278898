"""Lists definitions that nothing in the repository refers to.

It is said only of a definition whose name no unresolved reference has. What is reached without a reference is left out:
what runs first, tests, what is decorated or annotated, what overrides a member or may override one from outside, what
a package exports, and what languages call by themselves.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.table import ArrowTable
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.joining.facts import SCOPE_BLOCK, SCOPE_FUNCTION
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.languages.called_names import STARTS_IN_TYPES, is_called_by_itself, starts_of
from repomap_fast.languages.table import FAMILY_OF_LANGUAGE, LANGUAGES, find_languages
from repomap_fast.paths import row_of
from repomap_fast.progress import STAGE_USES
from repomap_fast.resolving.given_macros import MOST_GIVEN
from repomap_fast.resolving.go_packages import GoPackages
from repomap_fast.resolving.meanings import IS_UNKNOWN
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.script_exports import ScriptExports
from repomap_fast.resolving.site_resolver import SiteResolver
from repomap_fast.resolving.source_tree import SCRIPTS
from repomap_fast.screens import Screen
from repomap_fast.symbols.filters import files_matching
from repomap_fast.symbols.names import qualified
from repomap_fast.symbols.refs import RefersTo
from repomap_fast.symbols.sites import how_line
from repomap_fast.symbols.source import first_row, read_source
from repomap_fast.tables import DEFINITION_ROWS, NO_LANGUAGE, ROLE_DEFINITION, ROLE_REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from repomap_fast.arrow.stream import Column
    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.progress import Progress
    from repomap_fast.resolving.site_resolver import Group
    from repomap_fast.tables import I64, RowColumn

KINDS = frozenset(
    (
        "function",
        "method",
        "class",
        "type",
        "interface",
        "struct",
        "enum",
        "macro",
        "record",
        "trait",
        "union",
        "object",
    )
)
"""Kinds of definitions that are looked at."""
_NOT_CODE = PathKind.VENDORED | PathKind.GENERATED
_EXPORT = re.compile(r"\bexports?\b")
_IS_PROGRAM = re.compile(r"\bobject\b.*\b(?:extends|with)\s+App\b")
"""An object of Scala that is a program: its body is run."""
_SCRIPT_NAME = re.compile(r"#?[\w$]+")
_SETTER = re.compile(rb"\w+=")
_SETTINGS = ("pyproject.toml", "setup.cfg", "setup.py", "package.json", "Cargo.toml", "composer.json", "NAMESPACE")
"""Files that name entry points."""
_METHOD_OF_S3 = re.compile(r"\bS3method\(\s*+\"?([\w.]++)\"?\s*+,\s*+\"?([\w.]++)")
"""What a package of R says of a method: its name is that of the function, a dot, and the class."""
_ANNOTATION = re.compile(r"\s*(?:@\w|#\[|\[\w|\[\[|\[<)")
# A list without an end is a match too, so that the next search begins behind it.
_EXPORTED = re.compile(r"__all__\s*+(?::(?:(?!__all__)[^=\n])*+)?\+?=\s*+[\[(]([^\])]*+)")
_ROWS_OF_SIGNATURE = 3
_DECLARED_OUTSIDE = re.compile(
    r"\b(?:export|pub|public|protected|override|extern|virtual|operator|abstract|implicit|given|EXPORT_SYMBOL\w*|JNIEXPORT)\b"
)
"""Words that say that others may use a definition."""
_SAY_WHO_MAY_USE = frozenset(("c", "cpp"))
"""Languages with rules that have such words."""


@dataclass(frozen=True, slots=True, repr=False)
class Unused(Screen, ArrowTable):
    """Definitions that nothing in the repository refers to; in Arrow with the columns of ``tables.DEFINITION_ROWS``.

    definitions  the first of them, by path and line.
    n_unused     how many there are in all.
    n_unsure     definitions of which it is not said, since a reference of that name is not resolved.
    n_by_how     how many of them were found by ``rules`` that resolve references, and how many by their ``name`` alone.
    n_looked_at  functions, methods, classes, types and macros that were looked at.
    notes        sentences for the user.
    """

    definitions: tuple[RefersTo, ...]
    n_unused: int
    n_unsure: int
    n_looked_at: int
    n_by_how: dict[str, int] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return DEFINITION_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the rows as one batch."""
        from repomap_fast.symbols.reference_rows import definition_batch

        yield definition_batch(self.definitions)

    @property
    def text(self) -> str:
        """All of it as text, one definition a line."""
        return "".join(f"{line}\n" for line in unused_lines(self))

    def __str__(self) -> str:
        return self.text


def find_unused(result: ScanResult, paths: tuple[str, ...], *, limit: int, tests: bool, watch: Progress) -> Unused:
    """Return the definitions that nothing refers to.

    paths  files, folders or patterns in which they are looked for; none for all. References count wherever they are.
    limit  return no more; 0 for all.
    tests  look in tests too.

    Raises ScanCancelled, IndexDamagedError.
    """
    search = _Search(result, watch)
    rows = search.candidates(paths, tests=tests)
    found = search.unused(rows)
    told = [tag for row in found if search.is_told(row, tag := result.tag(row))]
    return Unused(
        definitions=tuple(
            RefersTo(tag.path, tag.line, tag.end_line or tag.line, tag.kind, tag.name, tag.scope)
            for tag in told[: limit or None]
        ),
        n_unused=len(told),
        n_unsure=search.n_unsure,
        n_looked_at=len(rows),
        n_by_how=search.how_counts(told),
        notes=tuple(search.notes()),
    )


def unused_lines(found: Unused, most: int | None = None) -> list[str]:
    """Return the lines of the text, with no more than ``most`` definitions."""
    noun = "definition" if found.n_unused == 1 else "definitions"
    lines = [
        f"{found.n_unused:,} {noun} without a known reference, of {found.n_looked_at:,}",
        how_line(found.n_by_how, found.n_unsure),
    ]
    if found.n_unsure:
        lines.append(f"{found.n_unsure:,} more may be unused: a reference of that name is not resolved")
    shown = found.definitions[:most]
    if shown:
        lines.append("")
    lines += [f"{one.path}:{one.line}-{one.end_line} {one.kind} {qualified(one)}" for one in shown]
    if (n_more := found.n_unused - len(shown)) and shown:
        lines.append(f"… and {n_more:,} more")
    return lines


def fitted_unused(found: Unused, tokens: int) -> Unused:
    """Return so many of the definitions that the text is within a budget of tokens."""
    most = len(found.definitions)
    while most and estimate_tokens("".join(f"{line}\n" for line in unused_lines(found, most))) > tokens:
        most = most * 3 // 4
    return replace(found, definitions=found.definitions[:most])


def _name_in_uses(name: bytes) -> bytes:
    """Return the name by which code calls a definition: ``a.size = 1`` calls the method ``size=`` of Ruby."""
    return name[:-1] if _SETTER.fullmatch(name) else name


class _Search:
    """One search for definitions that nothing refers to."""

    def __init__(self, result: ScanResult, watch: Progress) -> None:
        self._result = result
        self._table = result.tag_table
        self._watch = watch
        self._resolver = SiteResolver(result)
        self._offsets = result.file_table.tag_offsets.astype(np.int64)
        self._sources_read: dict[str, SourceLines | None] = {}
        self._exported: dict[str, set[str]] = {}
        self._go_packages = GoPackages(self._resolver.sources)
        self._has_by_name = False
        self._set_by_many: set[bytes] = set()
        """Names of macros that more files define than are looked at for one site."""
        self.n_unsure = 0
        texts = filter(None, map(self._resolver.sources.tree.read, _SETTINGS))
        self._entry_points = _METHOD_OF_S3.sub(r"\1.\2", "\n".join(texts))

    def candidates(self, paths: tuple[str, ...], *, tests: bool) -> I64:
        """Return the rows of the definitions that are looked at."""
        result, table = self._result, self._table
        is_kind = np.array([kind in KINDS for kind in table.kinds], np.bool_)
        rows: I64 = np.flatnonzero((table.roles == ROLE_DEFINITION) & is_kind[table.kind_ids]).astype(np.int64)
        left_out = int(_NOT_CODE if tests else _NOT_CODE | PathKind.TESTS)
        # Documents and settings define what readers and tools refer to.
        is_file_wanted = np.isin(result.file_table.language_ids, find_languages("code"))
        is_file_wanted &= classify_files(result.file_table) & left_out == 0
        if paths:
            is_file_wanted &= files_matching(result, paths)
        rows = rows[is_file_wanted[self._files_of(rows)]]
        languages = result.file_table.language_ids[self._files_of(rows)].astype(np.int64)
        keys, which = np.unique(table.name_ids[rows] * np.int64(len(LANGUAGES)) + languages, return_inverse=True)
        is_called = [
            is_called_by_itself(LANGUAGES[key % len(LANGUAGES)].name, table.names[key // len(LANGUAGES)])
            for key in keys.tolist()
        ]
        return rows[~np.array(is_called, np.bool_)[which]]

    def unused(self, rows: I64) -> list[int]:
        """Return those of some definitions that nothing refers to."""
        files = self._files_of(rows)
        is_resolvable = np.array([self._resolver.can_resolve(file) for file in files.tolist()], np.bool_)
        self._has_by_name = not is_resolvable.all()
        by_rules = self._unused_by_rules(rows[is_resolvable], files[is_resolvable])
        return sorted([*by_rules, *self._unused_by_name(rows[~is_resolvable])])

    def _unused_by_rules(self, rows: I64, files: I64) -> list[int]:
        rows_of_group: dict[Group, list[int]] = {}
        for row, file in zip(rows.tolist(), files.tolist(), strict=True):
            for group in self._resolver.groups_of(file, [row - int(self._offsets[file])]):
                rows_of_group.setdefault(group, []).append(row)
        waiting: dict[bytes, set[Group]] = {}
        for group in rows_of_group:
            if not self._resolver.may_override(group):
                waiting.setdefault(group[2], set()).add(group)
        self._drop_named_by_others(waiting)
        self._set_by_many = {
            name for name, groups in waiting.items() if self._n_macros(groups, rows_of_group) > MOST_GIVEN
        }
        n_files = len(self._result.file_table)
        for file in range(n_files):
            if not self._resolver.can_resolve(file):
                continue
            self._watch.report(STAGE_USES, file, n_files)
            here = self._resolver.sources.scopes(file)
            wanted = {number for number, name in enumerate(here.names) if name in waiting}
            for site, number in enumerate(here.site_names):
                name = here.names[number]
                if number not in wanted or name not in waiting:
                    continue
                self._look_at(file, site, waiting)
        return [row for groups in waiting.values() for group in groups for row in rows_of_group[group]]

    def _drop_named_by_others(self, waiting: dict[bytes, set[Group]]) -> None:
        """Take out of those that wait what files without rules name: Objective-C may use what C defines."""
        sources = self._resolver.sources
        families = {sources.family(group[0]) for groups in waiting.values() for group in groups}
        others = [file for file in range(len(self._result.file_table)) if self._is_of(file, families)]
        if not others:
            return
        for name, files in sources.files_naming(list(waiting)).items():
            if any(self._is_of(file, {sources.family(group[0]) for group in waiting[name]}) for file in files):
                self.n_unsure += len(waiting.pop(name))

    def _is_of(self, file: int, families: set[int]) -> bool:
        """Return whether a file is of one of these families, but has no rules."""
        sources = self._resolver.sources
        return sources.has_tags(file) and not self._resolver.can_resolve(file) and sources.family(file) in families

    def _n_macros(self, groups: set[Group], rows_of_group: dict[Group, list[int]]) -> int:
        if len(groups) <= MOST_GIVEN:
            return 0
        kinds, kind_ids = self._table.kinds, self._table.kind_ids
        return sum(kinds[int(kind_ids[rows_of_group[group][0]])] == "macro" for group in groups)

    def _look_at(self, file: int, site: int, waiting: dict[bytes, set[Group]]) -> None:
        """Take out of those that wait what a site refers to; all of its name where not all that it means is known."""
        how, targets = self._resolver.resolve(file, site)
        here = self._resolver.sources.scopes(file)
        name = here.names[here.site_names[site]]
        # Of hundreds of files that set a macro before they include a header that asks for it, some are looked at.
        if how == IS_UNKNOWN or (targets and name in self._set_by_many):
            self.n_unsure += len(waiting.pop(name))
        for target in targets:
            group = self._resolver.group(*target)
            of_name = waiting.get(group[2])
            if of_name is not None:
                of_name.discard(group)
                if not of_name:
                    del waiting[group[2]]

    def _unused_by_name(self, rows: I64) -> list[int]:
        if not len(rows):
            return []
        table, result = self._table, self._result
        language_ids = result.file_table.language_ids
        # A file without a language has no tags.
        families = np.array(FAMILY_OF_LANGUAGE, np.int64)[np.where(language_ids == NO_LANGUAGE, 0, language_ids)]
        n_families = len(LANGUAGES) + 1
        name_ids, which = np.unique(table.name_ids[rows], return_inverse=True)
        asked = [_name_in_uses(table.names[name_id]) for name_id in name_ids.tolist()]
        keys = table.name_ids.astype(np.int64) * n_families + families[self._files_of(np.arange(len(table)))]
        asked_keys = self._ids_of(asked, name_ids)[which] * n_families + families[self._files_of(rows)]
        is_referred = np.isin(asked_keys, keys[table.roles == ROLE_REFERENCE])
        rows, which = rows[~is_referred], which[~is_referred]
        # All names in one pass: a repository of C has millions of macros that nothing refers to.
        distinct = list(dict.fromkeys(asked))
        are_used = np.zeros(len(distinct), np.bool_)
        are_used[result.uses.files_using(distinct)[1]] = True
        used = set(itertools.compress(distinct, are_used.tolist()))
        is_used = np.array([name in used for name in asked], np.bool_)
        found: list[int] = rows[~is_used[which]].tolist()
        return found

    def _ids_of(self, asked: list[bytes], name_ids: NDArray[np.uint32]) -> I64:
        """Return the rows of names among all names; of one that is not there, that of the definition's own name."""
        ids = name_ids.astype(np.int64)
        others = {name: at for at, name in enumerate(asked) if name != self._table.names[int(name_ids[at])]}
        for name_id, name in enumerate(self._table.names) if others else ():
            if name in others:
                ids[others[name]] = name_id
        return ids

    def is_told(self, row: int, tag: Tag) -> bool:
        """Return whether nothing else says that a definition may be used."""
        # A pattern of a name of a megabyte takes seconds to compile; few names stand there at all.
        if tag.name in self._entry_points and re.search(rf"\b{re.escape(tag.name)}\b", self._entry_points):
            return False
        source = self._source(tag.path)
        if source is None:
            return False
        line = tag.line - 1
        above = first_row(source, tag.language, line)
        head = [source.line(one, 400) for one in range(above, min(line + 1, len(source)))]
        if any(_ANNOTATION.match(line) for line in head):
            return False
        if tag.name in self._exports(tag.path, source) or self._is_program(tag, head):
            return False
        if tag.language == "julia" and head[-1][: tag.column].endswith("."):
            # A method of a function of another module, which calls it.
            return False
        if tag.language in SCRIPTS:
            return self._is_local(row) or not self._is_given(tag, any(_EXPORT.search(line) for line in head))
        if tag.language == "go":
            file = self._resolver.sources.tree.row_of[tag.path]
            return not self._go_packages.may_be_used_elsewhere(file, tag.name)
        if tag.language == "java":
            # What others may use is said before the name.
            return not any(map(_DECLARED_OUTSIDE.search, [*head[:-1], head[-1][: tag.column]]))
        if self._resolver.has_rules(tag.language) and tag.language not in _SAY_WHO_MAY_USE:
            return True
        rest = (source.line(one, 400) for one in range(line, min(line + _ROWS_OF_SIGNATURE, len(source))))
        return not any(_DECLARED_OUTSIDE.search(line) for line in (*head, *rest))

    def _is_program(self, tag: Tag, head: list[str]) -> bool:
        """Return whether a program begins in a type, so that nothing has to name the type."""
        if tag.language not in STARTS_IN_TYPES or tag.kind in ("function", "method"):
            return False
        if tag.language == "scala" and any(map(_IS_PROGRAM.search, head)):
            return True
        file = self._resolver.sources.tree.row_of[tag.path]
        return any(tag.line <= row + 1 <= (tag.end_line or tag.line) for row in self._starts.get(file, ()))

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """The rows of each file in which methods stand that programs may begin with."""
        table = self._table
        wanted = {os.fsencode(name) for language in STARTS_IN_TYPES for name in starts_of(language)}
        name_ids = [name_id for name_id, name in enumerate(table.names) if name in wanted]
        found: dict[int, list[int]] = {}
        rows = np.flatnonzero(np.isin(table.name_ids, name_ids) & (table.roles == ROLE_DEFINITION))
        for row, file in zip(table.rows[rows].tolist(), self._files_of(rows).tolist(), strict=True):
            found.setdefault(file, []).append(row)
        return found

    def _is_local(self, row: int) -> bool:
        """Return whether a definition is known in a function around it alone; what names itself alone is a value."""
        file = int(self._files_of(np.array([row]))[0])
        here = self._resolver.sources.scopes(file)
        number = row - int(self._offsets[file])
        binding = here.binding_of_tag.get(number)
        scope = NONE if binding is None else here.binding_scopes[binding]
        while scope != NONE and here.scope_kinds[scope] == SCOPE_BLOCK:
            scope = here.scope_parents[scope]
        return scope != NONE and here.scope_kinds[scope] == SCOPE_FUNCTION and here.scope_tags[scope] != number

    def _is_given(self, tag: Tag, is_exported: bool) -> bool:
        """Return whether a package gives a definition, or the type that it is a member of, to others."""
        owner = tag.scope.partition(".")[0] if tag.scope else tag.name
        if not _SCRIPT_NAME.fullmatch(owner):
            # ``declare module "name"`` adds to what another file says.
            return True
        file = row_of(self._result.file_table.paths, os.fsencode(tag.path))
        # The line of a member does not say whether the type is exported.
        is_exported = is_exported or bool(tag.scope)
        return file is not None and self._script_exports.gives(file, os.fsencode(owner), is_exported=is_exported)

    @cached_property
    def _script_exports(self) -> ScriptExports:
        return ScriptExports(self._resolver.sources)

    def _exports(self, path: str, source: SourceLines) -> set[str]:
        """Return the names that a file of Python says it exports."""
        if path not in self._exported:
            text = source.text.decode(errors="replace") if b"__all__" in source.text else ""
            self._exported[path] = {name for found in _EXPORTED.findall(text) for name in re.findall(r"\w+", found)}
        return self._exported[path]

    def how_counts(self, tags: list[Tag]) -> dict[str, int]:
        """Return how many definitions were looked for by rules that resolve references, and how many by name."""
        n_by_rules = sum(self._resolver.has_rules(tag.language) for tag in tags)
        return {how: n for how, n in (("rules", n_by_rules), ("name", len(tags) - n_by_rules)) if n}

    def notes(self) -> list[str]:
        """Return what the user should know."""
        if not self._has_by_name:
            return []
        return ["by name: in languages without rules, a definition counts as used if anything has its name"]

    def _source(self, path: str) -> SourceLines | None:
        if path not in self._sources_read:
            from repomap_fast.paths import encoded

            contents, most = self._result.contents, self._result.options.max_file_size
            self._sources_read = {path: read_source(contents, encoded(path), most)}
        return self._sources_read[path]

    def _files_of(self, rows: NDArray[np.int64] | NDArray[np.intp]) -> I64:
        return np.searchsorted(self._offsets, rows, side="right") - 1
