"""No program that a repository's configuration names is run, and git reads nothing else of it either.

The keys are all those that the installed git knows, and a table of those that are known to name programs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

import repomap_fast
from repomap_fast.bench.bench import find_commit
from repomap_fast.discovery.git_folder import repository_at
from repomap_fast.discovery.git_run import run_git
from repomap_fast.errors import RepoMapError
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.warming import changed_last
from repomap_fast.progress import Progress
from support.repositories import git

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts"),
]

PROGRAMS = re.findall(
    r"\S+",
    """
    alias.config alias.diff alias.diff-tree alias.ls-files alias.rev-list alias.rev-parse browser.evil.cmd
    core.alternateRefsCommand core.askPass core.editor core.fsmonitor core.gitProxy core.pager core.sshCommand
    credential.helper credential.https://example.org.helper diff.evil.command diff.evil.textconv diff.external
    difftool.evil.cmd filter.evil.clean filter.evil.process filter.evil.smudge filter.EVIL2.clean gpg.openpgp.program
    gpg.program gpg.ssh.defaultKeyCommand gpg.ssh.program gpg.x509.program guitool.evil.cmd imap.tunnel
    interactive.diffFilter man.evil.cmd merge.evil.driver mergetool.evil.cmd pager.config pager.diff pager.diff-tree
    pager.ls-files pager.rev-list pager.rev-parse receive.procReceiveRefs remote.origin.proxy remote.origin.receivepack
    remote.origin.uploadpack remote.origin.vcs sendemail.ccCmd sendemail.toCmd sequence.editor submodule.sub.update
    trace2.eventTarget trace2.normalTarget trace2.perfTarget uploadpack.packObjectsHook web.browser
    core.attributesFile core.excludesFile core.hooksPath core.worktree include.path init.templateDir mailmap.file
    """,
)
"""Keys whose value is a program, or a file that git reads or writes."""

ENABLING = """
[extensions]
    partialClone = origin
    worktreeConfig = true
[log]
    showSignature = true
[filter "evil"]
    required = true
[filter "EVIL2"]
    required = true
[diff]
    tool = evil
[diff "evil"]
    cachetextconv = true
[merge]
    tool = evil
[remote "origin"]
    promisor = true
    partialclonefilter = blob:none
[protocol]
    allow = always
[protocol "ext"]
    allow = always
"""
"""What has git make use of the programs."""

SHOWN = re.compile(
    rb"core\.(repositoryformatversion|bare|excludesfile|filemode|ignorecase|precomposeunicode|symlinks|autocrlf|eol"
    rb"|checkstat|trustctime)|extensions\.(objectformat|refstorage|compatobjectformat)|branch\..*\.(remote|merge)"
    rb"|remote\..*\.fetch"
)
"""Keys that git may be shown of a repository."""

SIGNED = """tree {tree}
author a <a@b> 1700000000 +0000
committer a <a@b> 1700000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 iQ==
 -----END PGP SIGNATURE-----

signed
"""


def known_keys() -> list[str]:
    """Return the keys that the installed git lists, with a name in place of each placeholder."""
    told = subprocess.run(["git", "help", "--config"], check=True, capture_output=True, text=True).stdout.split("\n")
    names = [re.sub(r"<[^>]*>|\*", "evil", line.strip()) for line in told if re.fullmatch(r"[A-Za-z0-9]+\.\S+", line)]
    return sorted({*names, *PROGRAMS})


def config_line(key: str, value: str) -> str:
    section, _, rest = key.partition(".")
    subsection, dot, name = rest.rpartition(".")
    heading = f'[{section} "{subsection}"]' if dot else f"[{section}]"
    return f'{heading}\n\t{name} = "{value}"\n'


class Trap:
    """A repository with a signed commit, changes, and attributes that ask for every kind of program."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "repository"
        self.ran = folder / "ran"
        self.program = folder / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.ran}"\n')
        self.program.chmod(0o755)
        self.top.mkdir()
        git(self.top, "init", "-q", "-b", "main")
        (self.top / ".gitattributes").write_text("*.py filter=evil diff=evil merge=evil\n*.txt filter=EVIL2\n")
        for name in ("a.py", "b.py", "b.txt", "gone.py"):
            (self.top / name).write_text("def f(): pass\n")
        git(self.top, "add", "-A")
        git(self.top, "commit", "-qm", "first")
        tree = git(self.top, "rev-parse", "HEAD^{tree}")
        signed = git(self.top, "hash-object", "-t", "commit", "-w", "--stdin", feed=SIGNED.format(tree=tree))
        git(self.top, "update-ref", "refs/heads/main", signed)
        for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"):
            shutil.copy(self.program, self.top / ".git" / "hooks" / hook)
        (self.top / "a.py").write_text("def f(): return g()\n")
        (self.top / "b.txt").write_text("changed\n")
        (self.top / "c.py").write_text("def g(): pass\n")
        self.config = self.top / ".git" / "config"
        self.plain = self.config.read_text()

    def set(self, keys: list[str]) -> None:
        """Let each of these keys name the program."""
        own = "".join(config_line(key, str(self.program)) for key in keys)
        self.config.write_text(self.plain + ENABLING + own)

    def lose_an_object(self) -> None:
        name = git(self.top, "rev-parse", "main:gone.py")
        (self.top / ".git" / "objects" / name[:2] / name[2:]).unlink()


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


def warm(root: Path) -> None:
    with Index.open(root) as index:
        index.warm(changed_last(index.root, 3))


def read_history(root: Path) -> int:
    with Index.open(root) as index:
        return len(index.history())


def map_as_aider(root: Path) -> None:
    from repomap_fast.compat.aider import RepoMap

    model = SimpleNamespace(token_count=len)
    RepoMap(map_tokens=100, root=str(root), main_model=model).get_repo_map([], [str(root / "a.py")])


def find_as_others(root: Path) -> None:
    from repomap_fast.compat.repomap_tool import OptimizedFileScanner, get_project_files
    from repomap_fast.compat.repomapper import RepoMap
    from repomap_fast.compat.source_files import find_src_files

    assert str(root / "a.py") in find_src_files(str(root))
    assert str(root / "a.py") in get_project_files(str(root))
    assert root / "a.py" in OptimizedFileScanner(root).scan_files()
    RepoMap(root=str(root)).get_repo_map([], [str(root / "a.py")])


COMMANDS: dict[str, Callable[[Path], object]] = {
    "scan": repomap_fast.scan,
    "scan without a cache": lambda root: repomap_fast.scan(root, cache=False),
    "map": repomap_fast.map,
    "map of what changed": lambda root: repomap_fast.map(root, changed=True),
    "map of what changed since": lambda root: repomap_fast.map(root, changed="main~0"),
    "explain": lambda root: repomap_fast.explain(root, "a.py", changed=True),
    "search": lambda root: repomap_fast.search("f", root),
    "cache warm --changed-last": warm,
    "history": read_history,
    "bench": find_commit,
    "aider": map_as_aider,
    "other drop-ins": find_as_others,
}


def run_all(root: Path) -> None:
    for command in COMMANDS.values():
        # It may fail, for instance on an object that is not there; it may not run anything.
        with suppress(RepoMapError):
            command(root)


def test_plain_git_runs_them(trap: Trap) -> None:
    """The trap works: without care some programs run, so that the other tests can fail."""
    trap.set(["core.fsmonitor", "gpg.program", "diff.external", "filter.evil.clean"])
    for arguments in (["status"], ["log"], ["diff", "--ext-diff"]):
        subprocess.run(["git", *arguments], cwd=trap.top, capture_output=True)
    assert len(set(trap.ran.read_text().split("\n"))) >= 3


def test_git_is_shown_no_setting_but_a_few(trap: Trap) -> None:
    # What may be shown has a type, and git refuses other values.
    trap.set([key for key in known_keys() if not SHOWN.fullmatch(os.fsencode(key.lower()))])
    with trap.config.open("a") as config:
        config.write('[core]\n\tautocrlf = input\n[branch "a \\"b\\\\"]\n\tmerge = "refs/heads/x # \\\\ \\"y"\n')
    repository = repository_at(os.fsencode(trap.top.resolve()))
    assert repository is not None
    listed = run_git(repository, ["config", "-z", "--list", "--local"], Progress()).output
    shown = dict(line.split(b"\n", 1) for line in listed.split(b"\0") if line)
    assert [key for key in shown if not SHOWN.fullmatch(key)] == []
    assert shown[b"core.autocrlf"] == b"input"
    assert shown[b'branch.a "b\\.merge'] == b'refs/heads/x # \\ "y'
    assert shown[b"core.bare"] == b"false"


@pytest.mark.parametrize("is_complete", [True, False])
def test_no_program_runs_with_all_of_them_set(trap: Trap, is_complete: bool) -> None:
    trap.set(PROGRAMS)
    if not is_complete:
        trap.config.write_text(trap.plain)
        trap.lose_an_object()
        trap.set(PROGRAMS)
    run_all(trap.top)
    assert not trap.ran.exists(), trap.ran.read_text()
    changed = repomap_fast.map(trap.top, changed=True) if is_complete else None
    assert changed is None or "c.py" in changed.text


def test_no_program_runs_when_a_history_is_read(trap: Trap) -> None:
    """With all of them set, the repository is a partial clone, which has no history."""
    trap.set(PROGRAMS)
    assert read_history(trap.top) == 0
    partial = {"    partialClone = origin\n", "    promisor = true\n", "    partialclonefilter = blob:none\n"}
    lines = trap.config.read_text().splitlines(keepends=True)
    assert partial < set(lines)
    trap.config.write_text("".join(line for line in lines if line not in partial))
    assert read_history(trap.top) == 1
    assert not trap.ran.exists(), trap.ran.read_text()


def test_no_program_runs_in_a_folder_laid_out_as_a_bare_repository(trap: Trap, tmp_path: Path) -> None:
    """A clone can hold such a folder, with a configuration."""
    trap.set(PROGRAMS)
    clone = tmp_path / "clone"
    clone.mkdir()
    git(clone, "init", "-q")
    inner = clone / "inner"
    shutil.copytree(trap.top / ".git", inner)
    shutil.copy(trap.top / "a.py", inner)
    with (inner / "config").open("a") as config:
        config.write("[core]\n\tbare = false\n\tworktree = .\n")
    git(clone, "add", "-Af")
    git(clone, "commit", "-qm", "first")
    trap.ran.unlink(missing_ok=True)
    run_all(inner)
    assert not trap.ran.exists(), trap.ran.read_text()


def each_key() -> Iterator[str]:
    return iter(known_keys()) if shutil.which("git") else iter(())


@pytest.mark.slow
def test_no_program_runs_with_any_one_of_them_set(trap: Trap) -> None:
    ran = []
    for key in each_key():
        trap.set([key])
        run_all(trap.top)
        if trap.ran.exists():
            ran.append(key)
            trap.ran.unlink()
    assert ran == []


def test_a_program_named_git_in_the_working_folder_is_not_git(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(trap.program, trap.top / "git")
    monkeypatch.chdir(trap.top)
    for path in (".", "", "./"):
        monkeypatch.setenv("PATH", os.pathsep.join([path, os.environ["PATH"]]))
        run_all(trap.top)
    assert not trap.ran.exists()
