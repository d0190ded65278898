"""A commit is scanned as its checkout would be, and nothing of the work tree is looked at or changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.discovery import commit_contents, git_run
from repomap_fast.discovery.commit_contents import UNKNOWN_SIZE, open_commit, read_entries
from repomap_fast.errors import GitError, OptionError
from repomap_fast.indexing.index import Index
from repomap_fast.progress import Progress
from repomap_fast.tables import FileStatus
from support.repositories import git, make_work_tree, needs_git, tables, write_files

pytestmark = needs_git

FILES: dict[str, str | bytes] = {
    "a.py": "def alpha():\n    return beta()\n",
    "lib/b.py": "def beta(): pass\r\n",
    "lib/tool": "#!/usr/bin/env python3\ndef gamma(): alpha()\n",
    "odd 'é\n\"name.py": "def odd(): pass\n",
    "notes.txt": "no language\n",
    "x.h": "class C { void m(); };\n",
    "x.cpp": "void C::m() { beta(); }\n",
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository whose work tree has nothing of its first commit any more."""
    top = make_work_tree(tmp_path / "top", FILES, ".")
    git(top, "tag", "first")
    git(top, "rm", "-q", "-r", ".")
    write_files(top, {"later.py": "def later(): pass\n", "a.py": "def changed(): pass\n"})
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "second")
    return top


def names_in(root: Path, **options: object) -> list[str]:
    result = repomap_fast.scan(root, cache=False, **options)  # type: ignore[arg-type]
    return [tag.name for tag in result.tags if tag.role == "definition"]


def tree_of(top: Path, *entries: tuple[bytes, bytes, str]) -> str:
    """Return a commit of a tree with exactly these entries: mode, name, object."""
    raw = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(object_id) for mode, name, object_id in entries)
    (top / "raw").write_bytes(raw)
    tree = git(top, "hash-object", "-t", "tree", "--literally", "-w", "raw")
    (top / "raw").unlink()
    return git(top, "commit-tree", tree, "-m", "made")


def blob_of(top: Path, text: str) -> str:
    return git(top, "hash-object", "-w", "--stdin", feed=text)


def all_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_commit_gives_what_its_checkout_gives(top: Path, tmp_path: Path) -> None:
    before = all_of(top)
    found = repomap_fast.scan(top, cache=False, revision="first")
    assert all_of(top) == before
    git(top, "worktree", "add", "-q", "--detach", str(tmp_path / "checkout"), "first")
    expected = repomap_fast.scan(tmp_path / "checkout", cache=False)
    assert tables(found) == tables(expected)
    assert found.file_table.mtimes_ns.tolist() == [0] * len(FILES)
    assert found.notes == ()


def test_a_commit_and_a_work_tree_share_blocks_and_base(top: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    git(top, "checkout", "-q", "first")
    with Index.open(top, cache_dir=cache) as index:
        index.refresh()
    for revision, parsed, fresh in (("first", 0, 0), ("first", 0, 6), ("main", 2, 0), ("first", 0, 0)):
        with Index.open(top, cache_dir=cache, revision=revision) as index:
            stats = index.refresh()
            assert (stats.parsed, stats.fresh) == (parsed, fresh), revision
            assert tables(index.result) == tables(repomap_fast.scan(top, cache=False, revision=revision))
    with Index.open(top, cache_dir=cache) as index:
        assert index.refresh().parsed == 0


def test_texts_are_those_of_the_commit(top: Path) -> None:
    keywords = {"cache": False, "revision": "first"}
    assert "return beta()" in repomap_fast.show(top, "alpha", **keywords).text  # type: ignore[arg-type]
    assert "def alpha():" in repomap_fast.map(top, format="excerpts", query="beta", **keywords).text  # type: ignore[arg-type]
    assert [one.tag.path for one in repomap_fast.search(top, "gamma", **keywords).found] == ["lib/tool"]  # type: ignore[arg-type]
    assert [one.path for one in repomap_fast.refs(top, "beta", **keywords).unresolved] == ["a.py"]  # type: ignore[arg-type]
    header = repomap_fast.map(top, header=True, **keywords).text.splitlines()[0]  # type: ignore[arg-type]
    assert git(top, "rev-parse", "first") in header
    with repomap_fast.open(top, cache=False, revision="first") as repository:
        assert [one.name for one in repository.outline("a.py").definitions] == ["alpha"]


def test_a_folder_of_the_repository_is_scanned_alone(top: Path, tmp_path: Path) -> None:
    (top / "lib").mkdir()
    assert names_in(top / "lib", revision="first") == ["beta", "gamma"]
    assert names_in(top / "lib", revision="main") == []
    (note,) = repomap_fast.scan(top / "lib", cache=False, revision="main").notes
    assert "has no file below" in note


def test_rules_of_the_user_hold_and_those_of_git_do_not(tmp_path: Path) -> None:
    files = {"a.py": "def a(): pass\n", "b.py": "def b(): pass\n", "build/c.py": "def c(): pass\n"}
    top = make_work_tree(tmp_path / "top", {**files, ".gitignore": "a.py\n", ".repomapignore": "b.py\n"}, ".")
    (top / ".repomapignore").unlink()
    assert names_in(top, revision="main") == ["a", "c"]
    assert names_in(top, revision="main", no_ignore=True) == ["a", "b", "c"]
    assert names_in(top, revision="main", exclude="build/") == ["a"]
    assert names_in(top, revision="main", languages="c") == []


def test_links_submodules_and_impossible_names_are_left_out(top: Path) -> None:
    blob, commit = blob_of(top, "def evil(): pass\n"), git(top, "rev-parse", "HEAD")
    inner = git(top, "rev-parse", tree_of(top, (b"100644", b"x.py", blob)) + "^{tree}")
    made = tree_of(
        top,
        (b"100644", b"../up.py", blob),
        (b"40000", b"..", inner),
        (b"40000", b".GIT", inner),
        (b"100644", b"/abs.py", blob),
        (b"120000", b"link.py", blob),
        (b"100644", b"new\nline.py", blob_of(top, "def fine(): pass\n")),
        (b"100644", b"same.py", blob_of(top, "def first(): pass\n")),
        (b"100644", b"same.py", blob),
        (b"160000", b"sub.py", commit),
        (b"100644", b"n" * 5_000 + b".py", blob),
    )
    outside = top.parent / "up.py"
    assert names_in(top, revision=made) == ["fine", "first"]
    assert not outside.exists()


def test_equal_files_of_a_commit_are_parsed_once(top: Path, tmp_path: Path) -> None:
    blob, page = blob_of(top, "def same(): pass\n"), blob_of(top, "<script>\nexport function shown() {}\n</script>\n")
    made = tree_of(
        top,
        *((b"100644", b"%02d.py" % i, blob) for i in range(9)),
        *((b"100644", b"%02d.vue" % i, page) for i in range(2)),
        (b"100644", b"other.pyi", blob_of(top, "def other(): pass\n")),
        (b"100644", b"ruby.rb", blob),
    )
    for n_parsed, n_fresh in ((5, 0), (0, 13)):
        with Index.open(top, cache_dir=tmp_path / "cache", revision=made) as index:
            stats, tags = index.refresh(), list(index.result.tags)
            assert (stats.parsed, stats.fresh) == (n_parsed, n_fresh)
        assert [tag.name for tag in tags if tag.path.endswith((".py", ".pyi"))] == [*["same"] * 9, "other"]
        assert {tag.name for tag in tags if tag.path == "01.vue"} >= {"01", "shown"}


def test_large_and_lost_blobs_and_pointers_have_no_tags(top: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    lost = blob_of(top, "def lost(): pass\n")
    made = tree_of(
        top,
        (b"100644", b"a.py", blob_of(top, "def a(): pass\n")),
        (b"100644", b"large.py", blob_of(top, "def large(): pass\n" * 99)),
        (b"100644", b"lost.py", lost),
        (b"100644", b"pointer.py", blob_of(top, pointer)),
    )
    (top / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    result = repomap_fast.scan(top, cache=False, revision=made, max_file_size=1000)
    assert {file.path: file.status for file in result.files} == {
        "a.py": FileStatus.TAGGED,
        "large.py": FileStatus.TOO_LARGE,
        "lost.py": FileStatus.UNREADABLE,
        "pointer.py": FileStatus.NO_TAGS,
    }


def test_no_filter_of_the_repository_runs(tmp_path: Path) -> None:
    top = make_work_tree(tmp_path / "top", {"a.py": "def a(): pass\n", ".gitattributes": "*.py filter=x\n"}, ".")
    trap = tmp_path / "trap"
    for name in ("filter.x.smudge", "filter.x.process", "diff.x.textconv"):
        git(top, "config", name, f"touch {trap}; cat")
    git(top, "config", "core.autocrlf", "true")
    assert names_in(top, revision="main") == ["a"]
    assert not trap.exists()


def test_a_tree_without_end_is_given_up(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_run, "_MAX_OUTPUT_BYTES", 1 << 20)
    mode, entry = b"100644", blob_of(top, "x = 1\n")
    for _ in range(8):
        commit = tree_of(top, *((mode, b"%d.py" % i if mode == b"100644" else b"%d" % i, entry) for i in range(9)))
        mode, entry = b"40000", git(top, "rev-parse", commit + "^{tree}")
    with pytest.raises(GitError, match="cannot be listed: git wrote more than 1 MiB"):
        repomap_fast.scan(top, cache=False, revision=commit)


def test_a_corrupt_tree_is_an_error(top: Path) -> None:
    tree = git(top, "rev-parse", "first^{tree}")
    (top / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(GitError, match=r"the files of 'first' .* cannot be listed"):
        repomap_fast.scan(top, cache=False, revision="first")


@pytest.mark.parametrize(
    "revision", ["nothing", "-x", "--output=x", "a\0b", "HEAD:a.py", "HEAD^{tree}", "..", "x" * 9999]
)
def test_a_revision_that_is_no_commit_is_an_error(top: Path, revision: str) -> None:
    with pytest.raises(OptionError, match="expected a commit, a branch or a tag"):
        repomap_fast.scan(top, cache=False, revision=revision)


def test_errors_say_what_could_be_meant(top: Path, tmp_path: Path) -> None:
    for name in ("feature/login", "feature/logout"):
        git(top, "branch", name)
    with pytest.raises(OptionError, match=r"did you mean 'feature/login' or 'feature/logout'\?"):
        repomap_fast.scan(top, cache=False, revision="feature/logn")
    with pytest.raises(OptionError, match=r"changed is 'feature/logn'.*did you mean 'feature/login'"):
        repomap_fast.map(top, cache=False, changed="feature/logn")
    git(top, "tag", "feature/logo", blob_of(top, "no commit"))
    with pytest.raises(OptionError, match=r"did you mean 'feature/logout' or 'feature/login'\?"):
        repomap_fast.scan(top, cache=False, revision="feature/logo")
    with pytest.raises(OptionError, match="revision is ''; expected a name"):
        repomap_fast.scan(top, cache=False, revision="")
    with pytest.raises(OptionError, match="changed and revision are both given"):
        repomap_fast.map(top, cache=False, revision="first", changed=True)
    (tmp_path / "plain").mkdir()
    with pytest.raises(OptionError, match="in no git repository"):
        repomap_fast.scan(tmp_path / "plain", cache=False, revision="first")


def test_a_shallow_clone_says_that_it_lacks_commits(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{top}", "shallow")
    with pytest.raises(OptionError, match="the clone is shallow"):
        repomap_fast.scan(tmp_path / "shallow", cache=False, revision=git(top, "rev-parse", "first"))


def test_nothing_is_fetched_into_a_partial_clone(top: Path, tmp_path: Path) -> None:
    git(top, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{top}", "partial")
    shutil.rmtree(top)
    result = repomap_fast.scan(tmp_path / "partial", cache=False, revision="main")
    assert {file.status for file in result.files} == {FileStatus.UNREADABLE}


def test_a_repository_in_doubt_is_not_asked(top: Path, tmp_path: Path) -> None:
    root = write_files(tmp_path / "root", {"a.py": ""})
    (root / ".git").write_text(f"gitdir: {top / '.git'}\n")
    with pytest.raises(GitError, match="does not name it in return"):
        repomap_fast.scan(root, cache=False, revision="first")


def test_files_are_laid_out_some_at_a_time_and_removed(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_contents, "_BATCH_BYTES", 60)
    opened = open_commit(os.fsencode(top), "first", Progress())
    paths, sizes = opened.entries.paths, opened.entries.sizes_bytes
    rows, folders = [], []
    for root, names, some in opened.lay_out(paths, sizes, repomap_fast.tables.np.arange(len(paths))):
        folders.append(root)
        rows += some.tolist()
        for row in some.tolist():
            assert (root / os.fsdecode(names[row])).read_bytes() == opened.read(paths[row], 99)
    assert rows == list(range(len(paths)))
    assert len(folders) > 1
    assert not any(folder.exists() for folder in folders)


def test_what_git_lists_is_read_entry_by_entry() -> None:
    of_sha256 = b"100755 blob " + b"ab" * 32 + b"     BAD\tb\0" + b"100644 blob " + b"cd" * 32 + b"       7\ta\0"
    entries = read_entries(of_sha256)
    assert list(entries.paths) == [b"a", b"b"]
    assert entries.sizes_bytes.tolist() == [7, UNKNOWN_SIZE]
    assert entries.blob_ids.shape == (2, 32)
    assert len(read_entries(b"").paths) == 0
