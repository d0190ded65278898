"""Sites as columns: one name may have half a million, and as objects they would take ten times the memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.tables import I64


class Site(NamedTuple):
    """A place that refers to something.

    file     row of the file table.
    row      zero-based, as is
    column   in bytes.
    kind     of the reference.
    how      row of ``meanings.HOWS``.
    around   number in the file of the innermost definition around it, or -1.
    """

    file: int
    row: int
    column: int
    kind: str
    how: int
    around: int


class Sites:
    """Any number of sites."""

    __slots__ = ("_arounds", "_columns", "_files", "_hows", "_kinds", "_number_of_kind", "_rows")

    def __init__(self, sites: Iterable[Site] = ()) -> None:
        """Take the sites, in their order."""
        self._files, self._rows, self._columns = array("i"), array("I"), array("I")
        self._kinds, self._hows, self._arounds = array("H"), array("b"), array("i")
        self._number_of_kind: dict[str, int] = {}
        for site in sites:
            self.add(site)

    def add(self, site: Site) -> None:
        """Add one to the end."""
        self._files.append(site.file)
        self._rows.append(site.row)
        self._columns.append(site.column)
        self._kinds.append(self._number_of_kind.setdefault(site.kind, len(self._number_of_kind)))
        self._hows.append(site.how)
        self._arounds.append(site.around)

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Site]:
        kinds = list(self._number_of_kind)
        for file, row, column, kind, how, around in zip(*self._arrays(), strict=True):
            yield Site(file, row, column, kinds[kind], how, around)

    def _arrays(self) -> tuple[array[int], ...]:
        return self._files, self._rows, self._columns, self._kinds, self._hows, self._arounds

    @property
    def files(self) -> I64:
        """The file of each: (n,) int64."""
        return np.array(self._files, np.int64)

    @property
    def hows(self) -> NDArray[np.int8]:
        """How each was found: (n,) int8."""
        return np.array(self._hows, np.int8)

    def at(self, places: NDArray[np.intp]) -> Self:
        """Return these of them, in this order."""
        found = type(self)()
        for mine, others in zip(self._arrays(), found._arrays(), strict=True):
            others.frombytes(np.frombuffer(mine, mine.typecode)[places].tobytes())
        found._number_of_kind = dict(self._number_of_kind)
        return found

    def in_order(self) -> Self:
        """Return them sorted as the objects are, each once."""
        files, rows, columns, kinds, hows, arounds = (np.frombuffer(one, one.typecode) for one in self._arrays())
        names = list(self._number_of_kind)
        ranks = np.empty(len(names), np.int64)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        keys = (arounds, hows, ranks[kinds], columns, rows, files)
        order = np.lexsort(keys)
        is_new = np.ones(len(order), np.bool_)
        is_new[1:] = np.logical_or.reduce([key[order][1:] != key[order][:-1] for key in keys])
        return self.at(order[is_new])
