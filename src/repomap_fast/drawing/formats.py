"""The formats of a map: text, Markdown, excerpts, JSON and XML.

A format makes one part for each file, and the whole of a head and the parts, so that each part is counted and kept
alone. It never reads a file or a ranking.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Literal, NamedTuple

from repomap_fast.drawing.render import LINE_LENGTH, MARKS, Excerpt, Marks, file_text
from repomap_fast.unseen import escaped_for_xml, json_string, shown_line
from repomap_fast.utf8 import json_path_members, utf8_text


class ShownDefinition(NamedTuple):
    """A definition that is shown.

    line, end_line  one-based line of its name, and last line of the definition.
    scope           the names of the definitions around it, joined by dots; None at the top of a file.
    signature       None for a definition that is shown by its name alone.
    note            first sentence of its docstring, or of the comment above it; empty if it is not shown.
    score           None if nothing was ranked.
    """

    name: str
    kind: str
    line: int
    end_line: int
    score: float | None = None
    scope: str | None = None
    signature: str | None = None
    note: str = ""


class ShownFile(NamedTuple):
    """A file that is shown.

    path         below the root, as ``os.fsdecode`` gives it.
    language     None if it is not in the language table.
    definitions  the chosen ones, in the order of the file, for formats that show fields.
    lines        of the chosen ones and those around them, for formats that show lines.
    excerpt      for formats that show excerpts; None for a file that is shown by its path alone.
    """

    path: str
    language: str | None
    score: float | None
    definitions: tuple[ShownDefinition, ...] = ()
    lines: tuple[str, ...] = ()
    excerpt: Excerpt | None = None


class IndexState(NamedTuple):
    """The state of the files that a map was made from.

    time     of the newest file that has a language, ISO 8601 in UTC.
    n_files  files that have a language.
    commit   that is checked out, if any.
    """

    time: str
    n_files: int
    commit: str | None = None

    def sentence(self) -> str:
        """Return the state as a sentence, without a full stop."""
        at_commit = f", at commit {self.commit}" if self.commit else ""
        return f"Map of {self.n_files:,} {'file' if self.n_files == 1 else 'files'}{at_commit}, as of {self.time}"


class Package(NamedTuple):
    """A folder with code of its own, and what it is for.

    path     below the root, as ``os.fsdecode`` gives it; empty for the root.
    purpose  a sentence from its own files, of 80 characters at most.
    """

    path: str
    purpose: str


class EntryPoint(NamedTuple):
    """A file that is started.

    path  below the root, as ``os.fsdecode`` gives it.
    name  of the function in it, or of the command that starts it; empty if neither is known.
    line  one-based line of the function; None if it is not known.
    """

    path: str
    name: str
    line: int | None


class Head(NamedTuple):
    """What a map has before its files.

    state         None if it is not shown.
    packages      in the order of their paths.
    entry_points  the most likely first.
    notes         to the reader, which document formats alone contain.
    cut_mark      where a line is cut.
    """

    state: IndexState | None = None
    packages: tuple[Package, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    notes: tuple[str, ...] = ()
    cut_mark: str = MARKS.cut


class Format(NamedTuple):
    """One format of a map.

    contents     what it shows of a file.
    part         returns the text of one file.
    whole        returns the text of a map, of its head and its parts in their order.
    is_document  whether programs parse it, so that an empty map is not an empty text.
    bare         returns the text of the files that are shown by their paths alone, of their parts: they come last. None
                 for a format that has them among the others.
    """

    name: str
    contents: Literal["lines", "excerpt", "fields"]
    part: Callable[[ShownFile, Marks], str]
    whole: Callable[[Head, Sequence[str]], str]
    is_document: bool = False
    bare: Callable[[Sequence[str]], str] | None = None


_UNSHOWN = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that would break a line of a map."""
_JSON_SCHEMA = 2
"""Rises when a field is removed or changes its meaning; ``cli/formats/schemas/map.json`` describes the fields."""
_FENCE = re.compile("`{3,}")
_MARKDOWN_MARKS = re.compile(r"[\\`*_\[\]<>&]")
_PATH_LENGTH = 1_000
"""Most characters of a path: half of one opens nothing, but a path must not fill a map."""
_PURPOSE_LENGTH = 40
"""Characters of what a package is for that a line has, however long its path is."""
_SEPARATOR = ", "
"""Between the paths of files that are shown by their paths alone; each of their parts begins with it."""


def shown_path(path: str) -> str:
    """Return a path with characters that would break its line escaped, and U+FFFD for bytes that are not UTF-8."""
    return _UNSHOWN.sub(lambda match: match[0].encode("unicode_escape").decode(), utf8_text(path))


def _text_part(file: ShownFile, marks: Marks) -> str:
    path = _text_path(file.path, marks.cut)
    return f"\n{path}:\n{_joined(file.lines)}" if file.lines else f"{_SEPARATOR}{path}"


def _text_path(path: str, cut_mark: str) -> str:
    return _cut(shown_line(utf8_text(path)), _PATH_LENGTH, cut_mark)


def _cut(text: str, length: int, mark: str) -> str:
    return text if len(text) <= length else f"{text[: length - len(mark)].rstrip(f'{mark} ')}{mark}"


def _text_bare(parts: Sequence[str]) -> str:
    """Return one line of the paths; of many paths as many lines as they need."""
    lines = ["also:"]
    for part in parts:
        path = part.removeprefix(_SEPARATOR)
        if len(f"{lines[-1]}{_SEPARATOR}{path},") > LINE_LENGTH and lines[-1] != "also:":
            lines[-1] += ","
            lines.append("")
        is_first = lines[-1] in ("also:", "")
        lines[-1] += f" {path}" if is_first else f"{_SEPARATOR}{path}"
    return f"\n{_joined(lines)}"


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _excerpts_part(file: ShownFile, marks: Marks) -> str:
    return file_text(shown_path(file.path), file.excerpt, marks)


def _text_whole(head: Head, parts: Sequence[str]) -> str:
    state = [] if head.state is None else [f"# {head.state.sentence()}\n"]
    of_packages = [_text_package(one, head.cut_mark) for one in head.packages]
    of_entry_points = [_text_entry_point(one, head.cut_mark) for one in head.entry_points]
    packages = [f"\npackages:\n{_joined(of_packages)}"] if of_packages else []
    entry_points = [f"\nentry points:\n{_joined(of_entry_points)}"] if of_entry_points else []
    # Each part begins with an empty line; the first part has nothing above.
    return "".join([*state, *packages, *entry_points, *parts]).removeprefix("\n")


def _text_entry_point(one: EntryPoint, cut_mark: str) -> str:
    place = _text_path(one.path, cut_mark) + ("" if one.line is None else f":{one.line}")
    return f"{place} {_cut(shown_line(one.name), LINE_LENGTH, cut_mark)}".rstrip()


def _text_package(package: Package, cut_mark: str) -> str:
    path = f"{_text_path(package.path, cut_mark) or '.'}/"
    return f"{path} {_cut(package.purpose, max(LINE_LENGTH - len(path) - 1, _PURPOSE_LENGTH), cut_mark)}"


def _markdown_part(file: ShownFile, _marks: Marks) -> str:
    path = _markdown_code(shown_line(utf8_text(file.path)))
    if not file.lines:
        return f"{_SEPARATOR}{path}"
    body = _joined(file.lines)
    fence = "`" * (max([2, *(len(run) for run in _FENCE.findall(body))]) + 1)
    return f"\n## {path}\n\n{fence}text\n{body}{fence}\n"


def _markdown_bare(parts: Sequence[str]) -> str:
    return f"\nAlso: {''.join(parts).removeprefix(_SEPARATOR)}\n"


def _markdown_code(text: str) -> str:
    """Return ``text`` as code within a line, even if it contains backticks."""
    runs = [len(run) for run in re.findall("`+", text)]
    if not runs:
        return f"`{text}`"
    ticks = "`" * (max(runs) + 1)
    return f"{ticks} {text} {ticks}"


def _markdown_whole(head: Head, parts: Sequence[str]) -> str:
    title = "# Repository map\n" if head.state is None else f"# Repository map\n\n{head.state.sentence()}.\n"
    packages = [f"\n## Packages\n\n{_joined(list(map(_markdown_package, head.packages)))}"] if head.packages else []
    of_entry_points = [f"- {_markdown_code(_text_entry_point(one, head.cut_mark))}" for one in head.entry_points]
    entry_points = [f"\n## Entry points\n\n{_joined(of_entry_points)}"]
    return "".join([title, *packages, *(entry_points if head.entry_points else []), *parts])


def _markdown_package(package: Package) -> str:
    path = f"{shown_line(utf8_text(package.path)) or '.'}/"
    return f"- {_markdown_code(path)}: {_MARKDOWN_MARKS.sub(_backslashed, package.purpose)}"


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _json_part(file: ShownFile, _marks: Marks) -> str:
    members = [json_path_members(file.path, separator=": "), f'"language": {json.dumps(file.language)}']
    if file.score is not None:
        members.append(f'"score": {_json_number(file.score)}')
    definitions = ", ".join(map(_json_definition, file.definitions))
    members.append(f'"definitions": [{definitions}]')
    return f"{{{', '.join(members)}}}"


def _json_definition(definition: ShownDefinition) -> str:
    members = [
        f'"name": {json_string(definition.name)}',
        f'"kind": {json.dumps(definition.kind)}',
        f'"line": {definition.line}',
        f'"end_line": {definition.end_line}',
        f'"scope": {"null" if definition.scope is None else json_string(definition.scope)}',
    ]
    if definition.signature is not None:
        members.append(f'"signature": {json_string(definition.signature)}')
    if definition.note:
        members.append(f'"note": {json_string(definition.note)}')
    if definition.score is not None:
        members.append(f'"score": {_json_number(definition.score)}')
    return f"{{{', '.join(members)}}}"


def _json_number(value: float) -> str:
    """Return a score with six digits: more have no meaning, and each one costs tokens."""
    return json.dumps(float(f"{value:.6g}"))


def _json_whole(head: Head, parts: Sequence[str]) -> str:
    state, notes = head.state, head.notes
    index = None if state is None else {"time": state.time, "files": state.n_files, "commit": state.commit}
    members = f'"notes": {json.dumps(notes)},\n' if notes else ""
    if head.packages:
        members += '"packages": [\n' + ",\n".join(map(_json_package, head.packages)) + "\n],\n"
    if head.entry_points:
        members += '"entry_points": [\n' + ",\n".join(map(_json_entry_point, head.entry_points)) + "\n],\n"
    files = "[\n" + ",\n".join(parts) + "\n]" if parts else "[]"
    return f'{{"schema": {_JSON_SCHEMA},\n"index": {json.dumps(index)},\n{members}"files": {files}}}\n'


def _json_entry_point(one: EntryPoint) -> str:
    members = f'{json_path_members(one.path, separator=": ")}, "name": {json_string(one.name)}'
    return f'{{{members}, "line": {json.dumps(one.line)}}}'


def _json_package(package: Package) -> str:
    return f'{{{json_path_members(package.path, separator=": ")}, "purpose": {json_string(package.purpose)}}}'


def _xml_part(file: ShownFile, _marks: Marks) -> str:
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
                scope=definition.scope,
                signature=definition.signature,
                note=definition.note or None,
                score=definition.score,
            )
            + "/>\n"
        )
    return "".join([*lines, "</file>\n"])


def _xml_attributes(**values: str | float | None) -> str:
    texts = {name: f"{value:.6g}" if isinstance(value, float) else str(value) for name, value in values.items()}
    return "".join(
        f" {name}={_quoted_for_xml(_fit_for_xml(text))}" for name, text in texts.items() if values[name] is not None
    )


def _escaped_for_xml(text: str) -> str:
    # The same as xml.sax.saxutils, which takes longer to load than a map of a small repository takes.
    return escaped_for_xml(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _quoted_for_xml(text: str) -> str:
    escaped = _escaped_for_xml(text)
    for character, name in (("\n", "&#10;"), ("\r", "&#13;"), ("\t", "&#9;")):
        escaped = escaped.replace(character, name)
    if '"' not in escaped:
        return f'"{escaped}"'
    return f"'{escaped}'" if "'" not in escaped else '"' + escaped.replace('"', "&quot;") + '"'


def _fit_for_xml(text: str) -> str:
    return _unfit_for_xml().sub("\N{REPLACEMENT CHARACTER}", text)


@cache
def _unfit_for_xml() -> re.Pattern[str]:
    # To compile it takes as long as a tenth of a small map, and only maps in XML need it.
    return re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml_whole(head: Head, parts: Sequence[str]) -> str:
    state = head.state
    attributes = "" if state is None else _xml_attributes(time=state.time, files=state.n_files, commit=state.commit)
    elements = [f"<note>{_escaped_for_xml(_fit_for_xml(note))}</note>\n" for note in head.notes]
    elements += [
        f"<package{_xml_attributes(path=shown_path(one.path), purpose=one.purpose)}/>\n" for one in head.packages
    ]
    elements += [
        f"<entry-point{_xml_attributes(path=shown_path(one.path), name=one.name or None, line=one.line)}/>\n"
        for one in head.entry_points
    ]
    return "".join([f"<map{attributes}>\n", *elements, *parts, "</map>\n"])


TEXT = Format("text", "lines", _text_part, _text_whole, bare=_text_bare)
MARKDOWN = Format("markdown", "lines", _markdown_part, _markdown_whole, bare=_markdown_bare)
EXCERPTS = Format("excerpts", "excerpt", _excerpts_part, _text_whole)
JSON = Format("json", "fields", _json_part, _json_whole, is_document=True)
XML = Format("xml", "fields", _xml_part, _xml_whole, is_document=True)
FORMATS = {format.name: format for format in (TEXT, MARKDOWN, EXCERPTS, JSON, XML)}


def write_map(
    files: Iterable[ShownFile],
    *,
    format: Format = TEXT,
    state: IndexState | None = None,
    marks: Marks = MARKS,
    notes: Sequence[str] = (),
) -> str:
    """Return the map of ``files``, in their order."""
    parts = [(format.part(file, marks), file) for file in files]
    head = Head(state, notes=tuple(notes), cut_mark=marks.cut)
    if format.bare is None:
        return format.whole(head, [part for part, _ in parts])
    bare = [part for part, file in parts if not file.lines]
    in_order = [part for part, file in parts if file.lines]
    return format.whole(head, [*in_order, format.bare(bare)] if bare else in_order)
