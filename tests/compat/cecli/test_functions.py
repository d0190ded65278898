"""The functions beside RepoMap in cecli's module."""

from __future__ import annotations

from repomap_fast.compat import cecli


def test_queries_and_languages_are_told() -> None:
    assert cecli.get_scm_fname("python").is_file()
    assert not cecli.get_scm_fname("nothing").exists()
    table = cecli.get_supported_languages_md()
    assert "| typescript           | .tsx                 |" in table
    assert cecli.truncate_long_lines("abc\nd", 2) == "ab\nd\n"
