"""What a repository says of its own maps: ``.repomap-fast.toml``, or ``[tool.repomap-fast]`` in ``pyproject.toml``.

Both stand at the root; where both say something, only ``.repomap-fast.toml`` counts. This is all they can say:

    tokens = 2048                      # as --tokens, at most 1,000,000
    important = ["docs/design.md"]     # files that come first, before those that are always important

    [weights]                          # in pyproject.toml: [tool.repomap-fast.weights]
    focus-references = 20              # any field of ``weights.Weights``, with hyphens or underscores

The author of a repository is not the user who maps it. So every value has a bound, and so has what the files cost:
their bytes, the parts of a key, brackets within brackets. Neither file is read through a symbolic link, nor where it is
a named pipe or a device: such a ``.repomap-fast.toml`` is an error, such a ``pyproject.toml`` is passed over.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from repomap_fast.errors import ConfigurationError, OptionError
from repomap_fast.paths import path_below
from repomap_fast.safe_files import read_below
from repomap_fast.weights import Weights

OWN_FILE = ".repomap-fast.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = "tool.repomap-fast"
_MOST_BYTES = {OWN_FILE: 1 << 16, SHARED_FILE: 1 << 18}
"""What people write is far below it; TOML of that size is parsed in less than a second, whatever it is."""
MOST_TOKENS = 1_000_000
"""Of a map, as far as a repository may say: more than language models take."""
MOST_IMPORTANT = 1_000
_MOST_SHOWN = 60
"""Characters of what was found that a message shows."""


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
    if not _is_regular(shared) or (text := _read(shared)) is None or b"repomap-fast" not in text:
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
        return ConfigurationError(f"{self.file}: {_cut(self.below(key))} is {_shown(found)}; expected {expected}")

    def unknown(self, key: str, known: Iterable[str]) -> ConfigurationError:
        from difflib import get_close_matches

        names = sorted(known)
        # Comparing takes the square of the key's length.
        meant = get_close_matches(key[:_MOST_SHOWN], names, 1)
        expected = f"did you mean {meant[0]!r}?" if meant else f"expected {_listed(names)}"
        return ConfigurationError(f"{self.file}: there is no setting {_shown(self.below(key))}; {expected}")


def _is_regular(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def _read(file: Path) -> bytes | None:
    most_bytes = _MOST_BYTES[file.name]
    try:
        return read_below(os.fsencode(file.parent), os.fsencode(file.name), most_bytes)
    except FileNotFoundError:
        return None
    except OSError as error:
        found = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror or str(error)
        raise ConfigurationError(
            f"{file} cannot be read: {found}; expected a regular file with settings, of at most {most_bytes:,} bytes: "
            "replace or remove it"
        ) from error


def _parse(file: Path, text: bytes) -> dict[str, Any]:
    import tomllib

    from repomap_fast.toml_bounds import CostlyTomlError, check_toml

    try:
        decoded = text.decode()
        check_toml(decoded)
        return tomllib.loads(decoded)
    except CostlyTomlError as error:
        raise ConfigurationError(f"{file}, {error}; expected settings: simplify that line, or remove it") from error
    except ValueError as error:
        raise ConfigurationError(f"{file} is not TOML: {_cut(str(error), 200)}; correct or remove it") from error


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
    if type(value) is not int or not 1 <= value <= MOST_TOKENS:
        raise place.error(key, value, f"a whole number, at least 1 and at most {MOST_TOKENS:,}")
    return value


def _paths(key: str, value: Any, place: _Place) -> tuple[bytes, ...]:
    if not isinstance(value, list) or not all(isinstance(path, str) and path for path in value):
        raise place.error(key, value, "a list of paths, such as ['docs/design.md']")
    if len(value) > MOST_IMPORTANT:
        raise place.error(key, value, f"at most {MOST_IMPORTANT:,} paths, not {len(value):,}")
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
        if weight > 1e9:
            raise inner.error(spelling, weight, "a number of at most 1e9")
        try:
            Weights(**{name: weight})
        except OptionError as error:
            raise inner.error(spelling, weight, str(error).partition("expected ")[2]) from error
        weights[name] = weight
    return Weights(**weights)


def _shown(value: Any) -> str:
    """Return a value as TOML would have it, nearly, and not too long."""
    try:
        return _cut(repr(value))
    except ValueError:
        # Python writes no number of more than some thousand digits.
        return "a number of too many digits"


def _cut(text: str, length: int = _MOST_SHOWN) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
