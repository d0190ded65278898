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
    "bash": CtagsRow("Sh", "f"),
    "batch": CtagsRow("DosBatch", "l"),
    "c": CtagsRow("C", "fsgut"),
    "clojure": CtagsRow("Clojure", "fn"),
    "cmake": CtagsRow("CMake", "fm"),
    "commonlisp": CtagsRow("Lisp", "fmvc"),
    "cpp": CtagsRow("C++", "fcsgut"),
    "csharp": CtagsRow("C#", "cismgE"),
    "cuda": CtagsRow("CUDA", "fsgut"),
    "d": CtagsRow("D", "cfgisuT"),
    "elisp": CtagsRow("EmacsLisp", "fmsiMDvcC"),
    "elixir": CtagsRow("Elixir", "pmfagc"),
    "erlang": CtagsRow("Erlang", "fmdr"),
    "fortran": CtagsRow("Fortran", "fmpstS"),
    "glsl": CtagsRow("C", "fs"),
    "go": CtagsRow("Go", "ftsi"),
    "groovy": CtagsRow("Java", "cgim", r"""^\s*def\s+["']|^\s*\*|\b(?:new|return|assert)\b"""),
    "hlsl": CtagsRow("C++", "fs"),
    "html": CtagsRow("HTML", "I"),
    "ini": CtagsRow("Iniconf", "s"),
    "java": CtagsRow("Java", "cigma"),
    "javascript": CtagsRow("JavaScript", "fm"),
    "julia": CtagsRow("Julia", "fmnst"),
    "latex": CtagsRow("Tex", "csubplC"),
    "lua": CtagsRow("Lua", "f"),
    "make": CtagsRow("Make", "tm", r"^[^=:]*\$.*:|%"),
    "markdown": CtagsRow("Markdown", "csStTu"),
    "matlab": CtagsRow("MatLab", "fc"),
    "meson": CtagsRow("Meson", "PBcr"),
    "objc": CtagsRow("ObjectiveC", "iIPmc"),
    "pascal": CtagsRow("Pascal", "fp"),
    "perl": CtagsRow("Perl", "ps"),
    "php": CtagsRow("PHP", "cfit"),
    "powershell": CtagsRow("PowerShell", "f"),
    "proto": CtagsRow("Protobuf", "msgr"),
    "puppet": CtagsRow("PuppetManifest", "cdn"),
    "python": CtagsRow("Python", "cfm"),
    "r": CtagsRow("R", "f"),
    "racket": CtagsRow("Scheme", "f"),
    "rst": CtagsRow("ReStructuredText", "csSt"),
    "ruby": CtagsRow("Ruby", "cfmS"),
    "rust": CtagsRow("Rust", "fnsgtMPm"),
    "scheme": CtagsRow("Scheme", "f"),
    "scss": CtagsRow("SCSS", "mfP"),
    "sql": CtagsRow("SQL", "fptVTi"),
    "starlark": CtagsRow("Python", "fc"),
    "systemverilog": CtagsRow("SystemVerilog", "fmtCIKPT"),
    "tcl": CtagsRow("Tcl", "pn"),
    "typescript": CtagsRow("TypeScript", "fcigm"),
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
        if (
            tag.get("_type") == "tag"
            and tag.get("language") == row.language
            and tag["name"]
            and not tag["name"].startswith(("anonFunc", "__anon", "AnonymousFunction"))
        ):
            path, number = tag["path"], tag["line"]
            if path not in lines:
                lines[path] = Path(path).read_text("utf-8", "replace").split("\n")
            if number > len(lines[path]) or not re.search(row.excluded, lines[path][number - 1]):
                yield Path(path), tag["name"], number, tag["kind"]
