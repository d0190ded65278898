"""What a repository says of its own maps: ``.repomap-fast.toml``, or ``[tool.repomap-fast]`` in ``pyproject.toml``.

Both stand at the root; where both say something, only ``.repomap-fast.toml`` counts. This is all they can say:

    tokens = 2048                      # as --tokens
    important = ["docs/design.md"]     # files that come first, before those that are always important

    [weights]                          # in pyproject.toml: [tool.repomap-fast.weights]
    focus-references = 20              # any field of ``weights.Weights``, with hyphens or underscores
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from repomap_fast.errors import ConfigurationError, OptionError
from repomap_fast.places import path_below
from repomap_fast.weights import Weights

OWN_FILE = ".repomap-fast.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = "tool.repomap-fast"
_MAX_BYTES = 1 << 20
"""Settings that people write are far below it; whatever is above is some other file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings of a repository; None and empty where it says nothing.

    tokens     token budget of a map.
    important  paths below the root, as a scan has them.
    weights    the defaults, but for what it says.
    """

    tokens: int | None = None
    important: tuple[bytes, ...] = ()
    weights: Weights = field(default_factory=Weights)


def read_configuration(root: Path) -> Configuration:
    """Return what the folder ``root`` says. Raises ConfigurationError for what cannot be understood."""
    own = root / OWN_FILE
    if (text := _read(own)) is not None:
        return _configuration(_parse(own, text), _Place(own, ""))
    shared = root / SHARED_FILE
    # Most have no such table, and need no parser, which takes longer to load than a map of a small repository.
    if (text := _read(shared)) is None or b"repomap-fast" not in text:
        return Configuration()
    tools = _parse(shared, text).get("tool")
    table = tools.get("repomap-fast") if isinstance(tools, dict) else None
    return Configuration() if table is None else _configuration(table, _Place(shared, _TABLE))


@dataclass(frozen=True, slots=True)
class _Place:
    """A table in a file, for messages."""

    file: Path
    table: str

    def below(self, key: str) -> str:
        return f"{self.table}.{key}" if self.table else key

    def error(self, key: str, found: Any, expected: str) -> ConfigurationError:
        return ConfigurationError(f"{self.file}: {self.below(key)} is {_shown(found)}; expected {expected}")

    def unknown(self, key: str, known: Iterable[str]) -> ConfigurationError:
        from difflib import get_close_matches

        names = sorted(known)
        meant = get_close_matches(key, names, 1)
        expected = f"did you mean {meant[0]!r}?" if meant else f"expected {_listed(names)}"
        return ConfigurationError(f"{self.file}: there is no setting {self.below(key)!r}; {expected}")


def _read(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            text = opened.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}; expected settings") from error
    if len(text) > _MAX_BYTES:
        raise ConfigurationError(f"{file} has more than {_MAX_BYTES} bytes; expected settings")
    return text


def _parse(file: Path, text: bytes) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text.decode())
    except ValueError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}") from error


def _configuration(table: Any, place: _Place) -> Configuration:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{place.file}: {place.table} is {_shown(table)}; expected a table")
    settings: dict[str, Any] = {}
    readers = {"tokens": _tokens, "important": _paths, "weights": _weights}
    for key, value in table.items():
        if key not in readers:
            raise place.unknown(key, readers)
        settings[key] = readers[key](key, value, place)
    return Configuration(**settings)


def _tokens(key: str, value: Any, place: _Place) -> int:
    if type(value) is not int or value < 1:
        raise place.error(key, value, "a whole number of at least 1")
    return value


def _paths(key: str, value: Any, place: _Place) -> tuple[bytes, ...]:
    if not isinstance(value, list) or not all(isinstance(path, str) and path for path in value):
        raise place.error(key, value, "a list of paths, such as ['docs/design.md']")
    return tuple(path_below(place.file.parent, path) for path in value)


def _weights(key: str, value: Any, place: _Place) -> Weights:
    if not isinstance(value, dict):
        raise place.error(key, value, "a table of numbers")
    inner = _Place(place.file, place.below(key))
    types = {field.name: field.type for field in fields(Weights)}
    weights: dict[str, Any] = {}
    for spelling, weight in value.items():
        name = spelling.replace("-", "_")
        if name not in types:
            raise inner.unknown(spelling, [known.replace("_", "-") for known in types])
        if name in weights:
            raise inner.error(spelling, weight, f"{name.replace('_', '-')} once")
        is_whole = types[name] == "int"
        if isinstance(weight, bool) or not isinstance(weight, int if is_whole else int | float):
            raise inner.error(spelling, weight, "a whole number" if is_whole else "a number")
        try:
            Weights(**{name: weight})
        except OptionError as error:
            raise inner.error(spelling, weight, str(error).partition("expected ")[2]) from error
        weights[name] = weight
    return Weights(**weights)


def _shown(value: Any) -> str:
    """Return a value as TOML would have it, nearly, and not too long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
