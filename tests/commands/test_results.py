"""A result is printed as text, as a table or as JSON, and its notes behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from repomap_fast.cli.output import RowsFormat
from repomap_fast.cli.reports.results import print_result


@dataclass(frozen=True)
class Result:
    """A result."""

    name: str = "f"
    notes: tuple[str, ...] = ("a note\x1b",)

    @property
    def text(self) -> str:
        """What is printed."""
        return "all of it\n"


def test_text_and_notes(capfd: pytest.CaptureFixture[str]) -> None:
    print_result(Result(), RowsFormat.TEXT)  # type: ignore[arg-type]
    out, error = capfd.readouterr()
    assert out == "all of it\n"
    assert error.startswith("repomap-fast: note: a note")
    assert "\x1b" not in error


def test_json(capfd: pytest.CaptureFixture[str]) -> None:
    print_result(Result(), RowsFormat.JSON)  # type: ignore[arg-type]
    assert json.loads(capfd.readouterr().out) == {"schema": 1, "name": "f", "notes": ["a note\x1b"]}
