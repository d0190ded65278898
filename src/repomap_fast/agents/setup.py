"""Adds our entries to the settings of a client, and takes them out again.

What was added is kept in a record, so that a file that nobody has changed since gets the bytes back that it had. The
record holds nothing of the settings themselves, since these may have keys. From a file that was changed since, the
entries are taken out by their names.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from repomap_fast.agents import jsonc
from repomap_fast.agents.clients import MAX_BYTES, Addition
from repomap_fast.agents.jsonc import Edit
from repomap_fast.errors import ConfigurationError, OptionError
from repomap_fast.safe_files import read_regular
from repomap_fast.toml_bounds import check_toml


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file.

    edits   of its text, in order.
    before  its text; None where there is no file.
    after   None where it is removed.
    """

    file: Path
    before: str | None
    after: str | None
    edits: tuple[Edit, ...] = ()


def plan(additions: Sequence[Addition], max_bytes: int = MAX_BYTES) -> list[Change]:
    """Return what becomes of each file; files that have all of it already are left out.

    max_bytes  of a file.

    Raises OptionError for what is no regular file, or cannot be read, and ConfigurationError for a file that is larger,
    that cannot be understood, or that has something else in that place.
    """
    changes = [_plan_file(file, _of(additions, file), max_bytes) for file in _files(additions)]
    return [change for change in changes if change.edits]


def new_files(additions: Sequence[Addition]) -> list[tuple[Path, str]]:
    """Return each file and what it would hold if there were none yet: all that is added, in the form of the client."""
    texts = []
    for file in _files(additions):
        text = ""
        for one in _of(additions, file):
            text = jsonc.apply(text, _edits_for(text, one))
        texts.append((file, text))
    return texts


def write(changes: Sequence[Change], record: Record) -> None:
    """Write the files, each as a whole, and keep a record. Raises OptionError where one cannot be written."""
    for change in changes:
        made = _make_folders(change.file.parent)
        _write_text(change.file, change.after or "")
        record.keep(change, made)


def undo(additions: Sequence[Addition], record: Record, max_bytes: int = MAX_BYTES) -> list[Change]:
    """Take the additions out of the files again, and return what was done. Raises as ``plan`` and ``write`` do."""
    changes = []
    for file in _files(additions):
        text = _read_text(file, max_bytes)
        kept = record.of(file)
        if text is None:
            record.forget(file)
            continue
        if kept is not None and kept["digest"] == _digest(text):
            edits = [Edit(**edit) for edit in kept["edits"]]
            after: str | None = jsonc.apply(text, edits)
            if kept["is_new"]:
                after = None
        else:
            edits = []
            after = text
            for one in _of(additions, file):
                after = None if after is None else _without(after, one)
        if after != text:
            _write_or_remove(file, after, kept["folders"] if kept is not None and after is None else [])
            changes.append(Change(file, text, after, tuple(edits)))
        record.forget(file)
    return changes


class Record:
    """What was added to which file: one JSON document in the user's folder of data."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._entries: dict[str, Any] = json.loads(read_regular(file, MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            self._entries = {}
        if not isinstance(self._entries, dict):
            self._entries = {}

    def of(self, file: Path) -> dict[str, Any] | None:
        """Return what is known of a file; None if nothing is."""
        kept = self._entries.get(str(file))
        needed = {"digest", "edits", "is_new", "folders"}
        return kept if isinstance(kept, dict) and needed <= kept.keys() else None

    def keep(self, change: Change, folders: Sequence[Path]) -> None:
        """Keep how a change is undone."""
        self._entries[str(change.file)] = {
            "digest": _digest(change.after or ""),
            "edits": [asdict(edit) for edit in jsonc.inverse(change.edits)],
            "is_new": change.before is None,
            "folders": [str(folder) for folder in folders],
        }
        self._save()

    def forget(self, file: Path) -> None:
        """Forget a file."""
        if self._entries.pop(str(file), None) is not None:
            self._save()

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_text(self._file, json.dumps(self._entries, indent=2) + "\n")


def _files(additions: Sequence[Addition]) -> list[Path]:
    return list(dict.fromkeys(one.file for one in additions))


def _of(additions: Sequence[Addition], file: Path) -> list[Addition]:
    return [one for one in additions if one.file == file]


def _plan_file(file: Path, additions: Sequence[Addition], max_bytes: int) -> Change:
    before = _read_text(file, max_bytes)
    text, steps = before or "", []
    try:
        for one in additions:
            edits = _edits_for(text, one)
            text = jsonc.apply(text, edits)
            steps.append(edits)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from None
    edits = _as_one(before or "", text) if any(steps) else []
    return Change(file, before, text, tuple(edits))


def _as_one(before: str, after: str) -> list[Edit]:
    """Return one edit that makes ``after`` of ``before``: several steps have positions in different texts."""
    n_start = _n_alike(before, after)
    n_end = _n_alike(before[n_start:][::-1], after[n_start:][::-1])
    return [Edit(n_start, before[n_start : len(before) - n_end], after[n_start : len(after) - n_end])]


def _n_alike(first: str, second: str) -> int:
    """Return how many characters both begin with."""
    return next(
        (n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]),
        min(len(first), len(second)),
    )


def _edits_for(text: str, one: Addition) -> list[Edit]:
    if one.format == "json":
        return jsonc.add(text, one.path, one.value, to_list=one.to_list)
    if one.format == "toml":
        return _toml_edits(text, one)
    if not text:
        return [Edit(0, "", one.value)]
    if text != one.value:
        raise ConfigurationError("is there already, and other than what would be written; remove it first")
    return []


def _toml_edits(text: str, one: Addition) -> list[Edit]:
    there: Any = _read_toml(text)
    for name in one.path:
        there = there.get(name) if isinstance(there, dict) else None
    if there == one.value:
        return []
    if there is not None:
        raise ConfigurationError(f"{'.'.join(one.path)} is there already, and other than what would be added")
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    edit = Edit(len(text), "", gap + _toml_table(one, newline))
    _read_toml(jsonc.apply(text, [edit]))
    return [edit]


def _toml_table(one: Addition, newline: str) -> str:
    # A JSON string is one of TOML too.
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in one.value.items()]
    return "".join(f"{line}{newline}" for line in (f"[{'.'.join(one.path)}]", *rows))


def _read_toml(text: str) -> Any:
    try:
        check_toml(text)
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"is no TOML that could be added to ({error}); add the table by hand") from None


def _without(text: str, one: Addition) -> str | None:
    """Return the text without an addition, as well as it can be found; None where the whole file was ours."""
    try:
        if one.format == "json":
            return jsonc.apply(text, jsonc.remove(text, one.path, one.value, from_list=one.to_list))
    except ConfigurationError as error:
        raise ConfigurationError(f"{one.file}: {error}") from None
    if one.format == "file":
        return None if text == one.value else text
    for newline in ("\r\n", "\n"):
        table = _toml_table(one, newline)
        for found in (newline + table, table):
            if found in text:
                return text.replace(found, "", 1)
    return text


# Files


def _read_text(file: Path, max_bytes: int) -> str | None:
    try:
        return read_regular(file, max_bytes).decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8 ({error.reason}); expected a file of settings") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise ConfigurationError(f"{file} has {error.strerror}; expected a file of settings") from None
        raise OptionError(f"{str(file)!r} cannot be read: {error.strerror or error}") from error


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder; return those that were made, the innermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"the folder {str(folder)!r} cannot be made: {error.strerror or error}") from error
    return missing


def _write_text(file: Path, text: str) -> None:
    """Write a file as a whole or not at all, with its mode; a link of the user's own is followed."""
    target = Path(os.path.realpath(file))
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o600 if target.parent == Path.home() else 0o644
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode("utf-8"))
        if target.exists():
            partial.chmod(mode)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OptionError(f"{str(file)!r} cannot be written: {error.strerror or error}") from error


def _write_or_remove(file: Path, text: str | None, folders: Sequence[str]) -> None:
    if text is not None:
        _write_text(file, text)
        return
    file.unlink(missing_ok=True)
    for folder in folders:
        try:
            Path(folder).rmdir()
        except OSError:
            # It has something else in it by now.
            return


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
