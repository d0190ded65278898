"""What Universal Ctags says that files define: a witness for ``recall.tags``."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class CtagsRow(NamedTuple):
    """Under which name ctags knows a language, and which of its kinds are asked: letters."""

    language: str
    kinds: str


CTAGS: dict[str, CtagsRow] = {
    "ada": CtagsRow("Ada", "PptuRrKkOo"),
    "asm": CtagsRow("Asm", "ml"),
    "clojure": CtagsRow("Clojure", "fn"),
    "commonlisp": CtagsRow("Lisp", "fmvc"),
    "cuda": CtagsRow("CUDA", "fsgut"),
    "d": CtagsRow("D", "cfgisuT"),
    "elisp": CtagsRow("EmacsLisp", "fmsiMDvcC"),
    "fortran": CtagsRow("Fortran", "fmpstS"),
    "glsl": CtagsRow("C", "fs"),
    "groovy": CtagsRow("Java", "cgim"),
    "hlsl": CtagsRow("C++", "fs"),
    "ini": CtagsRow("Iniconf", "s"),
    "julia": CtagsRow("Julia", "fmnst"),
    "latex": CtagsRow("Tex", "csubplC"),
    "luau": CtagsRow("Lua", "f"),
    "matlab": CtagsRow("MatLab", "fc"),
    "meson": CtagsRow("Meson", "PBcr"),
    "pascal": CtagsRow("Pascal", "fp"),
    "perl": CtagsRow("Perl", "ps"),
    "puppet": CtagsRow("PuppetManifest", "cdn"),
    "racket": CtagsRow("Scheme", "f"),
    "rst": CtagsRow("ReStructuredText", "csSt"),
    "scheme": CtagsRow("Scheme", "f"),
    "starlark": CtagsRow("Python", "fc"),
    "tcl": CtagsRow("Tcl", "pn"),
    "verilog": CtagsRow("SystemVerilog", "fmtCIKP"),
    "vhdl": CtagsRow("VHDL", "tTefpPa"),
    "vim": CtagsRow("Vim", "fc"),
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
    for line in done.stdout.splitlines():
        try:
            tag = json.loads(line)
        except json.JSONDecodeError:
            continue
        if tag.get("_type") == "tag" and tag.get("language") == row.language and tag["name"]:
            yield Path(tag["path"]), tag["name"], tag["line"], tag["kind"]
