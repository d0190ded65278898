"""A store that somebody changed and sealed again: nothing crashes, and nothing but our own errors is raised."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

from mutation import CASES, Corpus

import repomap_fast
from reference.blocks import seal as seal_of_block
from repomap_fast.errors import RepoMapError
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.upkeep import index_folders, index_problems, report_index
from repomap_fast.store.paged_column import PAGE_BYTES, PAGE_CHECKSUMS

_LANGUAGES = ("python", "javascript", "c", "go", "rust", "java", "ruby")
_AGE_S = 1000
_NUMBERS = (0, -1, 2**31, 2**32, 2**39, 2**63, 1.5, True)
_TEXTS = ("", "\udcff", "../x", "/" * 5000)
_OTHERS = (None, [], {}, 0, "x", [[]], 2**70)
_STATEMENTS = (
    "DELETE FROM blocks WHERE random() % 2",
    "DELETE FROM states WHERE random() % 3 = 0",
    "UPDATE blocks SET day = -5",
    "UPDATE states SET data = zeroblob(50)",
)


def make(draw: Random, _corpus: Corpus) -> tuple[bytes, str]:
    """Return a seed: what is changed follows from it."""
    return str(draw.getrandbits(64)).encode(), "any"


def run(source: bytes, _name: str, folder: Path) -> None:
    """Change a store, and use it."""
    draw = Random(source)
    root, cache = folder / "store-root", folder / "store-cache"
    if not cache.exists():
        _make_store(root, cache)
    changed = folder / "changed"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(cache, changed)
    (store,) = index_folders(changed)
    with closing(sqlite3.connect(store / "tags.sqlite3", isolation_level=None)) as database:
        for _ in range(draw.choice((1, 1, 2, 4))):
            draw.choice((_change_state, _change_column, _change_column, _change_block, _change_rows))(
                draw, database, store
            )
    for use in draw.sample(_USES, 3):
        with suppress(RepoMapError):
            use(draw, root, changed)


def _make_store(root: Path, cache: Path) -> None:
    """Make an index with a base and an overlay."""
    root.mkdir(exist_ok=True)
    for language in _LANGUAGES:
        path = sorted(CASES.glob(f"{language}/*/input*"))[0]
        (root / f"{language}{path.suffix}").write_bytes(path.read_bytes())
    for text in ("def f(): pass\n", "def g(): f()\nclass K: pass\n"):
        (root / "x.py").write_text(text)
        then = time.time() - _AGE_S
        for path in root.iterdir():
            os.utime(path, (then, then))
        with Index.open(root, cache_dir=cache) as index:
            index.refresh()


def _change_state(draw: Random, database: sqlite3.Connection, _store: Path) -> None:
    states = list(_states(database))
    if states:
        name, state = draw.choice(states)
        _write_state(database, name, _twisted(draw, state))


def _change_column(draw: Random, database: sqlite3.Connection, store: Path) -> None:
    paths = sorted(path for path in (store / "columns").glob("*/*") if path.is_file())
    if not paths:
        return
    path = draw.choice(paths)
    items = bytearray(path.read_bytes())
    size = draw.choice((1, 2, 4, 8))
    for _ in range(draw.choice((1, 1, 4, 60)) if len(items) >= size else 0):
        place = draw.randrange(len(items) // size) * size
        number = draw.choice((0, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), draw.randrange(256)))
        items[place : place + size] = number.to_bytes(size, "little")
    if draw.random() < 0.15:
        del items[len(items) // 16 * 8 :]
    path.write_bytes(items)
    for name, state in _states(database):
        if (
            isinstance(state, dict)
            and isinstance(state.get("columns"), dict)
            and state.get("token") == path.parent.name
        ):
            _write_state(database, name, {**state, "columns": _summed_again(path.parent, state["columns"], path.name)})


def _summed_again(folder: Path, manifest: dict[str, Any], changed: str) -> dict[str, Any]:
    """Return the manifest with right checksums, once those of the pages are right as well."""
    columns = {name: (folder / name).read_bytes() for name in manifest if (folder / name).is_file()}
    if changed != PAGE_CHECKSUMS:
        columns[PAGE_CHECKSUMS] = b"".join(
            struct.pack("I", zlib.crc32(columns[name][start : start + PAGE_BYTES]))
            for name in sorted(columns)
            if name != PAGE_CHECKSUMS
            for start in range(0, len(columns[name]), PAGE_BYTES)
        )
        (folder / PAGE_CHECKSUMS).write_bytes(columns[PAGE_CHECKSUMS])
    summed = {name: [len(columns[name]), zlib.crc32(columns[name])] for name in (changed, PAGE_CHECKSUMS)}
    return {**manifest, **summed}


def _change_block(draw: Random, database: sqlite3.Connection, store: Path) -> None:
    rows = database.execute("SELECT key, data FROM blocks").fetchall()
    if not rows:
        return
    key, data = draw.choice(rows)
    block = bytearray(data[:-8])
    for _ in range(draw.choice((1, 2, 9)) if block else 0):
        place = draw.randrange(24 if draw.random() < 0.4 else len(block)) % len(block)
        block[place] = draw.choice((0, 1, 2, 4, 127, 128, 255, draw.randrange(256)))
    sealed = bytes(block) + seal_of_block(bytes(key), bytes(block))
    database.execute("UPDATE blocks SET data = ? WHERE key = ?", (sealed, key))
    if draw.random() < 0.6:
        shutil.rmtree(store / "columns", ignore_errors=True)


def _change_rows(draw: Random, database: sqlite3.Connection, _store: Path) -> None:
    database.execute(draw.choice(_STATEMENTS))


def _states(database: sqlite3.Connection) -> Iterator[tuple[str, Any]]:
    for name, data in database.execute("SELECT name, data FROM states ORDER BY name").fetchall():
        with suppress(ValueError):
            yield name, json.loads(data[:-8])


def _write_state(database: sqlite3.Connection, name: str, state: Any) -> None:
    text = json.dumps(state).encode()
    seal = hashlib.blake2b(name.encode() + b"\0" + text, digest_size=8).digest()
    database.execute("UPDATE states SET data = ? WHERE name = ?", (text + seal, name))


def _twisted(draw: Random, value: Any) -> Any:
    """Return a state with one thing in it left out, doubled, or of another value or type."""
    if isinstance(value, dict) and value and draw.random() < 0.8:
        key = draw.choice(list(value))
        if draw.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        return {**value, key: _twisted(draw, value[key])}
    if isinstance(value, list) and value and draw.random() < 0.8:
        i = draw.randrange(len(value))
        middle = draw.choice(([], [value[i]] * 2, [_twisted(draw, value[i])], [_twisted(draw, value[i])]))
        return [*value[:i], *middle, *value[i + 1 :]]
    if type(value) is int:
        return draw.choice((value + 1, value - 1, value * 2, *_NUMBERS))
    if isinstance(value, str):
        return draw.choice((value[:-1], value + "x", "0" * len(value), value[::-1], *_TEXTS))
    return draw.choice(_OTHERS)


def _scan(_draw: Random, root: Path, cache: Path) -> None:
    for tag in repomap_fast.scan(root, cache_dir=cache).tags:
        assert tag.path


def _map(draw: Random, root: Path, cache: Path) -> None:
    query = draw.choice(("", "f class value"))
    repomap_fast.map(root, cache_dir=cache, tokens=draw.choice((300, 9000)), query=query)


def _search(draw: Random, root: Path, cache: Path) -> None:
    repomap_fast.search(root, draw.choice(("f", "K", "zzzzzz")), cache_dir=cache, references=True)


def _explain(_draw: Random, root: Path, cache: Path) -> None:
    repomap_fast.explain(root, "x.py", cache_dir=cache)


def _find(_draw: Random, root: Path, cache: Path) -> None:
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
        index.find("f")
        assert index.graph is not None


def _refs(draw: Random, root: Path, cache: Path) -> None:
    follow = draw.choice((repomap_fast.refs, repomap_fast.callers, repomap_fast.callees, repomap_fast.show))
    assert repr(follow(root, draw.choice(("f", "K", "g")), cache_dir=cache))


def _reach(draw: Random, root: Path, cache: Path) -> None:
    what = draw.choice((repomap_fast.imports, repomap_fast.unused))
    assert repr(what(root, cache_dir=cache))
    assert repr(repomap_fast.impact(root, draw.choice(("f", "x.py")), cache_dir=cache))


def _page(_draw: Random, root: Path, cache: Path) -> None:
    assert str(repomap_fast.report(root, cache_dir=cache))


def _check(_draw: Random, _root: Path, cache: Path) -> None:
    for folder in index_folders(cache):
        list(index_problems(folder))


def _report(_draw: Random, _root: Path, cache: Path) -> None:
    for folder in index_folders(cache):
        report_index(folder)


_USES = (_scan, _map, _map, _search, _explain, _find, _refs, _reach, _page, _check, _report)
