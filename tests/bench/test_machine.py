"""machine: what a reader of figures is told of the machine, and nothing that names it."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from repomap_fast import __version__
from repomap_fast.bench.machine import describe_machine, load, processor_name, versions
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes


def test_it_is_described_by_what_may_be_used() -> None:
    machine = describe_machine()
    assert (machine.processors, machine.memory_bytes) == (available_cpus(), memory_limit_bytes())
    assert machine.system.startswith(platform.system())
    assert platform.node() not in str(machine) or len(platform.node()) < 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("model name\t: Intel(R) Xeon(R) CPU  @ 2.20GHz", "Intel Xeon @ 2.20GHz"),
        ("model name : AMD EPYC(TM) 7B13", "AMD EPYC 7B13"),
    ],
)
def test_the_processor_is_named_without_trade_marks(line: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: f"processor\t: 0\n{line}\nmodel name\t: another\n")
    assert processor_name() == expected


def test_where_no_file_names_the_processor_its_architecture_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", fail)
    monkeypatch.delenv("PROCESSOR_IDENTIFIER", raising=False)
    assert processor_name() == platform.machine()


def test_the_load_may_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[float, float, float]:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", fail, raising=False)
    assert load() is None


def test_versions_are_of_what_takes_part_in_a_scan() -> None:
    found = versions()
    assert (found["repomap-fast"], found["python"]) == (__version__, platform.python_version())
    assert "numpy" in found
