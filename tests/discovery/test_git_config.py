"""The syntax of git's configuration files, beside git itself."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.discovery.git_config import Setting, read_settings, write_settings

PARTS = [
    *("[", "]", "core", "Name", " ", "\t", '"', '"', "\\", "\\\n", "\\n", "\\t", '\\"', "#", ";", "=", "=", "\n", "\n"),
    *("[core]\n", '[branch "x"]\n', "[A.b]\n", "a = b\n", "name", ".", "-", "\r\n", "é", "1"),
]


def settings_of_git(path: Path) -> list[tuple[bytes, bytes]] | None:
    """Return keys and values as git lists them; None where git refuses the file."""
    command = ["git", "config", "-z", "--list", "--file", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return None
    entries = [entry.partition(b"\n") for entry in done.stdout.split(b"\0") if entry]
    # A name before any section belongs to none; git lists it all the same.
    return [(key, value if separator else b"true") for key, separator, value in entries if b"." in key]


def key_of(setting: Setting) -> bytes:
    return b".".join(part for part in (setting.section, setting.subsection, setting.name) if part is not None)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_what_git_accepts_is_read_as_git_reads_it(folder: Path, text: str) -> None:
    path = folder / "config"
    path.write_bytes(text.encode())
    expected = settings_of_git(path)
    found = [(key_of(setting), setting.value) for setting in read_settings(path.read_bytes())]
    assert expected is None or found == expected


names = st.from_regex(rb"[a-z][a-z0-9-]{0,5}", fullmatch=True)
texts = st.binary(max_size=12).map(lambda text: text.replace(b"\0", b"").replace(b"\r", b""))
subsections = st.none() | texts.map(lambda text: text.replace(b"\n", b""))


@given(st.lists(st.builds(Setting, names, subsections, names, texts), max_size=5))
def test_what_is_written_is_read_again(settings: list[Setting]) -> None:
    assert list(read_settings(write_settings(settings))) == settings


@pytest.mark.parametrize("text", [b"[core]\nexcludesFile = x\0y\n", b"[core]\nexcludesFile = \0\n"])
def test_a_value_with_a_nul_is_skipped(text: bytes) -> None:
    assert list(read_settings(text + b"editor = vi\n")) == [Setting(b"core", None, b"editor", b"vi")]


@pytest.mark.parametrize(
    "unit", [b"[", b"[ ", b" ", b'[a "\\"', b"[a]b = \\\n", b'"a', b"a = ", b"[a] ", b"\\", b"#"], ids=repr
)
@pytest.mark.parametrize("start", [b"", b"[", b"[a", b'[a "', b"[a]\nb = ", b"[a]\n"], ids=repr)
def test_no_text_takes_long(start: bytes, unit: bytes) -> None:
    began = time.process_time()
    for _ in read_settings(start + unit * (2**17 // len(unit))):
        pass
    # A tenth of it is usual; what is not linear takes minutes.
    assert time.process_time() - began < 5
