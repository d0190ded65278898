"""What Universal Ctags says that files define: a witness for ``recall.tags``."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class CtagsRow(NamedTuple):
    """How ctags is asked about a language.

    language  under which name ctags knows it.
    kinds     which of its kinds are asked: letters.
    excluded  a pattern of lines in which ctags is wrong, or which are of another language.
    """

    language: str
    kinds: str
    excluded: str = r"(?!)"


CTAGS: dict[str, CtagsRow] = {
    "ada": CtagsRow("Ada", "PptuRrKkOo"),
    "batch": CtagsRow("DosBatch", "l"),
    "clojure": CtagsRow("Clojure", "fn"),
    "commonlisp": CtagsRow("Lisp", "fmvc"),
    "cuda": CtagsRow("CUDA", "fsgut"),
    "d": CtagsRow("D", "cfgisuT"),
    "elisp": CtagsRow("EmacsLisp", "fmsiMDvcC"),
    "fortran": CtagsRow("Fortran", "fmpstS"),
    "glsl": CtagsRow("C", "fs"),
    "groovy": CtagsRow("Java", "cgim", r"""^\s*def\s+["']|^\s*\*|\b(?:new|return|assert)\b"""),
    "hlsl": CtagsRow("C++", "fs"),
    "ini": CtagsRow("Iniconf", "s"),
    "julia": CtagsRow("Julia", "fmnst"),
    "latex": CtagsRow("Tex", "csubplC"),
    "matlab": CtagsRow("MatLab", "fc"),
    "meson": CtagsRow("Meson", "PBcr"),
    "pascal": CtagsRow("Pascal", "fp"),
    "perl": CtagsRow("Perl", "ps"),
    "puppet": CtagsRow("PuppetManifest", "cdn"),
    "racket": CtagsRow("Scheme", "f"),
    "rst": CtagsRow("ReStructuredText", "csSt"),
    "scheme": CtagsRow("Scheme", "f"),
    "starlark": CtagsRow("Python", "fc"),
    "systemverilog": CtagsRow("SystemVerilog", "fmtCIKPT"),
    "tcl": CtagsRow("Tcl", "pn"),
    "verilog": CtagsRow("SystemVerilog", "fmtCIKP"),
    "vhdl": CtagsRow("VHDL", "tTefpPa"),
    "vim": CtagsRow("Vim", "fc", r"^\s*(?:export\s+)?def\b"),
    "xml": CtagsRow("XML", "i"),
}
"""By the names of our languages. Some are read as another language whose definitions look the same."""


def ctags_definitions(language: str, paths: Sequence[Path]) -> Iterator[tuple[Path, str, int, str]]:
    """Yield (path, name, line, kind) of each definition that ctags finds in files."""
    row = CTAGS[language]
    # With a field for the language, a language that ctags finds within another (a script, a part) can be left out.
    command = ["ctags", "--options=NONE", "-f", "-", "--output-format=json", "--fields=+nKl", "-L", "-"]
    command += [f"--language-force={row.language}", f"--kinds-{row.language}={row.kinds}"]
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run(command, input=names, capture_output=True, text=True, errors="replace", check=True)
    lines: dict[str, list[str]] = {}
    for answer in done.stdout.splitlines():
        try:
            tag = json.loads(answer)
        except json.JSONDecodeError:
            continue
        if tag.get("_type") == "tag" and tag.get("language") == row.language and tag["name"]:
            path, number = tag["path"], tag["line"]
            if path not in lines:
                lines[path] = Path(path).read_text("utf-8", "replace").split("\n")
            if number > len(lines[path]) or not re.search(row.excluded, lines[path][number - 1]):
                yield Path(path), tag["name"], number, tag["kind"]
