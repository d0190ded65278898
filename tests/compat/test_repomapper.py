"""RepoMapper's names over our steps: its ranks beside plain PageRank, its maps, its search and its command line."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat import repomapper
from repomap_fast.compat.repomapper import (
    FileReport,
    RepoMap,
    Tag,
    count_tokens,
    find_identifiers,
    find_src_files,
    read_text,
    search_identifiers,
)
from repomap_fast.compat.repomapper.__main__ import main
from repomap_fast.compat.repomapper.ranking import rank_files
from repomap_fast.drawing.tokens import estimate_tokens

NAMES = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)
FILES = st.lists(st.tuples(NAMES, NAMES, st.sampled_from([0, 0, 1])), min_size=1, max_size=7)


def plain_ranks(defined: list[list[str]], used: list[list[str]], wanted: list[int]) -> np.ndarray:
    """PageRank as the definition has it, over a matrix: one edge for each name from its user to each other definer."""
    n = len(defined)
    start = np.array(wanted, float)
    start = start / start.sum() if start.sum() else np.full(n, 1 / n)
    edges = np.zeros((n, n))
    for user in range(n):
        for definer in range(n):
            edges[user, definer] = len(set(used[user]) & set(defined[definer])) if user != definer else 0
    total = edges.sum(axis=1, keepdims=True)
    steps = np.where(total > 0, edges / np.maximum(total, 1), start)
    return np.linalg.solve(np.eye(n) - 0.85 * steps.T, 0.15 * start)


@given(files=FILES)
def test_ranks_are_those_of_the_definition(files: list[tuple[list[str], list[str], int]]) -> None:
    defined, used, wanted = map(list, zip(*files, strict=True))
    ours = rank_files(
        [dict.fromkeys(names) for names in defined], [dict.fromkeys(names) for names in used], np.array(wanted, float)
    )
    assert ours == pytest.approx(plain_ranks(defined, used, wanted), abs=1e-4)


def test_no_files_have_no_ranks() -> None:
    assert len(rank_files([], [], np.zeros(0))) == 0


SOURCES = {
    "core.py": "class Core:\n    def run(self):\n        return helper()\n\n\ndef helper():\n    return 1\n",
    "app.py": "from core import Core, helper\n\n\ndef main():\n    Core().run()\n    helper()\n",
    "lone.py": "def lone():\n    pass\n",
    "sub/use.c": "int main(void) { return helper(); }\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path, source in SOURCES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source)
    return folder


def files_of(root: Path) -> list[str]:
    return [str(root / path) for path in SOURCES]


def best(repo_map: RepoMap, chat: list[str], others: list[str], **mentioned: object) -> dict[str, float]:
    """Return the rank of the first definition of each name."""
    ranked, _ = repo_map.get_ranked_tags(chat, others, **mentioned)
    assert ranked == sorted(ranked, key=lambda entry: -entry[0])
    return {tag.name: rank for rank, tag in reversed(ranked)}


def test_tags_have_one_based_lines_and_come_once(root: Path) -> None:
    repo_map = RepoMap(root=str(root))
    tags = repo_map.get_tags(str(root / "core.py"), "core.py")
    assert tags[0] == Tag("core.py", str(root / "core.py"), 1, "Core", "def")
    assert [(tag.name, tag.kind, tag.line) for tag in tags] == [
        ("Core", "def", 1), ("run", "def", 2), ("helper", "ref", 3), ("helper", "def", 6),
    ]  # fmt: skip
    assert repo_map.get_tags_raw(str(root / "core.py"), "core.py") == tags
    assert repo_map.get_tags(str(root / "gone.py"), "gone.py") == []
    assert repo_map.get_rel_fname(root / "sub" / "use.c") == "sub/use.c"
    assert repo_map.get_rel_fname("/elsewhere") == "/elsewhere"
    assert repo_map.get_mtime(root / "gone.py") is None
    repo_map.save_tags_cache()
    repo_map.load_tags_cache()
    repo_map.tags_cache_error()


def test_files_are_ranked_without_a_chat_too(root: Path) -> None:
    ranks = best(RepoMap(root=root), [], files_of(root))
    assert ranks["helper"] == ranks["Core"] > ranks["main"] == ranks["lone"]


def test_the_chat_and_what_is_mentioned_weigh_more(root: Path) -> None:
    repo_map, files = RepoMap(root=root), files_of(root)
    plain = best(repo_map, [], files)
    named = best(repo_map, [], files, mentioned_idents={"lone"}, mentioned_fnames={str(root / "app.py")})
    assert named["lone"] == pytest.approx(10 * plain["lone"])
    assert named["main"] == pytest.approx(5 * plain["main"])
    assert named["helper"] == pytest.approx(plain["helper"])
    assert best(repo_map, [], files, mentioned_fnames={"app.py"})["main"] == named["main"]
    in_chat = best(repo_map, [files[1]], files)
    assert in_chat["main"] == max(in_chat.values())
    assert in_chat["lone"] == 0
    ranked, _ = RepoMap(root=root, exclude_unranked=True).get_ranked_tags([files[1]], files)
    assert "lone" not in {tag.name for _, tag in ranked}


def test_the_report_says_what_became_of_the_files(root: Path) -> None:
    warnings: list[str] = []
    repo_map = RepoMap(root=root, output_handler_funcs={"warning": warnings.append, "error": print, "info": print})
    gone = str(root / "gone.py")
    _, report = repo_map.get_ranked_tags([files_of(root)[0]], [*files_of(root), gone])
    assert report == FileReport({gone: "[EXCLUDED] File not found"}, 6, 7, 5)
    assert warnings == [f"Repo-map can't include {gone}: File not found"]
    assert repo_map.get_ranked_tags([], []) == ([], FileReport({}, 0, 0, 0))
    assert repo_map.get_repo_map([], []) == (None, FileReport({}, 0, 0, 0))
    assert RepoMap(0, root).get_repo_map([], files_of(root)) == (None, FileReport({}, 0, 0, 0))


def test_a_map_shows_scopes_and_ranks_best_file_first(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text, report = RepoMap(root=root, repo_content_prefix="These {other}files:\n").get_repo_map([], files_of(root))
    assert text is not None
    assert text.startswith("These files:\ncore.py:\n(Rank value: 0.")
    assert text.index("core.py:") < text.index("app.py:") < text.index("lone.py:")
    assert "│class Core:\n│    def run(self):\n" in text
    assert (report.definition_matches, report.reference_matches) == (6, 7)
    text, _ = RepoMap(root=root, repo_content_prefix="{other}").get_repo_map(files_of(root)[1:2], files_of(root))
    assert text.startswith("other app.py:\n(Rank value: ")
    assert capfd.readouterr() == ("", "")


def test_a_map_is_of_the_files_as_they_are(root: Path) -> None:
    repo_map = RepoMap(root=root)
    before, _ = repo_map.get_repo_map([], files_of(root))
    (root / "lone.py").write_text("def no_longer_lone():\n    pass\n")
    after, _ = repo_map.get_repo_map([], files_of(root))
    assert after == before.replace("def lone()", "def no_longer_lone()")
    assert repo_map.get_repo_map([], files_of(root), force_refresh=True)[0] == after


def test_a_budget_is_kept_and_used(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"m{number:02}.py").write_text(f"def function_{number:02}(value):\n    return {number}\n")
    files = [str(path) for path in sorted(tmp_path.glob("*.py"))]
    for budget in (100, 500, 1000):
        told: list[str] = []
        handlers = {"info": told.append, "warning": told.append, "error": told.append}
        repo_map = RepoMap(budget, tmp_path, len, output_handler_funcs=handlers, verbose=True)
        text, _ = repo_map.get_repo_map([], files)
        assert 0.9 * budget - 80 < len(text) <= budget
        assert told == [f"Repo-map: {len(text) / 1024:.1f} k-tokens"]
    # With nothing in the chat a map may be larger, as long as it fits into the model's context.
    wide, _ = RepoMap(100, tmp_path, len, max_context_window=1024 + 500).get_repo_map([], files)
    assert 400 < len(wide) <= 500
    assert RepoMap(5, tmp_path, len).get_repo_map([], files)[0] is None


def test_a_readers_texts_take_the_place_of_the_files(root: Path) -> None:
    def read(path: str) -> str | None:
        return "def unsaved():\n    pass\n" if path.endswith("lone.py") else read_text(path)

    repo_map = RepoMap(root=root, file_reader_func=read)
    text, _ = repo_map.get_repo_map([], files_of(root))
    assert "def unsaved()" in text
    assert "def lone()" not in text
    assert [tag.name for tag in repo_map.get_tags(str(root / "lone.py"), "lone.py")] == ["unsaved"]
    assert "def unsaved()" in repo_map.render_tree(str(root / "lone.py"), "lone.py", [1])


def test_a_tree_of_chosen_tags_and_of_chosen_lines(root: Path) -> None:
    repo_map = RepoMap(root=root)
    ranked, _ = repo_map.get_ranked_tags([], files_of(root))
    assert repo_map.to_tree([]) == ""
    chosen = [entry for entry in ranked if entry[1].name in ("run", "lone")]
    text = repo_map.to_tree(chosen, set())
    assert text.index("core.py:") < text.index("│    def run(self):") < text.index("lone.py:")
    assert "app.py" not in text
    assert repo_map.render_tree(str(root / "core.py"), "core.py", [3]).startswith(
        "core.py:\n⋮\n│    def run(self):\n│        return helper()\n"
    )
    assert repo_map.render_tree(str(root / "gone.py"), "gone.py", [1]) == ""


def test_files_elsewhere_are_mapped_too(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("def outside():\n    return helper()\n")
    text, report = RepoMap(root=root).get_repo_map([], [*files_of(root), str(outside)])
    assert f"{outside}:\n" in text
    assert "│def outside():" in text
    assert report.definition_matches == 7


def test_search_finds_names_that_hold_a_text(root: Path) -> None:
    found = find_identifiers(str(root), "HELP", context_lines=0)["results"]
    assert [(result["file"], result["line"], result["kind"]) for result in found] == [
        ("core.py", 6, "def"),
        ("app.py", 1, "ref"),
        ("app.py", 6, "ref"),
        ("core.py", 3, "ref"),
        ("sub/use.c", 1, "ref"),
    ]  # fmt: skip
    assert found[0]["context"].startswith("core.py:\n⋮\n│def helper():")
    only = find_identifiers(str(root), "help", max_results=1, include_definitions=False)["results"]
    assert [result["kind"] for result in only] == ["ref"]
    assert find_identifiers(str(root), "help", include_references=False, include_definitions=False) == {"results": []}
    assert asyncio.run(search_identifiers(str(root), "lone"))["results"][0]["name"] == "lone"
    assert "not found" in find_identifiers(str(root / "gone"), "x")["error"]
    assert "error" in find_identifiers(str(root), None)


def test_files_are_found_as_git_has_them(root: Path) -> None:
    (root / ".gitignore").write_text("sub/\n")
    (root / ".hidden.py").touch()
    assert find_src_files(root) == [str(root / path) for path in ("app.py", "core.py", "lone.py")]
    assert find_src_files(root / "app.py") == [str(root / "app.py")]
    assert find_src_files(root / "gone") == []


def test_a_file_without_end_is_no_text(tmp_path: Path) -> None:
    pipe, huge, plain = tmp_path / "pipe", tmp_path / "huge", tmp_path / "plain"
    os.mkfifo(pipe)
    huge.touch()
    os.truncate(huge, 1 << 40)
    plain.write_bytes(b"a\xff\r\nb\n")
    assert [read_text(path) for path in (pipe, "/dev/zero", huge, plain)] == [None, None, None, "a\nb\n"]


def test_tokens_are_estimated_where_nothing_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repomap_fast.compat.repomapper.sources.find_spec", lambda name: None)
    assert count_tokens("def f(): pass", "a model of its own") == estimate_tokens("def f(): pass")
    assert count_tokens("") == 0


FLAGS = (
    *("--map-tokens", "4000", "--verbose", "--model", "gpt-4", "--max-context-window", "100000"),
    *("--force-refresh", "--exclude-unranked", "--mentioned-idents", "helper", "--mentioned-files", "lone.py"),
)


def test_every_flag_of_its_command_line_is_taken(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["--root", str(root), "--chat-files", str(root / "app.py"), "--other-files", str(root), *FLAGS]
    assert main(arguments) == 0
    shown, told = capfd.readouterr()
    assert "(Rank value: " in shown
    assert "lone" not in shown
    assert "Repo-map: " in told
    assert "4 files, 6 definitions, 7 references" in told


def test_its_command_maps_the_root_and_prints_the_map_alone(root: Path) -> None:
    command = [sys.executable, "-m", "repomap_fast.compat.repomapper"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == RepoMap(8192, root).get_repo_map([], find_src_files(root))[0]
    assert run.stderr == ""
    assert not [path for path in root.iterdir() if path.name.startswith(".")]
    run = subprocess.run([*command, "gone"], cwd=root, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "No repository map generated.\n")
    run = subprocess.run([*command, "--map-tokens", "many"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 2


def test_every_name_is_there() -> None:
    assert set(repomapper.__all__) <= set(dir(repomapper))
    with pytest.raises(AttributeError):
        _ = repomapper.nothing
