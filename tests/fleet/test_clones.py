"""One commit of a repository is fetched, by a git that runs nothing and stays within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.discovery import git_run
from repomap_fast.errors import GitError
from repomap_fast.fleet import clones, sources
from repomap_fast.fleet.bounds import BoundError, Bounds, Watch
from repomap_fast.fleet.clones import fetch_commit
from repomap_fast.fleet.sources import Source
from support.repositories import fake_git, git, make_work_tree, needs_git

pytestmark = needs_git


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository of two commits and a tag, that git fetches from the disk as from another machine."""
    for module in (clones, sources):
        monkeypatch.setattr(module, "PROTOCOLS", ("file", "https"))
    top = make_work_tree(tmp_path / "top", {"a.py": "def first(): pass\n"}, ".")
    git(top, "tag", "v1")
    (top / "a.py").write_text("def second(): pass\n")
    git(top, "commit", "-qam", "second")
    git(top, "config", "uploadpack.allowAnySHA1InWant", "true")
    return f"file://{top}"


def fetched(url: str, folder: Path, revision: str | None = None, **bounds: float) -> list[str]:
    folder.mkdir()
    chosen = Bounds(**bounds)  # type: ignore[arg-type]
    commit = fetch_commit(Source(url, revision), folder, chosen, Watch(chosen))
    return [tag.name for tag in repomap_fast.scan(folder, revision=commit, cache=False).tags]


def test_the_commit_that_is_asked_for_comes(url: str, tmp_path: Path) -> None:
    assert fetched(url, tmp_path / "head") == ["second"]
    assert fetched(url, tmp_path / "tag", "v1") == ["first"]
    commit = git(tmp_path / "top", "rev-parse", "v1")
    assert fetched(url, tmp_path / "commit", commit) == ["first"]
    assert list((tmp_path / "tag" / "objects").glob("??")) == []


def test_what_is_not_there_is_said_in_the_words_of_git(url: str, tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"git cannot fetch it: .*couldn't find remote ref none"):
        fetched(url, tmp_path / "out", "none")


def test_what_is_fetched_has_a_bound(url: str, tmp_path: Path) -> None:
    (tmp_path / "top" / "large").write_bytes(os.urandom(1 << 20))
    git(tmp_path / "top", "add", "large")
    git(tmp_path / "top", "commit", "-qm", "large")
    with pytest.raises(BoundError, match="more than 100,000 bytes"):
        fetched(url, tmp_path / "out", max_bytes=100_000)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "exec sleep 60", monkeypatch)
    with pytest.raises(BoundError, match=r"more than 0\.2 s"):
        fetched("https://localhost/x", tmp_path / "out", timeout=0.2)


def test_a_git_that_waits_for_an_answer_is_not_asleep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(git_run, "_MAX_SLEEP_S", 0.05)
    fake_git(tmp_path / "bin", 'sleep 0.4; exec /usr/bin/git "$@"', monkeypatch)
    (tmp_path / "out").mkdir()
    commit = fetch_commit(Source(url), tmp_path / "out", Bounds(), Watch(Bounds()))
    assert commit == git(tmp_path / "top", "rev-parse", "HEAD")


def test_no_password_is_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "echo fatal: cannot reach https://u:secret@h/x >&2; exit 1", monkeypatch)
    with pytest.raises(GitError, match="cannot reach https://h/x"):
        fetched("https://u:secret@h/x", tmp_path / "out")
