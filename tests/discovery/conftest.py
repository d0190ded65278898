"""What the tests of discovery share: a home without settings of git, and ``discover`` with and without git."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from support.repositories import Discover, needs_git


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without settings, so that those of the machine do not matter."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(params=[pytest.param("with git", marks=needs_git), "without git"])
def find(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Discover:
    """``discover`` with default options, once with git on the PATH and once without."""
    nothing = tmp_path_factory.mktemp("nothing")

    def find_files(root: Path, **options: object) -> Discovery:
        with monkeypatch.context() as patched:
            if request.param == "without git":
                patched.setenv("PATH", str(nothing))
            return discover(root, ScanOptions(**options), Progress())  # type: ignore[arg-type]

    return find_files
