"""A walk that stands for git's listing finds what git would list; where it might not, git is asked."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast.discovery import git_listing, root_walk, stamps
from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.discovery.git_run import GitRun, start_listing
from repomap_fast.discovery.walk_memory import WalkMemory
from repomap_fast.errors import ScanCancelled
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from support.repositories import git, make_work_tree, needs_git, write_files

pytestmark = [
    needs_git,
    pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names differ by case there, so git is asked"),
]
TICK_S = 0.012
"""More than the clock of a file system needs for its next time."""
OPTIONS = ScanOptions()


class Looks:
    """Looks at one root, one after another. Each is compared with a scan that remembers nothing."""

    def __init__(self, root: Path, options: ScanOptions = OPTIONS) -> None:
        self.root = root
        self.found: list[str] = []
        self.notes: tuple[str, ...] = ()
        self._memory = WalkMemory()
        self._options = options

    def asks_git(self) -> bool:
        """Look once more; return whether git was asked to list the files."""
        time.sleep(TICK_S)
        n_asked = 0

        def counting(folder: bytes) -> GitRun | None:
            nonlocal n_asked
            n_asked += 1
            return start_listing(folder)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(git_listing, "start_listing", counting)
            found = self._discover(self._memory)
        expected = self._discover(None)
        assert rows_of(found) == rows_of(expected)
        assert found.notes == expected.notes
        self.found, self.notes = [os.fsdecode(path) for path in found.paths], found.notes
        return n_asked > 0

    def stand_for_git(self) -> None:
        """Look until git is not asked any more."""
        for _ in range(5):
            if not self.asks_git():
                return
        raise AssertionError("git is asked at each look")

    def _discover(self, memory: WalkMemory | None) -> Discovery:
        return discover(self.root, self._options, Progress(), memory=memory)


def rows_of(found: Discovery) -> list[tuple[object, ...]]:
    columns = (found.sizes_bytes, found.mtimes_ns, found.ctimes_ns, found.inodes)
    return list(zip(found.paths, *(column.tolist() for column in columns), strict=True))


@pytest.fixture(autouse=True)
def fine_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock without a grain, so that what has just changed counts as settled."""
    if "coarse_clock" not in request.fixturenames:
        monkeypatch.setattr(stamps, "GRAIN_NS", 0)


@pytest.fixture
def coarse_clock() -> None:
    """The grain as it is."""


FILES = {
    ".gitignore": "*.log\n/build/\n",
    "a.py": "",
    "src/b.py": "",
    "src/deep/c.py": "",
    "build/kept.py": "",
    "build/left.py": "",
    "kept.log": "",
    "new.md": "",
}
TRACKED = (".gitignore", "a.py", "src/b.py", "src/deep/c.py", "build/kept.py", "kept.log")
ALL = sorted(FILES.keys() - {"build/left.py"})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_work_tree(tmp_path / "work", FILES, *TRACKED)
    time.sleep(TICK_S)
    return root


@pytest.fixture
def looks(root: Path) -> Looks:
    """Looks at a work tree that know it, so that git is not asked."""
    looks = Looks(root)
    looks.stand_for_git()
    assert looks.found == ALL
    return looks


def test_git_is_asked_twice_then_a_walk_stands_for_it(root: Path) -> None:
    looks = Looks(root)
    assert [looks.asks_git() for _ in range(4)] == [True, True, False, False]
    write_files(root, {"a.py": "longer", "build/kept.py": "longer", "new.md": "longer"})
    assert not looks.asks_git()


def test_before_a_deadline_nothing_is_compared(root: Path) -> None:
    memory = WalkMemory()
    for has_time in (False, False, False, True):
        assert not memory.git.has_agreed
        discover(root, OPTIONS, Progress(), memory=memory, has_time=has_time)
    assert memory.git.has_agreed


def test_files_that_come_and_go_are_seen_without_git(looks: Looks) -> None:
    write_files(looks.root, {"src/new.py": "", "more/d/e.py": "", "new.log": "", "build/new.py": ""})
    assert not looks.asks_git()
    assert looks.found == sorted([*ALL, "src/new.py", "more/d/e.py"])
    shutil.rmtree(looks.root / "src/deep")
    (looks.root / "a.py").unlink()
    (looks.root / "new.md").rename(looks.root / "src/moved.md")
    (looks.root / "src/new.py").unlink()
    (looks.root / "src/new.py").symlink_to("b.py")
    assert not looks.asks_git()
    assert "src/moved.md" in looks.found
    assert not {"a.py", "src/deep/c.py", "src/new.py"} & {*looks.found}


def test_tracked_files_that_are_ignored_come_back(looks: Looks) -> None:
    for path in ("kept.log", "build/kept.py"):
        (looks.root / path).unlink()
        assert not looks.asks_git()
        assert path not in looks.found
        write_files(looks.root, {path: "again"})
        assert not looks.asks_git()
        assert path in looks.found


def append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(text)


HOME_IGNORE = ".config/git/ignore"
CHANGES: dict[str, tuple[Callable[[Path, Path], object], set[str]]] = {
    "a rule": (lambda root, _: append(root / ".gitignore", "src/deep/\nnew.md\n"), {"new.md"}),
    "a rule file": (lambda root, _: append(root / "src/.gitignore", "*.py\n"), set()),
    "no rule file": (lambda root, _: (root / ".gitignore").unlink(), {".gitignore"}),
    "a rule of the repository": (lambda root, _: append(root / ".git/info/exclude", "new.md\n"), {"new.md"}),
    "a rule of the user": (lambda _, home: append(home / HOME_IGNORE, "new.md\n"), {"new.md"}),
    "a file of rules of the user": (lambda _, home: append(home / ".gitconfig", "[core]\nexcludesFile=~/mine"), set()),
    "a file of rules of the repository": (lambda root, _: git(root, "config", "core.excludesFile", "a.py"), set()),
    "a file that is not tracked any more": (
        lambda root, _: git(root, "rm", "-q", "--cached", "kept.log"),
        {"kept.log"},
    ),
    "a file that is tracked": (lambda root, _: git(root, "add", "-f", "build/left.py"), set()),
    "another branch": (lambda root, _: git(root, "checkout", "-q", "-b", "other"), set()),
    "a HEAD that git refuses": (lambda root, _: (root / ".git/HEAD").write_text("nothing"), set()),
    "no index": (lambda root, _: (root / ".git/index").unlink(), {"kept.log", "build/kept.py"}),
    "a damaged index": (lambda root, _: (root / ".git/index").write_bytes(b"DIRC"), {"kept.log", "build/kept.py"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_decides_the_listing_is_asked_for_again(name: str, looks: Looks, home: Path) -> None:
    change, gone = CHANGES[name]
    change(looks.root, home)
    assert looks.asks_git()
    assert {*ALL} - {*looks.found} == gone
    if name == "a file of rules of the user":
        looks.stand_for_git()
        append(home / "mine", "new.md\n")
        assert looks.asks_git()
        assert "new.md" not in looks.found
    if name == "a file of rules of the repository":
        looks.stand_for_git()
        append(looks.root / "a.py", "new.md\n")
        assert looks.asks_git()
        assert "new.md" not in looks.found
    if "HEAD" not in name and "damaged" not in name:
        looks.stand_for_git()


def test_rules_above_the_root_count(root: Path) -> None:
    looks = Looks(root / "src/deep")
    looks.stand_for_git()
    write_files(root, {"src/deep/d.py": "", "src/deep/e.md": ""})
    assert not looks.asks_git()
    for rule_file, pattern in (("src/.gitignore", "d.*"), (".gitignore", "e.*")):
        append(root / rule_file, f"{pattern}\n")
        assert looks.asks_git()
        looks.stand_for_git()
    assert looks.found == ["c.py"]


def test_a_linked_work_tree_has_its_own_index(root: Path) -> None:
    git(root, "worktree", "add", "-q", str(root.parent / "linked"))
    looks = Looks(root.parent / "linked")
    looks.stand_for_git()
    git(looks.root, "rm", "-q", "--cached", "kept.log")
    assert looks.asks_git()
    assert "kept.log" not in looks.found
    append(root / ".git/info/exclude", "a*\nnew.*\n")
    write_files(looks.root, {"new.md": ""})
    looks.stand_for_git()
    assert "new.md" not in looks.found


def test_an_index_that_was_written_a_moment_ago_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git may write it twice in one tick of the clock."""
    root = make_work_tree(tmp_path / "work", dict.fromkeys(("a.log", "b.log", "c.py"), ""), "a.log", "b.log")
    append(root / ".git/info/exclude", "*.log\n")
    tick_ns = 10**15
    monkeypatch.setattr(stamps, "GRAIN_NS", tick_ns)
    monkeypatch.setattr(stamps, "stamp_of", lambda _: (time.time_ns() // tick_ns * tick_ns,) * 2)
    looks = Looks(root)
    assert looks.asks_git()
    assert looks.asks_git()
    for path in ("a.log", "b.log"):
        assert path in looks.found
        git(root, "rm", "-q", "--cached", path)
        assert looks.asks_git()
    assert looks.found == ["c.py"]


def test_an_index_of_the_same_size_and_time_is_seen(looks: Looks) -> None:
    index = looks.root / ".git/index"
    git(looks.root, "mv", "kept.log", "best.log")
    looks.stand_for_git()
    before = index.stat()
    git(looks.root, "mv", "best.log", "left.log")
    os.utime(index, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert index.stat().st_size == before.st_size
    assert looks.asks_git()
    assert "left.log" in looks.found


@pytest.mark.usefixtures("coarse_clock")
def test_rules_that_were_written_a_moment_ago_are_not_trusted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks(root)
    with monkeypatch.context() as patched:
        patched.setattr(stamps, "GRAIN_NS", 0)
        looks.stand_for_git()
    write_files(root, {"src/.gitignore": "b.*\n"})
    assert looks.asks_git()
    assert "src/b.py" in looks.found
    write_files(root, {"src/x.py": "", "src/y.py": ""})
    (root / "src/.gitignore").write_text("x.*\n")
    assert looks.asks_git()
    assert "src/x.py" not in looks.found
    (root / "src/.gitignore").write_text("y.*\n")
    looks.asks_git()
    assert "src/y.py" not in looks.found


def make_submodule(root: Path) -> None:
    library = make_work_tree(root.parent / "library", {"lib.py": "", "lib.log": ""}, "lib.py")
    git(root, "submodule", "--quiet", "add", str(library), "lib")


def make_sparse(root: Path) -> None:
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "src")


def make_nested(root: Path) -> None:
    write_files(root, {"src/nested/n.py": ""})
    git(root / "src/nested", "init", "-q")


NEVER: dict[str, Callable[[Path, Path], object]] = {
    "a submodule": lambda root, _: make_submodule(root),
    "a repository in a folder": lambda root, _: make_nested(root),
    "an empty .git in a folder": lambda root, _: (root / "src/.git").mkdir(),
    "a folder that a tool made": lambda root, _: write_files(root, {"env/pyvenv.cfg": "", "env/lib.py": ""}),
    "a sparse index": lambda root, _: make_sparse(root),
    "names that are the same in capitals": lambda root, _: git(root, "config", "core.ignoreCase", "true"),
    "the same by the user": lambda _, home: append(home / ".gitconfig", "[core]\n\tignorecase\n"),
    "a setting that the user includes": lambda _, home: append(home / ".gitconfig", "[include]\npath=~/more\n"),
    "a setting that the repository includes": lambda root, _: git(root, "config", "include.path", "more"),
    "a user's rules by no absolute path": lambda _, home: append(home / ".gitconfig", "[core]\nexcludesFile=mine\n"),
    "a rule file that is a link": lambda root, _: (root / "src/.gitignore").symlink_to("../.gitignore"),
    "more rules than are applied": lambda root, _: append(root / ".gitignore", f"{'x' * 5000}\n"),
    "more rules of the user": lambda _, home: append(home / HOME_IGNORE, f"{'x' * 5000}\n"),
}


@pytest.mark.parametrize("name", NEVER)
def test_where_git_may_see_it_otherwise_it_is_asked_each_time(name: str, looks: Looks, home: Path) -> None:
    NEVER[name](looks.root, home)
    assert [looks.asks_git() for _ in range(5)] == [True] * 5
    append(home / "more", "[core]\n\tignorecase = true\n")
    write_files(looks.root, {"new.LOG": ""})
    assert looks.asks_git()


def test_a_walk_stands_for_git_again_when_a_repository_within_is_gone(looks: Looks) -> None:
    make_nested(looks.root)
    assert looks.asks_git()
    assert "skipped 1 repository inside the work tree" in looks.notes[0]
    (looks.root / "src/nested").rename(looks.root.parent / "elsewhere")
    looks.stand_for_git()
    assert looks.found == ALL


def test_a_comparison_in_vain_is_made_less_and_less_often(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    (looks.root / "src/.git").mkdir()
    walks: list[int] = []
    walk = root_walk.walk

    def counting(*arguments: object, memory: WalkMemory | None = None, **others: object) -> None:
        if memory is not None:
            walks.append(1)
        walk(*arguments, memory=memory, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(root_walk, "walk", counting)
    counts = []
    for n_looks in (32, 64):
        for _ in range(n_looks):
            assert looks.asks_git()
        counts.append(len(walks))
    assert counts[0] <= 7
    assert counts[1] <= counts[0] + 2


def test_a_walk_that_finds_other_files_never_stands_for_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_walk, "chain_of_user", lambda _: ())
    append(root / ".git/info/exclude", "")
    home_rules = Path(os.environ["HOME"]) / HOME_IGNORE
    append(home_rules, "new.md\n")
    looks = Looks(root)
    assert [looks.asks_git() for _ in range(5)] == [True] * 5
    assert "new.md" not in looks.found


def replace_by_link(root: Path) -> None:
    (root / ".git").rename(root.parent / "moved")
    (root / ".git").symlink_to(root.parent / "moved")


def replace_by_pointer(root: Path) -> None:
    (root / ".git").rename(root.parent / "moved")
    (root / ".git").write_text(f"gitdir: {root.parent / 'moved'}\n")


def replace_by_another(root: Path) -> None:
    other = make_work_tree(root.parent / "other", {"kept.log": "", ".gitignore": "a.py\n"}, "kept.log")
    shutil.rmtree(root / ".git")
    (other / ".git").rename(root / ".git")


def put_fifo(root: Path, name: str) -> None:
    path = root / ".git" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)


HOSTILE: dict[str, Callable[[Path], object]] = {
    "a link": replace_by_link,
    "a pointer out of the work tree": replace_by_pointer,
    "of another work tree": replace_by_another,
    "gone": lambda root: shutil.rmtree(root / ".git"),
    "an index without end": lambda root: put_fifo(root, "index"),
    "settings without end": lambda root: put_fifo(root, "config"),
    "rules without end": lambda root: put_fifo(root, "info/exclude"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_git_folder_that_is_a_trap_is_treated_as_in_a_first_scan(name: str, looks: Looks) -> None:
    HOSTILE[name](looks.root)
    for _ in range(3):
        looks.asks_git()


def test_what_a_tag_in_a_folder_says_is_read_each_time(looks: Looks) -> None:
    tag = looks.root / "cache/CACHEDIR.TAG"
    write_files(looks.root, {"cache/CACHEDIR.TAG": "nothing", "cache/c.py": ""})
    assert looks.asks_git()
    assert "cache/c.py" in looks.found
    tag.write_text("Signature: 8a477f597d28d172789f06886806bc55")
    assert looks.asks_git()
    assert "cache/c.py" not in looks.found


def test_a_folder_of_a_tool_may_be_none_to_git(root: Path) -> None:
    """What shows whose folder it is may be ignored, so that git does not list it."""
    append(root / ".gitignore", "pyvenv.cfg\n")
    write_files(root, {"env/tracked.py": ""})
    git(root, "add", "env")
    looks = Looks(root)
    looks.stand_for_git()
    write_files(root, {"env/pyvenv.cfg": "", "env/new.py": ""})
    assert looks.asks_git()
    assert "env/new.py" in looks.found


@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="nothing is refused to root")
def test_where_a_folder_cannot_be_read_git_is_asked(looks: Looks) -> None:
    (looks.root / "src/closed").mkdir(mode=0)
    assert [looks.asks_git() for _ in range(3)] == [True] * 3
    assert "cannot be read" in looks.notes[0]


def test_a_git_that_is_gone_is_noticed(looks: Looks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for _ in range(2):
        looks.asks_git()
        assert looks.found == ALL


def test_variables_that_lead_git_elsewhere_do_not_count(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(looks.root / "src"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(looks.root / "a.py"))
    assert not looks.asks_git()
    assert looks.found == ALL


def test_a_file_that_is_not_to_be_in_the_work_tree_is_found_when_it_is(looks: Looks) -> None:
    git(looks.root, "update-index", "--skip-worktree", "kept.log")
    git(looks.root, "update-index", "--assume-unchanged", "build/kept.py")
    for path in ("kept.log", "build/kept.py"):
        (looks.root / path).unlink()
    looks.stand_for_git()
    assert not {"kept.log", "build/kept.py"} & {*looks.found}
    write_files(looks.root, {"kept.log": "", "build/kept.py": ""})
    assert not looks.asks_git()
    assert looks.found == ALL


@pytest.mark.parametrize(
    "options",
    [ScanOptions(exclude=("b*",)), ScanOptions(include=("*.py",)), ScanOptions(no_ignore=True)],
    ids=["exclude", "include", "no-ignore"],
)
def test_options_choose_from_what_the_walk_finds(root: Path, options: ScanOptions) -> None:
    looks = Looks(root, options)
    for path in ("x.py", "b.md", "src/b.log", ".repomapignore", "src/.repomapignore"):
        looks.asks_git()
        looks.asks_git()
        write_files(root, {path: "deep\n"})
        looks.asks_git()


def test_a_comparison_that_is_cancelled_leaves_git_to_be_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, cancel = WalkMemory(), threading.Event()
    discover(root, OPTIONS, Progress(), memory=memory)
    with monkeypatch.context() as patched:
        patched.setattr(WalkMemory, "taken_from", lambda *_: cancel.set())
        with pytest.raises(ScanCancelled):
            discover(root, OPTIONS, Progress(cancel=cancel), memory=memory)
    assert not memory.git.has_agreed
    found = discover(root, OPTIONS, Progress(), memory=memory)
    assert rows_of(found) == rows_of(discover(root, OPTIONS, Progress()))


NAMES = ["a", "b.py", "c.log", "build", "x", ".gitignore", "node_modules"]
EDITS = ["write", "remove", "move", "link", "rule", "track", "drop", "exclude", "user", "branch", "init"]
edits = st.tuples(st.sampled_from(EDITS), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), st.integers(0, 4))
TEXTS = ["*.log\n", "a\n", "!c.log\n", "/x/\n", "b*\n!b.py\n"]


def edit(root: Path, home: Path, how: str, names: list[str], number: int) -> None:
    """Change something, where it applies."""
    there = root.joinpath(*names)
    if any(
        (root.joinpath(*names[:n])).is_symlink() or (root.joinpath(*names[:n])).is_file() for n in range(1, len(names))
    ):
        return
    is_file = there.is_file() and not there.is_symlink()
    if how in ("write", "rule") and not there.is_dir() and not there.is_symlink():
        text = TEXTS[number] if there.name == ".gitignore" or how == "rule" else "x" * number
        target = there.with_name(".gitignore") if how == "rule" else there
        if not target.is_dir() and not target.is_symlink():
            write_files(root, {str(target.relative_to(root)): text})
    elif how == "remove" and there.exists():
        shutil.rmtree(there) if there.is_dir() and not there.is_symlink() else there.unlink()
    elif how == "move" and there.exists() and not there.with_name(f"moved{number}").exists():
        there.rename(there.with_name(f"moved{number}"))
    elif how == "link" and not there.exists() and not there.is_symlink() and there.parent.is_dir():
        there.symlink_to(NAMES[number])
    elif how == "track" and is_file:
        git(root, "add", "-f", "--", str(there.relative_to(root)))
    elif how == "drop" and number < 2:
        git(root, "rm", "-q", "-r", "--cached", "--ignore-unmatch", "--", str(Path(*names)))
    elif how == "exclude":
        (root / ".git/info/exclude").write_text(TEXTS[number])
    elif how == "user":
        write_files(home, {HOME_IGNORE: TEXTS[number]})
    elif how == "branch":
        git(root, "symbolic-ref", "HEAD", f"refs/heads/b{number}")
    elif how == "init" and number == 0 and there.is_dir() and not there.is_symlink():
        git(there, "init", "-q", "--template=")


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(edits, max_size=3), min_size=3, max_size=10))
def test_after_any_edits_a_look_finds_what_a_first_scan_finds(steps: list[list[tuple[str, list[str], int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(stamps, "GRAIN_NS", 0)
        home = Path(folder, "home")
        patched.setenv("HOME", str(home))
        files = {"a/b.py": "", "a/c.log": "", "build/x": "", "b.py": "", ".gitignore": "*.log\n"}
        root = make_work_tree(Path(folder, "root"), files, "a/b.py", "a/c.log", ".gitignore")
        looks = Looks(root)
        looks.asks_git()
        looks.asks_git()
        for step in steps:
            for how, names, number in step:
                edit(root, home, how, names, number)
            looks.asks_git()
