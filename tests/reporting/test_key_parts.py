"""key_parts: files and definitions that matter, with the reason."""

from __future__ import annotations

from pathlib import Path

from support.made_reports import report_on
from support.repositories import write_files


def test_a_reason_counts_the_files_that_refer(tmp_path: Path) -> None:
    files = {f"user{i}.py": f"from core import Core\n\ndef user{i}():\n    return Core()\n" for i in range(4)}
    write_files(
        tmp_path, {"core.py": "class Core:\n    def run(self):\n        return 1\n", "core.css": "a {}\n", **files}
    )
    made = report_on(tmp_path)
    key = made.key_files[0]
    assert (key.path, key.place, key.n_referrers) == ("core.py", 1, 4)
    assert key.reason == "4 files refer to what it defines; 2 definitions"
    assert "core.css" not in {one.path for one in made.key_files}
    best = made.key_definitions[0]
    assert (best.path, best.name, best.kind, best.line, best.end_line) == ("core.py", "Core", "class", 1, 3)
    assert best.reason == "4 files refer to its name; 3 lines; its file is number 1"


def test_a_ranking_by_rank_alone_has_definitions_too(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".repomap-fast.toml": "[weights]\nby_rank_alone = true\n",
            "core.py": "class Core:\n    pass\n",
            "user.py": "from core import Core\nCore()\n",
        },
    )
    assert "Core" in {one.name for one in report_on(tmp_path).key_definitions}


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    made = report_on(tmp_path)
    assert (made.key_files, made.key_definitions, made.hot_spots) == ((), (), ())
