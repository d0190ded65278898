"""Tables of rows that pyarrow, polars, pandas and DuckDB read as they are.

Every scan imports this; what makes the rows is imported when they are asked for.
"""

from __future__ import annotations

from abc import abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from repomap_fast.errors import MissingPackageError
from repomap_fast.screens import OneScreen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repomap_fast.arrow.stream import Column, TableStream
    from repomap_fast.tables import RowColumn
_Row = TypeVar("_Row", covariant=True)


class ArrowTable:
    """What speaks Arrow's PyCapsule interface: ``polars.DataFrame(rows)``, ``pyarrow.table(rows)``.

    A subclass says which columns there are, and gives them in batches.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table: their names, types and meanings."""

    @abstractmethod
    def arrow_batches(self) -> Iterator[Column]:
        """Yield the rows in batches."""

    def __arrow_c_schema__(self) -> object:
        return self._stream().__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._stream().__arrow_c_stream__(requested_schema)

    def _stream(self) -> TableStream:
        from repomap_fast.arrow.fields import table_field
        from repomap_fast.arrow.stream import TableStream

        return TableStream(table_field(self.row_columns), self.arrow_batches())

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``. Raises MissingPackageError."""
        return _package("pyarrow", "to_arrow", "arrow").table(self)

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``. Raises MissingPackageError."""
        return _package("polars", "to_polars", "polars").DataFrame(self)

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``; texts are categories. Raises MissingPackageError."""
        pandas = _package("pandas", "to_pandas", "pandas")
        _package("pyarrow", "to_pandas", "pandas")
        return pandas.DataFrame.from_arrow(self)


class ArrowRows(ArrowTable, OneScreen, Generic[_Row]):
    """Rows as objects, and as a table of Arrow.

    They have every method of a sequence. But they are no ``collections.abc.Sequence``: of that polars reads the objects
    one by one, and never asks for the table.
    """

    __slots__ = ()

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __getitem__(self, position: int, /) -> _Row: ...

    def __iter__(self) -> Iterator[_Row]:
        return (self[row] for row in range(len(self)))

    def __reversed__(self) -> Iterator[_Row]:
        return (self[row] for row in reversed(range(len(self))))

    def __contains__(self, row: object) -> bool:
        return any(one == row for one in self)

    def index(self, row: object, start: int = 0, stop: int | None = None) -> int:
        """Return where a row first stands. Raises ValueError."""
        for place in range(len(self))[start:stop]:
            if self[place] == row:
                return place
        raise ValueError(f"{row!r} is not among these rows")

    def count(self, row: object) -> int:
        """Return how often a row stands here."""
        return sum(one == row for one in self)


def _package(name: str, method: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackageError(
            f"{method} needs {name}, which is not installed; run: pip install 'repomap-fast[{extra}]'", name=name
        ) from error
