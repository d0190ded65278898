"""The fuzzer of scanners itself: it finds what a scanner does wrong, tells where, and runs the text again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.languages.grammars import grammar_release

RUN = Path(__file__).parents[1] / "fuzz" / "scanners" / "run.py"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sanitizers' libraries are found as gcc on Linux has them"),
    pytest.mark.skipif(
        not all(map(shutil.which, ("gcc", "cmake", "ninja", "nm"))), reason="needs gcc, cmake and ninja"
    ),
]

# In the place of the scanner of TOML: it finds nothing, and does something wrong where a word follows a tilde.
SCANNER = """
#include <stdlib.h>
#include "tree_sitter/parser.h"

static int word[4];
void *tree_sitter_toml_external_scanner_create(void) { return NULL; }
void tree_sitter_toml_external_scanner_destroy(void *payload) {}
unsigned tree_sitter_toml_external_scanner_serialize(void *payload, char *buffer) { return 0; }
void tree_sitter_toml_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {}
bool tree_sitter_toml_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  volatile int n = 0;
  if (lexer->lookahead != '~') return false;
  for (lexer->advance(lexer, false); lexer->lookahead == 'a'; n++) lexer->advance(lexer, false);
  if (n > 2) FAULT
  return false;
}
"""


def fuzz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the fuzzer, its folders within this one."""
    folders = [f"--{name}={folder / name}" for name in ("sources", "build", "findings")]
    command = [sys.executable, str(RUN), "toml", *folders, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def write_scanner(folder: Path, fault: str) -> None:
    release = (grammar_release("toml") or "").removesuffix(".dist-info")
    source = folder / "sources" / release / "parsers" / "toml" / "src"
    source.mkdir(parents=True)
    (source / "scanner.c").write_text(SCANNER.replace("FAULT", fault))


@pytest.mark.parametrize(
    ("fault", "counted", "told"),
    [
        ("word[n / n + 3] = 1;", " 0 leaks, 0 crashes", "global-buffer-overflow"),
        ("n = 1 << (n + 60);", " 0 leaks, 0 crashes", "runtime error: shift exponent"),
        ("n = !malloc(100);", " 0 reports, ", "memory lost by"),
        ("abort();", " 0 reports, 0 leaks, ", "abort"),
    ],
)
def test_what_a_scanner_does_wrong_is_found_and_kept(fault: str, counted: str, told: str, tmp_path: Path) -> None:
    write_scanner(tmp_path, fault)
    done = fuzz(tmp_path, "--seconds", "15")
    assert done.returncode == 1, done.stderr
    assert counted in done.stdout
    kept = tmp_path / "findings" / "toml"
    assert told in (kept / "log").read_text()
    texts = [path for path in kept.iterdir() if path.name.startswith(("finding-", "crash-"))]
    assert texts
    assert all(b"~aaa" in path.read_bytes() for path in texts)
    again = fuzz(tmp_path, "--replay", str(texts[0]))
    assert again.returncode != 0
    assert told in again.stderr


def test_a_scanner_that_does_nothing_wrong_is_counted(tmp_path: Path) -> None:
    write_scanner(tmp_path, "n = 0;")
    done = fuzz(tmp_path, "--seconds", "5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" 0 reports, 0 leaks, 0 crashes\n")


def test_a_language_without_a_scanner_or_of_no_name_is_told() -> None:
    for name, told in (("java", "java: the grammar has no scanner of its own"), ("latin", "'latin'")):
        done = subprocess.run([sys.executable, str(RUN), name], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2, done.stderr
        assert told in done.stdout
