"""The progress bars of an analysis."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.compat.repomap_tool import (
    analyze_project_with_progress,
)
from support.drop_ins import make_service


class Screen(io.StringIO):
    """A terminal as far as rich can tell."""

    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_with_the_time_left_and_told_to_a_callback(project: Path) -> None:
    from rich.console import Console

    told = []
    drawn = Screen()
    analyst = make_service(project)
    analyst.console = Console(file=drawn, force_terminal=True, width=100)
    info = analyze_project_with_progress(analyst, lambda *event: told.append(event))
    assert info.total_files == 31
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["discover", "tag", "join"]
    assert ("tag", 31, 31) in told
    text = drawn.getvalue()
    for description in ("Scanning project files...", "Extracting identifiers...", "Analyzing results..."):
        assert description in text
    assert "100%" in text.split("\n")[-2]
    # Elapsed, then what is left.
    assert "0:00:00" in text


def test_progress_can_be_switched_off_and_an_analysis_cancelled(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    analyst = make_service(project, enable_progress=False)
    assert analyst.analyze_project_with_progress().total_files == 31
    assert capfd.readouterr() == ("", "")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(repomap_fast.ScanCancelled):
        analyst.analyze_project_with_progress(cancel=cancel)
    assert analyze_project_with_progress(str(project)).total_files == 31
    assert "Scanning project files..." in capfd.readouterr().err
