"""Declarations that stand at the start of lines: a witness for ``recall.tags`` where no other tool is at hand.

A pattern finds no declaration behind other words or in several lines, and finds some in comments: what it says
is a floor for recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_NAME = r"([\w.$-]+)"
_NO_STATEMENT = r"(?!return\b|await\b|else\b|new\b|throw\b|case\b)"
_KOTLIN = (
    r"(?:public|private|internal|protected|override|inline|suspend|open|abstract|data|sealed|enum|inner|value|operator)"
)
_SWIFT = r"(?:public|private|internal|open|static|class|final|override|mutating|fileprivate|indirect)"
_SCALA = r"(?:private|protected|final|sealed|abstract|case|implicit|override|inline)"
DECLARATIONS: dict[str, tuple[str, ...]] = {
    "astro": (
        r"^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s+(\w+)",
        r"^\s*(?:export\s+)?(?:class|interface|enum)\s+(\w+)",
        r"^\s*(?:export\s+)?type\s+(\w+)\s*[<=]",
    ),
    "bicep": (rf"^(?:param|var|resource|module|output|type|func)\s+{_NAME}",),
    "css": (r"^\.([A-Za-z_][\w-]*)\s*[{,:.>+~]", r"^#([A-Za-z_][\w-]*)\s*[{,:.>+~]"),
    "dart": (
        r"^\s*(?:(?:abstract|base|final|sealed|interface|mixin)\s+)*"
        r"(?:class|mixin|enum|extension(?:\s+type(?:\s+const)?)?)\s+(?!on\b|type\b|class\b)([\w$]+)",
        r"^\s*typedef\s+(\w+)\s*[<=]",
        rf"^\s*{_NO_STATEMENT}[A-Za-z_][\w<>?, ]*\s(\w+)\([^)]*\)\s*(?:async\*?\s*)?(?:\{{|=>)",
    ),
    "dockerfile": (r"(?i)^FROM\s.*\sAS\s+([\w.-]+)\s*$",),
    "elm": (
        r"^type\s+(?:alias\s+)?(\w+)",
        r"^(?:port\s+)?module\s+([\w.]+)",
        r"^port\s+(\w+)\s*:",
        r"^([a-z]\w*)(?:\s+[^=:|]+)?\s*=\s*$",
    ),
    "fish": (r"^\s*function\s+(?:--\s+)?([^\s;#-][^\s;#]*)",),
    "fsharp": (
        r"^\s*(?:let|and)\s+(?:(?:rec|inline|private|internal|public)\s+)*(?!rec\b|inline\b|private\b|mutable\b)([a-z_A-Z]\w*)\s+[^=:,|)\s]",
        r"^\s*type\s+(?:(?:private|internal|public)\s+)?(\w+)\s*(?:[(<=]|$)",
        r"^\s*(?:static\s+|abstract\s+)?(?:member|override|default)\s+(?:(?:inline|private|internal)\s+)*(?:\w+\.)?(?!inline\b|val\b)(\w+)",
        r"^\s*module\s+(?:(?:rec|private|internal|public)\s+)*(\w+)\s*=",
    ),
    "gdscript": (r"^\s*(?:static\s+)?func\s+(\w+)", r"^\s*class(?:_name)?\s+(\w+)", r"^\s*enum\s+(\w+)"),
    "gleam": (
        r"^(?:pub\s+)?fn\s+(\w+)",
        r"^(?:pub\s+)?(?:opaque\s+)?type\s+(\w+)",
        r"^(?:pub\s+)?const\s+(\w+)",
    ),
    "haskell": (
        r"^(?:data|newtype|class|type)\s+(?:\([^)]*\)\s*=>\s*|\w+\s+\w+\s*=>\s*)?([A-Z]\w*)",
        r"^([a-z_][\w']*)\s*::",
    ),
    "kotlin": (
        rf"^\s*(?:{_KOTLIN}\s+)*fun\s+(?:<[^>]*>\s*)?(?:[\w<>?]+\.)*(\w+)\(",
        rf"^\s*(?:{_KOTLIN}\s+)*(?:class|interface|object)\s+(\w+)",
    ),
    "luau": (
        r"^\s*(?:local\s+)?function\s+(?:\w+[.:])*(\w+)",
        r"^\s*(?:export\s+)?type\s+(\w+)",
        r"^\s*local\s+(\w+)\s*=\s*function\b",
    ),
    "nim": (
        r"^\s*(?:proc|func|method|template|macro|iterator|converter)\s+(\w+)\*?\s*[\[(:={]",
        r"^\s{2}(\w+)\*?\s*(?:\[[^\]]*\])?\s*(?:\{\.[^}]*\.\})?\s*=\s*(?:ref\s+)?(?:object|enum|tuple|distinct)\b",
    ),
    "nix": (r"^\s*([\w'-]+)\s*=\s*(?:\{[^}]*\}|[\w']+)\s*:(?:\s|$)",),
    "ocaml": (
        r"^\s*(?:let|and)\s+(?:rec\s+)?([a-z_][\w']*)\s+(?:~|\?|\(|[a-z_][\w']*\s*[=~?(a-z_])",
        r"^\s*type\s+(?:nonrec\s+)?(?:'\w+\s+|\([^)]*\)\s+)?([a-z_][\w']*)\s*(?:=|$)",
        r"^\s*module\s+(?:type\s+|rec\s+)?([A-Z]\w*)\s*(?:=|:|\()",
        r"^\s*(?:exception|external|class)\s+(\w+)",
        r"^\s*\|\s+([A-Z][\w']*)\s+of\b",
    ),
    "ocaml_interface": (
        r"^\s*val\s+(\w[\w']*)",
        r"^\s*type\s+(?:nonrec\s+)?(?:'\w+\s+|\([^)]*\)\s+)?([a-z_][\w']*)\s*(?:=|$)",
        r"^\s*module\s+(?:type\s+|rec\s+)?([A-Z]\w*)\s*(?:=|:|\()",
        r"^\s*(?:exception|external|class)\s+(\w+)",
        r"^\s*\|\s+([A-Z][\w']*)\s+of\b",
    ),
    "prisma": (r"^(?:model|enum)\s+(\w+)",),
    "qmljs": (r"^\s*function\s+(\w+)", r"^\s*signal\s+(\w+)", r"^\s*component\s+(\w+)"),
    "scala": (rf"^\s*(?:{_SCALA}(?:\[\w+\])?\s+)*(?:class|trait|object|def)\s+([A-Za-z_]\w*)",),
    "solidity": (
        r"^\s*(?:abstract\s+)?(?:contract|interface|library|struct|enum)\s+(\w+)",
        r"^\s*(?:function|modifier|event|error)\s+(\w+)",
    ),
    "svelte": (r"^\s*(?:export\s+)?(?:async\s+)?function\s+(\w+)", r"^\s*(?:export\s+)?class\s+(\w+)"),
    "swift": (
        rf"^\s*(?:{_SWIFT}\s+)*func\s+(\w+)",
        rf"^\s*(?:{_SWIFT}\s+)*(?:class|struct|enum|protocol)\s+(?!func\b|var\b|let\b)(\w+)",
    ),
    "terraform": (r"^(?:variable|output|module)\s+\"([\w-]+)\"", r"^(?:resource|data)\s+\"[\w-]+\"\s+\"([\w-]+)\""),
    "thrift": (r"^(?:struct|union|exception|enum|service)\s+(\w+)", r"^typedef\s+[\w<>, .]+\s+(\w+)\s*[;,(]?\s*$"),
    "twig": (r"^\s*\{%-?\s*(?:block|macro)\s+(\w+)",),
    "tsx": (r"^(?:export\s+(?:default\s+)?)?(?:async\s+)?(?:function|class|interface|type|enum)\s+(\w+)",),
    "vue": (r"^\s*(?:export\s+)?(?:async\s+)?function\s+(\w+)", r"^\s*(?:export\s+)?(?:class|interface)\s+(\w+)"),
    "zig": (r"^\s*(?:pub\s+)?(?:export\s+|extern\s+|inline\s+)*fn\s+(\w+)",),
}
"""Regular expressions by language; the first group is the name."""
_COMMENTS = r"\(\*.*?\*\)"
_TEXTS = r'"""(?:.*?)"""'
HIDDEN = {
    "elm": rf"{_TEXTS}|\{{-.*?-\}}",
    "fsharp": rf"{_TEXTS}|{_COMMENTS}",
    "gleam": r'"(?:[^"\\]|\\.)*"',
    "luau": r"--\[(=*)\[.*?\]\1\]|\[(=*)\[.*?\]\2\]",
    "nim": rf"{_TEXTS}|#\[.*?\]#",
    "nix": r"''.*?''|/\*.*?\*/",
    "ocaml": rf"{_COMMENTS}|\{{\w*\|.*?\|\w*\}}",
    "ocaml_interface": _COMMENTS,
    "qmljs": r"/\*.*?\*/",
    "thrift": r"/\*.*?\*/",
}
"""Comments and texts of several lines, by language: what stands in them is no declaration."""


def declared_lines(language: str, paths: Sequence[Path]) -> Iterator[tuple[Path, str, int, str]]:
    """Yield (path, name, line, kind) of each line that begins as a declaration does."""
    patterns = [re.compile(pattern) for pattern in DECLARATIONS[language]]
    hidden = re.compile(HIDDEN[language], re.DOTALL) if language in HIDDEN else None
    for path in paths:
        text = path.read_text("utf-8", "replace")
        if hidden:
            text = hidden.sub(lambda found: "\n" * found[0].count("\n"), text)
        for number, line in enumerate(text.split("\n"), 1):
            found = next((match for pattern in patterns if (match := pattern.match(line))), None)
            if found:
                yield path, found[1], number, "declaration"
