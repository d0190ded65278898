"""The forms that a chosen map is written in: text, Markdown, JSON and XML.

A form makes one part of each file, and a whole of a head and the parts, so that a file's part can be counted and kept
by itself. None of them knows where its files come from, or why they were chosen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from repomap_fast.drawing.render import MARKS, Excerpt, Marks, excerpt_text, file_text
from repomap_fast.unseen import escaped_for_xml, json_string
from repomap_fast.utf8 import json_path_members, utf8_text


@dataclass(frozen=True, slots=True)
class ShownDefinition:
    """A definition that is shown: what the index says of it, and why it is here.

    line, end_line  one-based first line of its name, and last line of its whole.
    score           None where nothing was ranked.
    """

    name: str
    kind: str
    line: int
    end_line: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that is shown.

    path         below the root, as ``os.fsdecode`` gives it.
    language     None where the language table does not know it.
    definitions  those that were chosen, in the order of the file.
    excerpt      None for a file that is shown by its path alone.
    """

    path: str
    language: str | None
    score: float | None
    definitions: tuple[ShownDefinition, ...]
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index that a map was made from: when it was brought up to date, its files, and the commit that is checked
    out, if any is.

    time  ISO 8601, in UTC.
    """

    time: str
    n_files: int
    commit: str | None = None

    def sentence(self) -> str:
        """Return the state in words."""
        at_commit = f", at commit {self.commit}" if self.commit else ""
        return f"Map of {self.n_files:,} {'file' if self.n_files == 1 else 'files'}{at_commit}, as of {self.time}"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a map.

    part         the text of one file.
    whole        the text of a map: of the index's state, if it is to be told, of the parts in their order, and of notes
                 to the reader, for which only a document has a place.
    is_document  whether programs read it, and so cannot read an empty text.
    """

    name: str
    part: Callable[[ShownFile, Marks], str]
    whole: Callable[[IndexState | None, Sequence[str], Sequence[str]], str]
    is_document: bool = False


_UNSHOWN = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
"""What would break a line of a map."""
_UNFIT_FOR_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_SCHEMA = 1
"""Rises when a field is removed or changes its meaning; ``cli/formats/schemas/map.json`` describes the fields."""
_FENCE = re.compile("`{3,}")


def shown_path(path: str) -> str:
    """Return a path with what would break its line escaped, and U+FFFD for what is no character."""
    return _UNSHOWN.sub(lambda match: match[0].encode("unicode_escape").decode(), utf8_text(path))


def _text_part(file: ShownFile, marks: Marks) -> str:
    return file_text(shown_path(file.path), file.excerpt, marks)


def _text_whole(state: IndexState | None, parts: Sequence[str], _notes: Sequence[str]) -> str:
    return "".join([*([] if state is None else [f"# {state.sentence()}\n"]), *parts])


def _markdown_part(file: ShownFile, marks: Marks) -> str:
    title = f"\n## {_markdown_code(shown_path(file.path))}\n"
    if file.excerpt is None:
        return title
    body = excerpt_text(file.excerpt, marks)
    fence = "`" * (max([2, *(len(run) for run in _FENCE.findall(body))]) + 1)
    return f"{title}\n{fence}{file.language or ''}\n{body}{fence}\n"


def _markdown_code(text: str) -> str:
    """Return ``text`` as code within a line, whatever backticks it has itself."""
    runs = [len(run) for run in re.findall("`+", text)]
    if not runs:
        return f"`{text}`"
    ticks = "`" * (max(runs) + 1)
    return f"{ticks} {text} {ticks}"


def _markdown_whole(state: IndexState | None, parts: Sequence[str], _notes: Sequence[str]) -> str:
    head = "# Repository map\n" if state is None else f"# Repository map\n\n{state.sentence()}.\n"
    return "".join([head, *parts])


def _json_part(file: ShownFile, marks: Marks) -> str:
    members = [json_path_members(file.path, separator=": "), f'"language": {json.dumps(file.language)}']
    if file.score is not None:
        members.append(f'"score": {_json_number(file.score)}')
    definitions = ", ".join(map(_json_definition, file.definitions))
    members.append(f'"definitions": [{definitions}]')
    if file.excerpt is not None:
        lines = zip(file.excerpt.rows, file.excerpt.lines, strict=True)
        shown = ", ".join(f"[{row + 1}, {json_string(line)}]" for row, line in lines)
        members += [f'"lines": [{shown}]', f'"n_lines": {file.excerpt.n_rows}']
    return f"{{{', '.join(members)}}}"


def _json_definition(definition: ShownDefinition) -> str:
    members = [
        f'"name": {json_string(definition.name)}',
        f'"kind": {json.dumps(definition.kind)}',
        f'"line": {definition.line}',
        f'"end_line": {definition.end_line}',
    ]
    if definition.score is not None:
        members.append(f'"score": {_json_number(definition.score)}')
    return f"{{{', '.join(members)}}}"


def _json_number(value: float) -> str:
    """Return a score in six figures: those behind them say nothing, and each of them costs."""
    return json.dumps(float(f"{value:.6g}"))


def _json_whole(state: IndexState | None, parts: Sequence[str], notes: Sequence[str]) -> str:
    index = None if state is None else {"time": state.time, "files": state.n_files, "commit": state.commit}
    told = f'"notes": {json.dumps(notes)},\n' if notes else ""
    files = "[\n" + ",\n".join(parts) + "\n]" if parts else "[]"
    return f'{{"schema": {_JSON_SCHEMA},\n"index": {json.dumps(index)},\n{told}"files": {files}}}\n'


def _xml_part(file: ShownFile, marks: Marks) -> str:
    attributes = _xml_attributes(path=shown_path(file.path), language=file.language, score=file.score)
    lines = [f"<file{attributes}>\n"]
    for definition in file.definitions:
        lines.append(
            "<definition"
            + _xml_attributes(
                name=definition.name,
                kind=definition.kind,
                line=definition.line,
                end_line=definition.end_line,
                score=definition.score,
            )
            + "/>\n"
        )
    if file.excerpt is not None:
        lines += (
            f'<line n="{row + 1}">{_escaped_for_xml(_fit_for_xml(line))}</line>\n'
            for row, line in zip(file.excerpt.rows, file.excerpt.lines, strict=True)
        )
    return "".join([*lines, "</file>\n"])


def _xml_attributes(**values: str | float | None) -> str:
    texts = {name: f"{value:.6g}" if isinstance(value, float) else str(value) for name, value in values.items()}
    return "".join(
        f" {name}={_quoted_for_xml(_fit_for_xml(text))}" for name, text in texts.items() if values[name] is not None
    )


def _escaped_for_xml(text: str) -> str:
    # As xml.sax.saxutils does, which takes longer to load than a map of a small repository: it can open addresses.
    return escaped_for_xml(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _quoted_for_xml(text: str) -> str:
    escaped = _escaped_for_xml(text)
    for character, name in (("\n", "&#10;"), ("\r", "&#13;"), ("\t", "&#9;")):
        escaped = escaped.replace(character, name)
    if '"' not in escaped:
        return f'"{escaped}"'
    return f"'{escaped}'" if "'" not in escaped else '"' + escaped.replace('"', "&quot;") + '"'


def _fit_for_xml(text: str) -> str:
    return _UNFIT_FOR_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _xml_whole(state: IndexState | None, parts: Sequence[str], notes: Sequence[str]) -> str:
    attributes = "" if state is None else _xml_attributes(time=state.time, files=state.n_files, commit=state.commit)
    told = [f"<note>{_escaped_for_xml(_fit_for_xml(note))}</note>\n" for note in notes]
    return "".join([f"<map{attributes}>\n", *told, *parts, "</map>\n"])


TEXT = Form("text", _text_part, _text_whole)
MARKDOWN = Form("markdown", _markdown_part, _markdown_whole)
JSON = Form("json", _json_part, _json_whole, is_document=True)
XML = Form("xml", _xml_part, _xml_whole, is_document=True)
FORMS = {form.name: form for form in (TEXT, MARKDOWN, JSON, XML)}


def write_map(
    files: Iterable[ShownFile],
    *,
    form: Form = TEXT,
    state: IndexState | None = None,
    marks: Marks = MARKS,
    notes: Sequence[str] = (),
) -> str:
    """Return the map of ``files``, in their order, in one of the forms."""
    return form.whole(state, [form.part(file, marks) for file in files], notes)
