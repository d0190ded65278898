"""Write the parts of the documents that come from the program itself: python docs/build.py [--check].

    docs/cli.md         the help of every command
    docs/terminal.svg   a picture of a real run over docs/example
    docs/languages.md   the language table, by role, with the figures of benchmarks/results
    docs/formats.md     the fields of each JSON document, of the schemas in the package; the columns of each table
    src/repomap_fast/arrow/schemas/NAME.json    a JSON Schema of the rows of each table
    README.md           the map between the two marks, of the same run, and the languages

With --check nothing is written, and the exit code is 1 where a file is not what it should be.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
RESULTS = DOCS.parent / "benchmarks" / "results"
FORMATS = DOCS / "formats.md"
SCHEMAS = DOCS.parent / "src" / "repomap_fast" / "cli" / "formats" / "schemas"
TABLE_SCHEMAS = DOCS.parent / "src" / "repomap_fast" / "arrow" / "schemas"
EXAMPLE = DOCS / "example"
TITLE = 'repomap-fast map . --query "retry a failed job after a delay" --tokens 65'
MAP = ["map", ".", "--query", "retry a failed job after a delay", "--tokens", "65", "--no-header", "--no-cache"]
START, END = "<!-- map: written by docs/build.py -->", "<!-- end of map -->"
WIDTH = 80
_ABOUT_LANGUAGES = """\
# Languages

This page is the language table. `python docs/build.py` writes it. `--language NAME` takes a name, or a role for
all of it. `queries/NAME.scm` has the tags query of each.

Recall is the share of another tool's definitions of functions, classes and types that we have, with that name in that
line. The tool is Universal Ctags, libclang, a reader of the language, or a pattern of lines. Precision is how many of
our definitions, drawn by chance and read, are right in name and kind. Parity is how many files had exactly the tags of
the stock binding of tree-sitter, each query alone on the text as it is written; none differed. `benchmarks/results` has
the repositories, and what is missing here. Files that hold other languages have no parity. On hostile sources the tests
hold every language to budgets of time, memory and stack.
"""
_HEAD_OF_LANGUAGES = (
    "| language | recall | precision | parity | files | interpreters |\n| --- | ---: | ---: | ---: | --- | --- |"
)


def main(*arguments: str) -> int:
    """Write or check all parts; return the exit code."""
    text = run(*MAP, folder=EXAMPLE)
    wanted = {
        DOCS / "cli.md": command_page(),
        DOCS / "terminal.svg": picture(text),
        DOCS / "languages.md": languages_page(),
        FORMATS: with_fields(FORMATS.read_text("utf-8")),
        README: with_languages(with_map(README.read_text("utf-8"), text)),
        **table_schemas(),
    }
    stale = [path for path, content in wanted.items() if not path.is_file() or path.read_text("utf-8") != content]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is not what the program says now; run: python docs/build.py")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], "utf-8")
    return 0


def run(*arguments: str, folder: Path = DOCS) -> str:
    """Return what ``repomap-fast`` prints in a terminal of 80 columns without colours."""
    environment = {**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1", "PYTHONUTF8": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "repomap_fast", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def command_page() -> str:
    """Return docs/cli.md."""
    parts = [
        "# The command line\n\nThis page is the help of every command. `python docs/build.py` writes it.\n",
        section("repomap-fast"),
    ]
    for name in commands(run("--help")):
        parts.append(section(f"repomap-fast {name}"))
        parts += [section(f"repomap-fast {name} {inner}") for inner in commands(run(name, "--help"))]
    return "\n".join(parts)


def section(command: str) -> str:
    """Return the help of one command under a heading of its own."""
    text = run(*command.split()[1:], "--help").strip("\n")
    return f"## {command}\n\n```text\n{text}\n```\n"


def commands(help_text: str) -> list[str]:
    """Return the names of the commands that a help text lists."""
    _, _, listed = help_text.partition("\nCommands:\n")
    return re.findall(r"^  (\w[\w-]*)", listed.partition("\n\n")[0], re.MULTILINE)


def picture(text: str) -> str:
    """Return a terminal with the command and its output, as SVG. It loads nothing."""
    from rich.console import Console
    from rich.text import Text

    from repomap_fast.cli.colours import coloured_map

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ {TITLE}", style="bold green"))
    console.print(Text.from_ansi(coloured_map(text).strip("\n")))
    drawn = console.export_svg(title="repomap-fast", unique_id="map", clear=True)
    return re.sub(r"\s*@font-face \{.*?\}\n", "\n", drawn, flags=re.DOTALL)


def with_map(readme: str, text: str) -> str:
    """Return README.md with the map between its two marks."""
    before, _, rest = readme.partition(START)
    _, _, after = rest.partition(END)
    lines = text.strip("\n")
    return f"{before}{START}\n\n```console\n$ {TITLE}\n{lines}\n```\n{END}{after}"


_ABOUT_ROLES = {
    "code": "Code: definitions and references.",
    "style": "Style sheets: what selectors, variables and mixins are called, and where they are used.",
    "config": "Configuration and build files: what a tool or another file refers to. A map shows it after code.",
    "text": "Text: headings, and the names that other files refer to. A map shows it after code.",
}


def languages_page() -> str:
    """Return docs/languages.md."""
    from repomap_fast.languages.table import FENCES, LANGUAGES

    parts = [_ABOUT_LANGUAGES]
    figures = recall_figures()
    for role, about in _ABOUT_ROLES.items():
        rows = [row for row in LANGUAGES if row.role == role]
        parts.append(f"## {role}\n\n{about}\n\n{_HEAD_OF_LANGUAGES}")
        for row in rows:
            option = "`--fences`: " if row.regions == FENCES else ""
            name = f"{row.name} (with {option}{', '.join(row.guests)})" if row.guests else row.name
            files = (*row.suffixes, *row.file_names, *(f"{beginning}*" for beginning in row.beginnings))
            recall, precision, parity = figures.get(row.name, ("", "", ""))
            cells = (name, recall, precision, parity, code_list(files), code_list(row.interpreters))
            parts[-1] += f"\n| {' | '.join(cells)} |"
        parts[-1] += "\n"
    return "\n".join(parts)


def recall_figures() -> dict[str, tuple[str, str, str]]:
    """Return recall, precision and files of parity by language, of the newest results that have them."""
    text = max(RESULTS.glob("*/recall.md")).read_text("utf-8")
    rows = re.findall(r"^\| (\w+) \| [\w-]+ \| [\d,]+ \| [\d,]+ \| ([\d.]+ %) \| [^|]+ \| ([^|]*) \|", text, re.M)
    read = {
        language: f"{right} of {n}" for language, n, right in re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \|$", text, re.M)
    }
    return {language: (recall, read.get(language, ""), parity.strip()) for language, recall, parity in rows}


def code_list(texts: tuple[str, ...]) -> str:
    """Return texts, each set as code."""
    return " ".join(f"`{text}`" for text in texts)


def with_languages(readme: str) -> str:
    """Return README.md with the names of all languages."""
    from repomap_fast.languages.table import LANGUAGES

    names = ", ".join(sorted(row.name for row in LANGUAGES))
    text = f"[{len(LANGUAGES)} languages](docs/languages.md), each with its recall, precision and parity: {names}."
    paragraph = textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)
    return re.sub(r"(?ms)^\[\d+ languages\]\(docs/languages\.md\).*?\n\n", lambda _: f"{paragraph}\n\n", readme)


def with_fields(page: str) -> str:
    """Return docs/formats.md with the fields of each schema, and the columns of each table, between its marks."""
    from repomap_fast import tables as all_tables

    def tables(mark: re.Match[str]) -> str:
        schema = json.loads((SCHEMAS / f"{mark[1]}.json").read_text("utf-8"))
        parts = [schema["description"], *table("", schema)]
        for name, inner in schema.get("$defs", {}).items():
            parts += [f"`{name}`:", *table(name, inner)]
        return f"<!-- fields: {mark[1]} -->\n\n" + "\n\n".join(parts) + "\n\n<!-- end -->"

    def columns(mark: re.Match[str]) -> str:
        rows = ["| column | type | meaning |", "| --- | --- | --- |"]
        rows += [f"| `{one.name}` | {one.type_name} | {one.meaning} |" for one in getattr(all_tables, mark[1])]
        return f"<!-- columns: {mark[1]} -->\n\n" + "\n".join(rows) + "\n\n<!-- end -->"

    page = re.sub(r"<!-- columns: (\w+) -->.*?<!-- end -->", columns, page, flags=re.DOTALL)
    return re.sub(r"<!-- fields: ([\w-]+) -->.*?<!-- end -->", tables, page, flags=re.DOTALL)


def table_schemas() -> dict[Path, str]:
    """Return the JSON Schema of the rows of each table, by its path."""
    from repomap_fast.arrow.fields import row_schema
    from repomap_fast.tables import ROW_TABLES

    return {
        TABLE_SCHEMAS / f"{name}.json": json.dumps(row_schema(name, columns), indent=2, ensure_ascii=False) + "\n"
        for name, columns in ROW_TABLES.items()
    }


def table(name: str, schema: dict[str, Any]) -> list[str]:
    """Return the table of a schema's fields, and those of the objects that are described within it."""
    rows, inner_tables = ["| field | type | meaning |", "| --- | --- | --- |"], []
    for field, described in schema["properties"].items():
        optional = "" if field in schema["required"] else ", optional"
        rows.append(f"| `{field}` | {type_name(described)}{optional} | {described['description']} |")
        if "properties" in described:
            inner_tables += [f"`{field}` of `{name}`:", *table(field, described)]
    return ["\n".join(rows), *inner_tables]


def type_name(schema: dict[str, Any]) -> str:
    """Return the type of a field in words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(map(type_name, schema["anyOf"]))
    of_type = schema["type"]
    if of_type == "array":
        return f"list of {type_name(schema['items'])}"
    if of_type == "object" and "additionalProperties" in schema:
        return f"object of {type_name(schema['additionalProperties'])}"
    return of_type if isinstance(of_type, str) else " or ".join(of_type)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
