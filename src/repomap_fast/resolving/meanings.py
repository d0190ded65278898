"""What a name, a chain or a member can mean, as small tuples; and how it was found."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from repomap_fast.joining.imports import ImportTable
    from repomap_fast.resolving.file_sources import NamedFileTags
    from repomap_fast.resolving.scopes import FileScopes
    from repomap_fast.resolving.source_tree import Found, SourceTree, Written

Meaning: TypeAlias = tuple[int, ...]
"""The first number says which of these; the others are those that are named there."""
Meanings: TypeAlias = tuple[Meaning, ...]
Thing = TypeVar("Thing")

BOUND, MODULE, OUT, CLASS, OF_CLASS, FUNCTION, ABOVE, GENERIC_OUT, CLASS_AS_VALUE, UNKNOWN, ARRAY, SEVERAL = range(12)
"""What a name means:
BOUND        file, binding: what is bound there.
MODULE       file: a module, or a package by its file.
OUT          something outside of the repository.

What an expression means, besides MODULE and OUT:
CLASS        file, scope: the class that opens that scope, or an object or function that is used as a type.
OF_CLASS     file, scope: an instance of it.
FUNCTION     file, scope.
ABOVE        file, scope: the bases of a class, as ``super()`` gives them.
GENERIC_OUT  file, scope, chain: something from outside that is made for the types in a list of arguments. In languages
             with written types, the row before the chain: names below are not seen.
CLASS_AS_VALUE  file, scope: the type whose instance is that class itself.
UNKNOWN      a base that is not resolved; in languages with written types also what has the type of a type parameter
             that has no bound; in C what has a type that a macro gives another name.
ARRAY        file, scope, row, chain: the same of an array, a map or the like.
SEVERAL      a number of ``Alternatives``: one of some values.
"""
OUTSIDE: Meanings = ((OUT,),)
NOTHING: Meanings = ()

HOWS = ("scope", "import", "member", "guess", "name", "outside", "unknown")
BY_SCOPE, BY_IMPORT, BY_MEMBER, BY_GUESS, BY_NAME, IS_OUTSIDE, IS_UNKNOWN = range(7)
"""How a reference was found: rows of HOWS.

scope    the name is bound in a scope around it.
import   the name is imported, or a member of a module.
member   what stands before the dot has a known type.
guess    it has none, but only one class has a member of that name.
name     by its name alone, in languages whose scopes are not read.
outside  it means something outside of the repository.
unknown  none of these.
"""


class Resolved(NamedTuple):
    """What a site refers to: pairs of file and binding, and how they were found."""

    how: int
    targets: tuple[tuple[int, int], ...]


UNRESOLVED = Resolved(IS_UNKNOWN, ())
LEADS_OUT = Resolved(IS_OUTSIDE, ())


def resolved(how: int, means: Iterable[Meaning]) -> Resolved:
    """Return what a site refers to that means this."""
    targets = tuple(dict.fromkeys((one[1], one[2]) for one in means if one[0] == BOUND))
    if targets:
        return Resolved(how, targets)
    return LEADS_OUT if any(one[0] in (OUT, MODULE) for one in means) else UNRESOLVED


def only_member(members: Mapping[int, Mapping[int, list[int]]]) -> Resolved:
    """Return the member of the only class that has one of a name, as a guess.

    members  of classes, by their files, then by the scopes of their classes.
    """
    owned = [(file, bindings) for file, classes in islice(members.items(), 2) for bindings in classes.values()]
    if len(owned) != 1:
        return UNRESOLVED
    ((file, bindings),) = owned
    return Resolved(BY_GUESS, tuple((file, binding) for binding in bindings))


def instance(value: Meaning) -> Meanings:
    """Return what a value is of the type that another value is."""
    if value[0] == CLASS:
        return ((OF_CLASS, *value[1:]),)
    if value[0] == CLASS_AS_VALUE:
        return ((CLASS, *value[1:]),)
    return (value,) if value[0] in (OF_CLASS, GENERIC_OUT, OUT, ARRAY) else NOTHING


def each(things: Iterable[Thing], function: Callable[[Thing], Meanings]) -> Meanings:
    """Return what a function gives for each of some things."""
    return tuple(meaning for thing in things for meaning in function(thing))


class Sources(Protocol):
    """What rules know of the files. Files are rows of the file table."""

    @property
    def tree(self) -> SourceTree:
        """The files, as the search for a module reads them."""
        ...

    def scopes(self, file: int) -> FileScopes:
        """Return the scopes of a file."""
        ...

    def language(self, file: int) -> str:
        """Return the language whose rules hold in a file, or an empty text."""
        ...

    def tags(self, file: int) -> NamedFileTags:
        """Return the tags of a file."""
        ...

    def imports(self, file: int) -> ImportTable:
        """Return what a file imports, as it is written."""
        ...

    def imported(self, file: int, row: int) -> Written:
        """Return an import: a row of the table of a file's imports."""
        ...

    def is_renamed(self, file: int, row: int) -> bool:
        """Return whether an import gives what it takes another name."""
        ...

    def imported_at(self, file: int, line: int, name: bytes) -> Written | None:
        """Return the import on a line, zero-based, that takes this name from a module; None where there is none."""
        ...

    def stars(self, file: int) -> list[Written]:
        """Return the imports of all names of a module, in the order of the text."""
        ...

    def passed_on(self, file: int, name: bytes) -> list[Written]:
        """Return the imports by which a file passes something on under a name, without binding it."""
        ...

    def all_passed_on(self, file: int) -> list[Written]:
        """Return all imports by which a file passes something on under a name."""
        ...

    def all_imports(self, languages: Collection[str]) -> Iterator[tuple[int, Written]]:
        """Yield all imports of files in some languages, as modules, with the file."""
        ...

    def family(self, file: int) -> int:
        """Return the first language of the family that the language of a file is of."""
        ...

    def has_imports(self, file: int) -> bool:
        """Return whether a file imports anything."""
        ...

    def files_with(self, file: int, name: bytes) -> list[int]:
        """Return the files that have a name, of the languages that a file can use."""
        ...

    def listed(self, file: int) -> frozenset[bytes] | None:
        """Return the names that a module of Python lists in ``__all__``; None where that is not known."""
        ...

    def find(self, file: int, written: Written) -> Found:
        """Return the files that an import in a file means."""
        ...

    def packages(self, language: str) -> list[tuple[int, str]]:
        """Return each file of a language with a package that it says it belongs to."""
        ...

    def included(self, file: int) -> tuple[int, ...]:
        """Return the files that a file includes by their paths."""
        ...

    def included_at(self, file: int) -> list[tuple[int, int]]:
        """Return the files that a file includes by their paths, each with the row, zero-based, that says so."""
        ...

    def includes_outside(self, file: int) -> bool:
        """Return whether a file includes one by its path that is not in the repository."""
        ...

    def including(self, file: int) -> list[int]:
        """Return the files that include a file by its path, rising; none in a repository with very many imports."""
        ...

    def definers(self, file: int, name: bytes) -> list[int]:
        """Return the files that define a name, in the languages that a file can use, rising."""
        ...

    def definers_of_kind(self, file: int, name: bytes, kind: str) -> list[int]:
        """Return those of them where the definition is of a kind. It looks at all tags and remembers nothing."""
        ...

    def kind(self, file: int, tag: int) -> str:
        """Return the kind of a tag of a file."""
        ...

    def members_named(self, file: int, name: bytes) -> list[tuple[int, int]]:
        """Return the bindings of a name in classes, in all files of the languages that a file can use."""
        ...

    def members_by_class(self, file: int, name: bytes) -> dict[int, dict[int, list[int]]]:
        """Return the same bindings: by their files, then by the scopes of their classes."""
        ...

    def members_in(self, file: int, name: bytes) -> dict[int, list[int]]:
        """Return those of one file, by the scopes of their classes."""
        ...
