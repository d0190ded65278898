"""What a package is for: the first sentence of what its own files say of it.

Looked for in the docstring or comment of the file that stands for the package, in the description of its manifest, and
in its README. Nothing is parsed: the first lines of a text are read by rules for strings, comments and markup.
"""

from __future__ import annotations

import json
import re

from repomap_fast.drawing.signatures import first_sentence

HEAD_BYTES = 16_000
"""Of a file, that are read."""
_MANIFEST_BYTES = 200_000
CODE_NAMES = ("__init__.py", "doc.go", "lib.rs", "mod.rs", "main.rs", "package-info.java", "index.ts", "index.js")
"""Files that stand for the package that they lie in."""
MANIFEST_NAMES = ("pyproject.toml", "Cargo.toml", "package.json", "composer.json")
README_NAMES = (
    *("README.md", "README.rst", "README", "README.txt", "README.markdown", "readme.md", "Readme.md"),
    *("README.rdoc", "README.adoc", "README.asciidoc", "README.org", "README.textile"),
)
_SUFFIXES_OF_NAMESAKES = (".go", ".h", ".rb", ".ts", ".js", ".php", ".c")
"""A file named for its folder speaks for it, if its first comment does."""

_TOML_TABLES = frozenset({"[project]", "[package]", "[tool.poetry]"})
_TOML_DESCRIPTION = re.compile(r"""description\s*=\s*(?:"([^"\\\n]*)"|'([^'\n]*)')""")
# A text may be made to be slow to read. Each piece of these patterns takes what it can and gives none of it back, and a
# comment that nothing follows is a match too, so that the search goes on behind it: the time is linear in the text.
_DOCSTRING = re.compile(r"""(?:\s|#[^\n]*\n)*+[rRuUbB]{0,2}(\"\"\"|'''|"|')(.*?)(?:\1|\Z)""", re.DOTALL)
_GO_COMMENT = re.compile(
    r"((?:^//[^\n]*+\n)++|^/\*(?:(?!\*/).)*+(?:\*/[^\S\n]*+\n)?+)(package\s)?", re.DOTALL | re.MULTILINE
)
_JAVA_COMMENT = re.compile(
    r"/\*\*((?:(?!\*/).)*+)(?:\*/)?+((?:\s++|@\w(?:(?!package\s|/\*\*)[^\n])*+)*+package\s)?", re.DOTALL
)
_RUST_COMMENT = re.compile(
    r"(?:\s++|//(?!!)[^\n]*+\n|#!?\[[^\n]*+\n)*+((?:[^\S\n]*+//![^\n]*+\n)++|/\*!(?:(?!\*/).)*+\*/)", re.DOTALL
)
_LEADING_COMMENT = re.compile(
    r"\s*+(?:<\?php\s*+)?(/\*(?:(?!\*/).)*+\*/|(?:[^\S\n]*+(?://|#(?!\w))[^\n]*+\n)++)", re.DOTALL
)
_COMMENT_MARK = re.compile(r"^[^\S\n]*(?:/\*+!?|\*+/|\*+(?!\*)|//+!?|#+)?[^\S\n]?", re.MULTILINE)
_LEGAL = re.compile(r"copyright|licen[sc]e|SPDX|#!|eslint|@ts-|frozen_string_literal|-\*-", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>\n]{1,200}>")
_LINK = re.compile(
    r"\[([^\[\]\n]*+)\](?:\([^()\n]*+\)|\[[^\[\]\n]*+\])|`([^`<\n]*+)\s*+<[^<>\n]*+>`_++|\{@\w++\s++([^{}\n]*+)\}"
)
_MARKS = re.compile(
    r"\[\^\w+\]|\*\*|``|(?<!\w)[*_`](?=[\w*])|(?<=\w)[*`](?!\w)|(?<=[\w*])_(?=[\s.,;:!?)]|$)|:\w+:(?=`)"
)
_NO_PROSE = re.compile(
    r"\s*(?:\[?!\[|\[!|<|#|\.\. |:[\w-]+:|[|>=~^+*-]|\d+\.|\[[^\]]*\]:|(?:image|ifn?def|endif|include):|!|@|\\|`{3}|//"
    r"|https?://)"
)
_BLANK = re.compile(r"\n[^\S\n]*(?:\n|\Z)")
_FENCED = re.compile(r"^[^\S\n]*```.*?(?:^[^\S\n]*```|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*(?:#{1,6}\s|<h\d|h[1-6]\. )")
_INTRODUCTION = re.compile(r"\b(?:what|about|overview|intro\w*|description|summary|abstract)\b", re.IGNORECASE)
_INDENTED = re.compile(r" {0,3}\t| {4}")
"""What code begins with in Markdown and reStructuredText, and what goes on after an empty line in an item of a list."""
_PARAGRAPH = re.compile(r"\A\s*<p>(?=\w)")
_BREAK = re.compile(r"\s*<br\s*/?>\s*")
_RULE = re.compile(r"\s*[-=~*_]{3,}.*", re.DOTALL)
_UNDERLINE = re.compile(r"([=\-~^#*+\"'`.:])\1{2,}\s*$")


def of_code(name: str, text: str, cut_mark: str = "…") -> str:
    """Return what the first lines of a file of code say of its package."""
    if name.endswith((".py", ".pyi")):
        found = _DOCSTRING.match(text)
        return "" if found is None else _prose(found[2], cut_mark)
    if name.endswith(".go"):
        found = next((comment for comment in _GO_COMMENT.finditer(text) if comment[2]), None)
    elif name.endswith(".rs"):
        found = _RUST_COMMENT.match(text)
    elif name.endswith(".java"):
        found = next((comment for comment in _JAVA_COMMENT.finditer(text) if comment[2]), None)
    else:
        found = _LEADING_COMMENT.match(text)
    if found is None or _LEGAL.search(found[1]):
        return ""
    return _prose(_COMMENT_MARK.sub("", found[1].strip().removesuffix("*/")), cut_mark)


def of_manifest(name: str, text: str, cut_mark: str = "…") -> str:
    """Return the description in a manifest of a package."""
    if len(text) > _MANIFEST_BYTES:
        return ""
    if name.endswith(".toml"):
        found: object = _toml_description(text)
    else:
        try:
            made = json.loads(text)
        except (ValueError, RecursionError):
            return ""
        found = made.get("description") if isinstance(made, dict) else None
    return first_sentence(found, cut_mark) if isinstance(found, str) else ""


def _toml_description(text: str) -> str:
    """Return the description of a project or package. Its line is found without parsing all of the document."""
    is_project = False
    for line in text.split("\n"):
        if line.startswith("["):
            is_project = line.rstrip() in _TOML_TABLES
        elif is_project and (found := _TOML_DESCRIPTION.match(line)):
            return found[1] or found[2] or ""
    return ""


def of_readme(text: str, cut_mark: str = "…") -> str:
    """Return the first sentence of a README that is neither heading nor badge nor list."""
    return _prose(text, cut_mark, are_indented_code=True)


def namesakes(folder: str) -> list[str]:
    """Return the names of files that speak for a folder of that name."""
    return [folder + suffix for suffix in _SUFFIXES_OF_NAMESAKES] if folder else []


def _prose(text: str, cut_mark: str, *, are_indented_code: bool = False) -> str:
    """Return the first sentence of the first paragraph of prose, which comes before the second heading.

    are_indented_code  whether indented paragraphs are code.
    """
    n_headings = 0
    for paragraph in _BLANK.split(_FENCED.sub("\n\n", text)):
        rows = paragraph.strip("\n").split("\n")
        while rows and (n_rows := _rows_of_heading(rows)):
            n_headings += 1
            if n_headings > 1 and not _INTRODUCTION.search(rows[0] if n_rows < 3 else rows[1]):
                return ""
            del rows[:n_rows]
        if are_indented_code and _INDENTED.match(rows[0] if rows else ""):
            continue
        while rows and _BREAK.fullmatch(rows[0]):
            del rows[0]
        if rows and rows[0].strip() and not _NO_PROSE.match(_PARAGRAPH.sub("", _LINK.sub("x", rows[0]))):
            plain = _LINK.sub(lambda link: link[1] or link[2] or link[3] or "", " ".join(rows))
            sentence = _RULE.sub("", first_sentence(_MARKS.sub("", _TAGS.sub("", plain)), cut_mark))
            if not sentence.endswith(":"):  # what leads to a list says nothing without it
                return sentence
    return ""


def _rows_of_heading(rows: list[str]) -> int:
    """Return of how many rows the heading is that rows begin with: 0 for none."""
    if _HEADING.match(rows[0]):
        return 1
    if len(rows) > 1 and rows[0].strip() and _UNDERLINE.match(rows[1]):
        return 2
    return min(3, len(rows)) if _UNDERLINE.match(rows[0]) else 0
