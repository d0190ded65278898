"""kept_history: a history is read once for each commit that is checked out, and what is damaged is read anew."""

from __future__ import annotations

import base64
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast import scan
from repomap_fast.discovery.git_history import MANY_FILES, NO_HISTORY, READ, UNREAD, Commit, History
from repomap_fast.errors import GitError, StoreError
from repomap_fast.indexing import kept_history
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.kept_history import pack, unpack
from repomap_fast.indexing.packed_columns import pack_columns, unpack_columns
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.state_schema import HISTORY_STATE
from support.histories import Made, make_history
from support.repositories import git, needs_git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    make_history(top, [Made({b"a.py": b"x = %d" % i, b"sub/b%d.py" % i: b""}, b"commit %d" % i, i) for i in range(5)])
    git(top, "reset", "-q", "--hard")
    return top


@pytest.fixture
def index(top: Path, tmp_path: Path) -> Iterator[Index]:
    with Index.open(top, cache_dir=tmp_path / "kept") as index:
        yield index


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commits were known at each reading."""
    real, found = kept_history.read_history, []

    def read(*arguments: object, known: History, **keywords: object) -> History:
        found.append(len(known))
        return real(*arguments, known=known, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_history, "read_history", read)
    return found


def messages(history: History) -> list[bytes]:
    return list(history.messages)


def commit(top: Path, message: str) -> None:
    (top / "a.py").write_text(message)
    git(top, "commit", "-qam", message)


@needs_git
def test_it_is_read_when_it_is_first_asked_for(index: Index, reads: list[int]) -> None:
    index.refresh()
    assert reads == []
    assert messages(index.history()) == [b"commit %d" % i for i in range(4, -1, -1)]
    assert index.history() is index.history()
    assert reads == [0]
    assert index.store.notes == []


@needs_git
def test_the_next_process_reads_only_what_is_new(index: Index, top: Path, tmp_path: Path, reads: list[int]) -> None:
    index.history()
    index.close()
    for expected in ([0], [0, 5]):
        with Index.open(top, cache_dir=tmp_path / "kept") as again:
            history = again.history()
        assert reads == expected
        commit(top, f"new {expected}")
    assert messages(history)[:2] == [b"new [0]", b"commit 4"]


@needs_git
@pytest.mark.parametrize("cache", [True, False])
def test_a_new_head_is_seen_by_an_open_index(top: Path, tmp_path: Path, cache: bool, reads: list[int]) -> None:
    with Index.open(top, cache=cache, cache_dir=tmp_path / "kept") as index:
        index.history()
        commit(top, "new")
        assert messages(index.history())[0] == b"new"
        git(top, "reset", "-q", "--hard", "HEAD~3")
        assert messages(index.history()) == [b"commit 2", b"commit 1", b"commit 0"]
        assert reads == [0, 5, 6]


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each reading has time for two commits; how many were known at each."""
    real, found = kept_history.read_history, []

    def read(*arguments: object, known: History, **keywords: object) -> History:
        history = real(*arguments, known=known, **keywords)  # type: ignore[arg-type]
        known_ids = {commit.id for commit in known.commits() if commit.knowledge != UNREAD}
        found.append(len(known_ids))
        new = [commit.id for commit in history.commits() if commit.id not in known_ids][:2]
        may_be_known = known_ids.union(new)
        return History.of([c if c.id in may_be_known else Commit(c.id, c.time_s) for c in history.commits()])

    monkeypatch.setattr(kept_history, "read_history", read)
    return found


@needs_git
@pytest.mark.parametrize("is_one_process", [True, False])
def test_what_there_was_no_time_for_is_read_by_the_next_calls(
    top: Path, tmp_path: Path, few_at_a_time: list[int], is_one_process: bool
) -> None:
    """A history that was read on a busy machine stayed as it was until the next commit, and so did each map."""
    whole = [b"commit %d" % i for i in range(4, -1, -1)]
    for n_read in (2, 4, 5, 5):
        with Index.open(top, cache_dir=tmp_path / "kept") as index:
            for _ in range(4 if is_one_process else 1):
                history = index.history()
        expected = whole if is_one_process else [*whole[:n_read], *[b""] * (5 - n_read)]
        assert messages(history) == expected
        assert bool(history.notes) == (b"" in expected)
    assert few_at_a_time == [0, 2, 4], "a history that is whole is not read again"


@needs_git
@pytest.mark.parametrize("more", [None, 1])
def test_what_is_known_stays_where_there_is_no_time_to_list_the_commits(
    index: Index, monkeypatch: pytest.MonkeyPatch, more: int | None
) -> None:
    known = [Commit(b"i" * 20, 1, READ, [b"a.py"], b"one"), Commit(b"j" * 20, 0), Commit(b"k" * 20, 0)]
    answers: list[History | None] = [History.of(known), None if more is None else History.of(known[:more])]

    def read(*arguments: object, **keywords: object) -> History:
        answer = answers.pop(0)
        if answer is None:
            raise GitError("no time")
        return answer

    monkeypatch.setattr(kept_history, "read_history", read)
    for _ in range(3):
        assert messages(index.history()) == [b"one", b"", b""]
    assert not answers


@needs_git
def test_what_is_never_read_is_asked_for_once_more_and_not_at_each_call(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    times_s: list[float] = []

    def read(*arguments: object, known: History, patience_s: float) -> History:
        times_s.append(patience_s)
        return History.of([Commit(b"i" * 20, 1, READ, [b"a.py"], b"one"), Commit(b"j" * 20, 0)])

    monkeypatch.setattr(kept_history, "read_history", read)
    for _ in range(3):
        assert messages(index.history()) == [b"one", b""]
    assert times_s == [kept_history.PATIENCE_S, kept_history.PATIENCE_S / 4]


@needs_git
def test_a_folder_of_the_repository_has_paths_below_it(top: Path, tmp_path: Path) -> None:
    with Index.open(top / "sub", cache_dir=tmp_path / "kept") as index:
        assert list(index.history().paths) == [b"b%d.py" % i for i in range(5)]


@needs_git
def test_another_place_in_the_repository_is_read_anew(top: Path, tmp_path: Path, reads: list[int]) -> None:
    """The folder stays, and the repository around it becomes another one."""
    with Index.open(top / "sub", cache_dir=tmp_path / "kept") as index:
        index.history()
        git(top / "sub", "init", "-q")
        git(top / "sub", "fetch", "-q", str(top), "main:main")
        git(top / "sub", "symbolic-ref", "HEAD", "refs/heads/main")
        assert b"a.py" in list(index.history().paths)
        assert reads == [0, 0]


def test_there_is_none_outside_a_repository(tmp_path: Path) -> None:
    with Index.open(tmp_path, cache_dir=tmp_path / "kept") as index:
        assert index.history() is NO_HISTORY


@needs_git
def test_there_is_none_before_the_first_commit_and_where_git_knows_no_head(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "new")
    with Index.open(tmp_path / "new", cache=False) as index:
        assert index.history() is NO_HISTORY
    (top / ".git" / "HEAD").write_text("0" * 40)
    with Index.open(top, cache=False) as index:
        assert index.history() is NO_HISTORY


@needs_git
def test_a_closed_index_has_none(index: Index) -> None:
    index.close()
    with pytest.raises(StoreError, match="closed"):
        index.history()


@needs_git
def test_one_that_is_damaged_or_foreign_is_read_anew(top: Path, tmp_path: Path, index: Index, reads: list[int]) -> None:
    index.history()
    assert isinstance(index.store, SqliteStore)
    (name,) = [name for name in index.store.state_names() if name.startswith(HISTORY_STATE)]
    state = index.store.read_state(name)
    empty = base64.b64encode(b"history1" + zlib.compress(b"")).decode()
    bomb = base64.b64encode(b"history1" + zlib.compress(b"\0" * 2**28)).decode()
    damages = [{**state, "packed": packed} for packed in ("", "x", "history1", state["packed"][:-40], empty, bomb)]
    for damage in [*damages, {**state, "place": 1}, {"commit": ""}, []]:
        index.store.write_state(name, damage)
        with Index.open(top, cache_dir=tmp_path / "kept") as again:
            assert len(again.history()) == 5
        assert reads.pop() == 0


@needs_git
def test_a_scan_reads_no_history(top: Path, tmp_path: Path, reads: list[int]) -> None:
    scan(top, cache_dir=tmp_path / "kept")
    scan(top, cache=False)
    assert reads == []


def commits_of(id_length: int) -> st.SearchStrategy[Commit]:
    paths = st.lists(st.binary(min_size=1, max_size=9), max_size=4, unique=True).map(sorted)
    read = st.builds(Commit, st.binary(min_size=id_length, max_size=id_length), st.integers(0, 2**62), st.just(READ))
    read = st.builds(lambda commit, found, text: commit._replace(paths=found, message=text), read, paths, st.binary())
    others = st.builds(Commit, st.just(b"i" * id_length), st.just(0), st.sampled_from([MANY_FILES, UNREAD]))
    return st.one_of(read, others)


@given(st.sampled_from([20, 32]).flatmap(lambda n: st.lists(commits_of(n), max_size=6)))
def test_what_is_packed_is_unpacked(commits: list[Commit]) -> None:
    history = History.of(commits)
    packed = pack(history)
    assert packed is not None
    unpacked = unpack(packed)
    assert unpacked is not None
    assert unpacked.commits() == commits == history.commits()
    for name in ("ids", "times_s", "knowledge", "path_offsets", "path_ids"):
        one, other = getattr(unpacked, name), getattr(history, name)
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype


@given(st.lists(commits_of(20), min_size=1, max_size=4), st.data())
def test_columns_that_do_not_fit_are_no_history(commits: list[Commit], data: st.DataObject) -> None:
    """Any byte may be another one: what is unpacked can be used in any case."""
    packed = pack(History.of(commits))
    assert packed is not None
    plain = bytearray(zlib.decompress(base64.b64decode(packed)[8:]))
    for _ in range(data.draw(st.integers(1, 3))):
        plain[data.draw(st.integers(0, len(plain) - 1))] = data.draw(st.integers(0, 255))
    unpacked = unpack(base64.b64encode(b"history1" + zlib.compress(plain)).decode())
    if unpacked is not None:
        assert len(unpacked.commits()) == len(unpacked)


@pytest.mark.parametrize("column", ["path_lengths", "message_lengths", "path_counts"])
def test_more_than_a_history_may_have_is_no_history(column: str) -> None:
    """Millions of empty texts are few bytes, but many offsets."""
    packed = pack(History.of([Commit(b"i" * 20, 0, READ)]))
    assert packed is not None
    columns = unpack_columns(base64.b64decode(packed)[8:], kept_history._COLUMNS)
    assert unpack(packed) is not None
    many = pack_columns({**columns, column: np.zeros(1 << 22, np.uint8)}, kept_history._COLUMNS, 1)
    assert many is not None
    tracemalloc.start()
    try:
        assert unpack(base64.b64encode(b"history1" + many).decode()) is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24 << 20


@pytest.fixture
def linked(top: Path, tmp_path: Path) -> Path:
    """A second work tree, with a commit of its own."""
    git(top, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked" / "a.py").write_text("other")
    git(tmp_path / "linked", "commit", "-qam", "of linked")
    return tmp_path / "linked"


def read_in(root: Path, kept: Path) -> list[bytes]:
    with Index.open(root, cache_dir=kept) as index:
        found = messages(index.history())
        assert index.store.notes == []
    return found


@needs_git
def test_work_trees_share_a_history_and_keep_what_differs(
    top: Path, linked: Path, tmp_path: Path, reads: list[int]
) -> None:
    kept = tmp_path / "kept"
    expected = [b"commit %d" % i for i in range(4, -1, -1)]
    for _ in range(2):
        assert read_in(top, kept) == expected
        assert read_in(linked, kept) == [b"of linked", *expected]
    assert reads == [0, 5]
    # A new commit of the first one changes nothing for the second.
    commit(top, "of top")
    for _ in range(2):
        assert read_in(top, kept) == [b"of top", *expected]
        assert read_in(linked, kept) == [b"of linked", *expected]
    assert reads == [0, 5, 5]


@needs_git
def test_the_first_work_tree_writes_the_shared_history_anew(
    top: Path, linked: Path, tmp_path: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_history, "_MAX_AHEAD", 0)
    kept = tmp_path / "kept"
    for root in (top, linked):
        read_in(root, kept)
    commit(top, "of top")
    assert read_in(top, kept)[0] == b"of top"
    assert reads == [0, 5, 5]
    for _ in range(2):
        assert read_in(linked, kept)[0] == b"of linked"
        assert read_in(top, kept)[0] == b"of top"
    assert reads == [0, 5, 5, 6]


@needs_git
@pytest.mark.parametrize(
    "damage",
    [
        *({"rows": rows} for rows in ("", "x", kept_history._pack_rows([99]), kept_history._pack_rows([-1]))),
        *({name: "x"} for name in ("packed", "shared", "place")),
        {"commit": 7},
    ],
)
def test_a_difference_that_does_not_fit_is_read_anew(
    top: Path, linked: Path, tmp_path: Path, reads: list[int], damage: dict[str, object]
) -> None:
    kept = tmp_path / "kept"
    read_in(top, kept)
    with Index.open(linked, cache_dir=kept) as index:
        index.history()
        name = kept_history._own_name(index._loaded)
        index.store.write_state(name, {**index.store.read_state(name), **damage})
        del reads[:]
    with Index.open(linked, cache_dir=kept) as index:
        assert messages(index.history())[0] == b"of linked"
    assert reads == [5]


@needs_git
def test_a_clone_does_not_believe_the_history_of_another(top: Path, tmp_path: Path, reads: list[int]) -> None:
    git(tmp_path, "clone", "-q", str(top), "cloned")
    for root in (top, tmp_path / "cloned", top):
        read_in(root, tmp_path / "kept")
    assert reads == [0, 0]
    assert len(list((tmp_path / "kept" / "v2").iterdir())) == 1
