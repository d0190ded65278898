"""Reads the settings that a repository has for its maps: ``.repomap-fast.toml``, or a table in ``pyproject.toml``.

Both files are at the root. If both have settings, only ``.repomap-fast.toml`` counts. These are all settings:

    tokens = 2048                      # as --tokens, at most 1,000,000
    important = ["docs/design.md"]     # files that come first, before those that are important in any repository
    macros = ["MY_API attribute"]      # macros of C and C++ that are passed over, or define something: as --macro

    [weights]                          # in pyproject.toml: [tool.repomap-fast.weights]
    focus-references = 20              # any field of ``weights.Weights``, with hyphens or underscores

Nothing in these files is trusted: the author of a repository is not the user who maps it. Every value has a bound, and
so has the cost of reading: the file's bytes, the parts of a key, the depth of brackets. Only regular files are read,
and no symbolic link is followed. A ``.repomap-fast.toml`` that is no regular file is an error; such a
``pyproject.toml`` is skipped.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repomap_fast.errors import ConfigurationError, OptionError
from repomap_fast.macros import MOST_MACROS, read_macro
from repomap_fast.paths import path_below
from repomap_fast.safe_files import read_below

if TYPE_CHECKING:
    from repomap_fast.weights import Weights

OWN_FILE = ".repomap-fast.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = "tool.repomap-fast"
_MOST_BYTES = {OWN_FILE: 1 << 16, SHARED_FILE: 1 << 18}
"""Largest file that is read."""
MOST_TOKENS = 1_000_000
"""Largest token budget that a repository may set: more than language models take."""
MOST_IMPORTANT = 1_000
"""Most paths in ``important``."""
_PASSING = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOMEM))
"""What the system says of itself, whatever the file is."""
_MOST_SHOWN = 60
"""Characters of a wrong value that an error shows."""


class Configuration(NamedTuple):
    """The settings of a repository.

    tokens     token budget of a map; None if it is not set.
    important  paths below the root, as bytes with ``/``.
    macros     lines as ``languages/known_macros.txt`` has them.
    weights    the defaults with the repository's own values in their places; None if it has none.
    """

    tokens: int | None = None
    important: tuple[bytes, ...] = ()
    macros: tuple[str, ...] = ()
    weights: Weights | None = None

    def weights_or_defaults(self) -> Weights:
        """Return the weights of this repository. A scan needs none, and so does not load them."""
        from repomap_fast.weights import Weights

        return self.weights or Weights()


def read_configuration(root: Path) -> Configuration:
    """Return the settings of the repository at ``root``. Raises ConfigurationError."""
    own = root / OWN_FILE
    if (text := _read(own)) is not None:
        return _configuration(_parse(own, text), _Table(own, ""))
    shared = root / SHARED_FILE
    # Most have no such table. They need no TOML parser: to load it takes longer than a map of a small repository.
    if not _is_regular(shared) or (text := _read(shared)) is None or b"repomap-fast" not in text:
        return Configuration()
    tools = _parse(shared, text).get("tool")
    table = tools.get("repomap-fast") if isinstance(tools, dict) else None
    return Configuration() if table is None else _configuration(table, _Table(shared, _TABLE))


class _Table(NamedTuple):
    """A table in a file, as errors name it."""

    file: Path
    table: str

    def below(self, key: str) -> str:
        return f"{self.table}.{key}" if self.table else key

    def error(self, key: str, found: Any, expected: str) -> ConfigurationError:
        return ConfigurationError(f"{self.file}: {_cut(self.below(key))} is {_shown(found)}; expected {expected}")

    def unknown(self, key: str, known: Iterable[str]) -> ConfigurationError:
        from difflib import get_close_matches

        names = sorted(known)
        # The comparison takes the square of the key's length.
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
        if error.errno in _PASSING:
            raise ConfigurationError(f"{file} cannot be read now: {found}") from error
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


def _configuration(table: Any, where: _Table) -> Configuration:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{where.file}: {where.table} is {_shown(table)}; expected a table")
    settings: dict[str, Any] = {}
    readers = {"tokens": _tokens, "important": _paths, "macros": _macros, "weights": _weights}
    for key, value in table.items():
        if key not in readers:
            raise where.unknown(key, readers)
        settings[key] = readers[key](key, value, where)
    return Configuration(**settings)


def _tokens(key: str, value: Any, where: _Table) -> int:
    if type(value) is not int or not 1 <= value <= MOST_TOKENS:
        raise where.error(key, value, f"a whole number, at least 1 and at most {MOST_TOKENS:,}")
    return value


def _paths(key: str, value: Any, where: _Table) -> tuple[bytes, ...]:
    if not isinstance(value, list) or not all(isinstance(path, str) and path for path in value):
        raise where.error(key, value, "a list of paths, such as ['docs/design.md']")
    if len(value) > MOST_IMPORTANT:
        raise where.error(key, value, f"at most {MOST_IMPORTANT:,} paths, not {len(value):,}")
    return tuple(path_below(where.file.parent, path) for path in value)


def _macros(key: str, value: Any, where: _Table) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise where.error(key, value, "a list of lines, such as ['MY_API attribute', 'DEFINE_THING variable 1']")
    if len(value) > MOST_MACROS:
        raise where.error(key, value, f"at most {MOST_MACROS:,} lines, not {len(value):,}")
    for line in value:
        try:
            read_macro(line)
        except OptionError as error:
            raise where.error(key, line, str(error).partition("expected ")[2]) from error
    return tuple(value)


def _weights(key: str, value: Any, where: _Table) -> Weights:
    if not isinstance(value, dict):
        raise where.error(key, value, "a table of numbers")
    from repomap_fast.weights import Weights

    inner = _Table(where.file, where.below(key))
    types = {field.name: field.type for field in fields(Weights)}
    weights: dict[str, Any] = {}
    for spelling, weight in value.items():
        name = spelling.replace("-", "_")
        if name not in types:
            raise inner.unknown(spelling, [known.replace("_", "-") for known in types])
        if name in weights:
            raise inner.error(spelling, weight, f"{name.replace('_', '-')} once")
        if types[name] == "bool":
            if not isinstance(weight, bool):
                raise inner.error(spelling, weight, "true or false")
            weights[name] = weight
            continue
        is_whole = types[name] == "int"
        if isinstance(weight, bool) or not isinstance(weight, int if is_whole else int | float):
            raise inner.error(spelling, weight, "a whole number" if is_whole else "a number")
        if weight > 1e9:
            raise inner.error(spelling, weight, "a number of at most 1e9")
        weights[name] = weight
        try:
            Weights(**weights)
        except OptionError as error:
            raise inner.error(spelling, weight, str(error).partition("expected ")[2]) from error
    return Weights(**weights)


def _shown(value: Any) -> str:
    """Return a value nearly as TOML writes it, cut to a readable length."""
    try:
        return _cut(repr(value))
    except ValueError:
        # Python converts no number of more than some thousand digits to text.
        return "a number of too many digits"


def _cut(text: str, length: int = _MOST_SHOWN) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
