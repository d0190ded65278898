"""A hostile repository: its index, configuration, pointers and ignore files. It is listed, and nothing of it runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import time
from pathlib import Path
from random import Random
from unittest import mock

from mutation import Corpus
from parts import pack, unpack, write_below

from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.discover import discover
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.errors import OptionError
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress

_SLACK_S = 30
_SOURCES = ("a/b/c.py", "a/c.py", "b/x.py", "c.py", "sub/d.py", "a b/[x].py", "*.py", "!x.py", "é.py")
_RULE_PARTS = ("*", "**", "/", "a", "b", "?", "[", "]", "!", "-", "\\", "[a-b]", "[!a]", "[[:alpha:]]", "[[:x:]]")
_RULE_PARTS += ("**/", "/**", "a**/", " ", ".", "#", "[]a]", "é", "{a,b}", "$", "^", "(", ")", "|", "+", "\r", "\t")
_RULE_PARTS += ("\\*", "[\\]", "[a\\-z]", "[z-a]", "\0", "py")
_CONFIG_PARTS = ("[core]\n", "[core", "[", "]", '[core "x"]\n', '[filter "a=b"]\n', "excludesFile = ", "\n", " ", "\t")
_CONFIG_PARTS += ("excludesfile=~/x\n", '"', "\\", "\\\n", ";", "#", "worktree = ..\n", "bare = true\n", "x = y\n")
_CONFIG_PARTS += ("repositoryformatversion = 9\n", "[include]\npath = ../x\n", "\xff", "\0", " " * 30)
_CONFIG_PARTS += ("fsmonitor = touch mark\n", "[extensions]\nobjectformat = sha256\n", "[branch.main]\nmerge = x\n")
_HEADS = (b"ref: refs/heads/main\n", b"", b"ref: ", b"x" * 100, b"ref: refs/../../x\n", b"a" * 40)
_COMMON_DIRS = (b"..", b".", b"/", b"\n", b"../../sub/.git", b"x" * 5000, b"\0")
_POINTERS = (b"gitdir: /nonexistent", b"gitdir: .", b"gitdir: sub/.git\n", b"gitdir: ", b"x", b"gitdir: \0x")
_POINTERS += (b"gitdir: " + b"a" * 70_000,)
_EXTENSIONS = (b"TREE", b"REUC", b"link", b"UNTR", b"FSMN", b"EOIE", b"IEOT", b"sdir", b"zzzz")


def make(draw: Random, _corpus: Corpus) -> tuple[bytes, str]:
    """Return the files of a repository, and perhaps of one within it."""
    parts: dict[str, bytes] = {}
    way = draw.random()
    if way < 0.7:
        parts |= _repository(draw, ".git")
    elif way < 0.85:
        parts[".git"] = draw.choice(_POINTERS)
    if draw.random() < 0.4:
        parts |= _repository(draw, "sub/.git")
    for folder in ("", "a/", "sub/"):
        for name, share in ((".gitignore", 0.6), (".repomapignore", 0.4)):
            if draw.random() < share:
                parts[folder + name] = _rules(draw)
    return pack(parts), draw.choice(("git", "walk"))


def run(source: bytes, name: str, folder: Path) -> None:
    """List the repository's files, with git or without."""
    draw = Random(source)
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    write_below(root, dict.fromkeys(_SOURCES, b"def f(): pass\n"))
    write_below(root, unpack(source))
    with mock.patch.dict(os.environ, {} if name == "git" else {"PATH": "/nonexistent"}):
        start = time.monotonic()
        try:
            found = discover(root / draw.choice((".", ".", "a", "sub")), _options(draw), Progress())
        except OptionError:  # of the patterns
            return
        if repository := repository_around(os.fsencode(root)):
            head_commit(repository)
        assert time.monotonic() - start < _SLACK_S
    for path in found.paths:
        assert not path.startswith(b"/")
        assert b".." not in path.split(b"/")
        assert b".git" not in path.split(b"/")
    assert not list(folder.rglob("mark"))


def _options(draw: Random) -> ScanOptions:
    try:
        return ScanOptions(
            include=[_rule(draw) for _ in range(draw.choice((0, 0, 1)))],
            exclude=[_rule(draw) for _ in range(draw.choice((0, 0, 1)))],
        )
    except OptionError:
        return ScanOptions()


def _repository(draw: Random, at: str) -> dict[str, bytes]:
    parts = {f"{at}/objects/.keep": b"", f"{at}/refs/.keep": b"", f"{at}/HEAD": draw.choice(_HEADS)}
    makers = (
        ("index", 0.8, _index),
        ("config", 0.7, _config),
        ("commondir", 0.2, lambda draw: draw.choice(_COMMON_DIRS)),
        ("packed-refs", 0.2, lambda draw: draw.choice((b"", b"a" * 40 + b" refs/heads/main\n", b"\xff" * 99))),
        ("info/exclude", 0.3, _rules),
    )
    return parts | {f"{at}/{name}": maker(draw) for name, share, maker in makers if draw.random() < share}


def _rule(draw: Random) -> str:
    return "".join(draw.choice(_RULE_PARTS) for _ in range(draw.choice((1, 2, 4, 8, 30, 200))))


def _rules(draw: Random) -> bytes:
    return "\n".join(_rule(draw) for _ in range(draw.choice((1, 3, 20)))).encode()


def _config(draw: Random) -> bytes:
    return "".join(draw.choice(_CONFIG_PARTS) for _ in range(draw.choice((1, 3, 10, 60)))).encode()


def _index(draw: Random) -> bytes:
    """Return an index, nearly sound, of any version, with any checksum."""
    version = draw.choice((2, 3, 4, 4, 2, 1, 5))
    id_bytes = draw.choice((20, 20, 32))
    parts = [b"DIRC" + struct.pack(">II", version, draw.choice((1, 2, 3, 5, 5, 0, 2**32 - 1)))]
    parts += [_index_entry(draw, version, id_bytes) for _ in range(draw.choice((0, 1, 3, 5)))]
    for name in draw.sample(_EXTENSIONS, draw.choice((0, 1, 3))):
        body = draw.randbytes(draw.choice((0, 4, 30)))
        parts.append(name + struct.pack(">I", draw.choice((len(body), 2**32 - 1, 0, len(body) + 1))) + body)
    index = bytearray(b"".join(parts))
    if draw.random() < 0.3:
        index[draw.randrange(len(index))] = draw.randrange(256)
    checksums = (hashlib.sha1(index).digest(), hashlib.sha1(index).digest(), hashlib.sha256(index).digest())
    return bytes(index) + draw.choice((*checksums, bytes(20), bytes(32), b"", b"x" * 20))


def _index_entry(draw: Random, version: int, id_bytes: int) -> bytes:
    names = [
        draw.choice(("a", "b", "..", ".", "", "c.py", ".git", "é" * 50)) for _ in range(draw.choice((1, 2, 3, 400)))
    ]
    name = "/".join(names).encode()
    length = len(name) & 0xFFF
    flags = draw.choice((length, 0xFFF, 0, 0x4000 | length, 0x3000))
    mode = draw.choice((0o100644, 0o160000, 0o40000, 0o120000, 0))
    entry = struct.pack(">10I", 0, 0, 0, 0, 0, 0, mode, 0, 0, 0) + bytes(id_bytes) + struct.pack(">H", flags)
    entry += b"\0\0" if flags & 0x4000 else b""
    if version != 4:
        return entry + name + bytes(8 - (len(entry) + len(name)) % 8)
    dropped = bytes(draw.choice((0, 1, 127, 128, 200, 255)) for _ in range(draw.choice((1, 1, 2, 12))))
    return entry + dropped + b"\0" + name + b"\0"
