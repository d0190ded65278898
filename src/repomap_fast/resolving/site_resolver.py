"""Resolves references: what each site in a file means, by the rules of its language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.meanings import BOUND
from repomap_fast.resolving.source_tree import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.resolving.meanings import Meanings, Resolved, Sources

    class Rules(Protocol):
        """The rules of a language."""

        def resolve(self, file: int, site: int) -> Resolved:
            """Return what a site refers to."""
            ...

        def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
            """Return what a member of a class stands for: the same of its bases, and OUT or UNKNOWN for other bases."""
            ...


@runtime_checkable
class Grouping(Protocol):
    """Rules of a language in which one scope may have several targets of a name, or several scopes the same one."""

    def group(self, file: int, binding: int) -> Group:
        """Return what a binding belongs to."""
        ...


_RULES = {"c": "c", "go": "go", "java": "java", "python": "python", **dict.fromkeys(SCRIPTS, "script")}
"""The rules of each language that has some. Languages whose files use each other's names share them."""

RESOLVED = frozenset(_RULES.keys() - SCRIPTS)
"""Languages in which every definition is found by rules; in the others components are not."""

Group = tuple[int, int, bytes]
"""All bindings of one name in one scope of a file: file, scope, name. They are one target: overloads, accessors and
repeated assignments."""


class SiteResolver:
    """Resolves sites of the files of a scan, by rows of its file table. Every method raises IndexDamagedError."""

    def __init__(self, result: ScanResult) -> None:
        self.sources = FileSources(result)
        self._rules: dict[str, Rules] = {}
        self._grouping: dict[str, Callable[[int, int], Group] | None] = {}
        """How the rules of each language group bindings; None where these are grouped by scope and name."""

    def can_resolve(self, file: int) -> bool:
        """Return whether there are rules for the language of a file."""
        return self.has_rules(self.sources.language(file))

    def has_rules(self, language: str) -> bool:
        """Return whether there are rules for a language."""
        return language in _RULES

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site of a file refers to; the language of the file has rules."""
        return self._rules_of(file).resolve(file, site)

    def may_override(self, group: Group) -> bool:
        """Return whether a member of a class may stand for one of its bases, or of what is outside."""
        return bool(self._rules_of(group[0]).overridden(*group))

    def overridden(self, group: Group) -> list[tuple[int, int]]:
        """Return the members of its bases that a member of a class stands for: pairs of file and binding."""
        return [(one[1], one[2]) for one in self._rules_of(group[0]).overridden(*group) if one[0] == BOUND]

    def _rules_of(self, file: int) -> Rules:
        name = _RULES[self.sources.language(file)]
        rules = self._rules.get(name)
        if rules is None:
            rules = self._rules[name] = _new_rules(name, self.sources)
            self._grouping[name] = rules.group if isinstance(rules, Grouping) else None
        return rules

    def _grouping_of(self, file: int) -> Callable[[int, int], Group] | None:
        name = _RULES.get(self.sources.language(file))
        if name is None:
            return None
        if name not in self._grouping:
            self._rules_of(file)
        return self._grouping[name]

    def groups_of(self, file: int, tags: Iterable[int]) -> Iterator[Group]:
        """Yield what definitions of a file are, as references see them."""
        here = self.sources.scopes(file)
        for tag in tags:
            binding = here.binding_of_tag.get(tag)
            if binding is not None:
                yield self.group(file, binding)

    def group(self, file: int, binding: int) -> Group:
        """Return what a binding belongs to."""
        grouping = self._grouping_of(file)
        if grouping is not None:
            return grouping(file, binding)
        here = self.sources.scopes(file)
        return file, here.binding_scopes[binding], here.name_of_binding(binding)


def _new_rules(name: str, sources: Sources) -> Rules:
    # A question is mostly about one language: the rules of the others need not be loaded.
    if name == "c":
        from repomap_fast.resolving.c_rules import CRules

        return CRules(sources)
    if name == "go":
        from repomap_fast.resolving.go_rules import GoRules

        return GoRules(sources)
    if name == "java":
        from repomap_fast.resolving.java_rules import JavaRules

        return JavaRules(sources)
    if name == "python":
        from repomap_fast.resolving.python_rules import PythonRules

        return PythonRules(sources)
    from repomap_fast.resolving.script_rules import ScriptRules

    return ScriptRules(sources)
