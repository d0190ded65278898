"""The four tools that an agent may call: their arguments, and their answers as text.

It knows nothing of a protocol. Every answer is within a budget of tokens, which its last line states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repomap_fast import api
from repomap_fast.agents.roots import AnswerError, Root
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.errors import IndexDamagedError, RepoMapError, ScanCancelled, SymbolError
from repomap_fast.joining.unread import not_whole_rows, unread_note
from repomap_fast.unseen import shown_text

if TYPE_CHECKING:
    from repomap_fast.indexing.index import Index
    from repomap_fast.progress import CancelEvent, ProgressCallback

DEFAULT_MAP_TOKENS = 2_048
MIN_TOKENS, MAX_TOKENS = 100, 20_000
"""Most tokens of any answer. Some clients refuse more than 25,000."""
LIST_TOKENS = 4_000
"""Most tokens of an answer that lists symbols or references."""
SOURCE_TOKENS = 8_000
"""Most tokens of an answer with source."""
MAX_CHARACTERS = 1_000
"""Of a name, a symbol or a path."""
MAX_QUERY_CHARACTERS = 100_000
MAX_PATHS = 100
_LINE_CHARACTERS = 400
"""Of a line of a list. A name may have megabytes."""
_FOOTER_TOKENS = 24
"""Room for the line that states the budget."""
_MANY = {"type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as a client lists it.

    properties  of its arguments, in JSON Schema.
    required    names of those that must be given.
    answer      returns the answer for one root. Takes an index, the arguments, the most tokens, and an event that
                cancels it.
    tokens      most tokens of the answer, where the argument of that name does not say otherwise.
    """

    name: str
    title: str
    description: str
    properties: dict[str, dict[str, Any]]
    required: tuple[str, ...]
    answer: Callable[[Index, Mapping[str, Any], int, CancelEvent], Answer]
    tokens: int

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool says of one root.

    text     within the budget.
    notes    sentences that are added where there is room.
    """

    text: str
    notes: tuple[str, ...] = ()


def call(
    name: str,
    arguments: Mapping[str, Any] | None,
    roots: Sequence[Root],
    *,
    progress: ProgressCallback | None,
    cancel: CancelEvent,
) -> str:
    """Return the answer of a tool over all roots.

    Raises AnswerError, whose message says what to try, and ScanCancelled.
    """
    tool = TOOLS.get(name)
    if tool is None:
        raise AnswerError(f"there is no tool {_quoted(name)}; expected {', '.join(TOOLS)}")
    checked = check_arguments(tool, arguments or {})
    budget = checked.get("tokens", tool.tokens)
    sections, errors = [], []
    for root in roots:
        try:
            sections.append(_section(tool, checked, root, budget // len(roots), len(roots) > 1, progress, cancel))
        except ScanCancelled:
            raise
        except (RepoMapError, TypeError) as error:
            errors.append(error)
    if not sections:
        raise AnswerError(_what_to_try(tool, errors[0]))
    # Of more roots than the budget has room for, the first.
    while len(sections) > 1 and estimate_tokens("\n".join(sections)) > budget - _FOOTER_TOKENS:
        sections.pop()
    text = "\n".join(sections)
    return f"{text}[{estimate_tokens(text) + _FOOTER_TOKENS:,} of at most {budget:,} tokens]\n"


def _section(
    tool: Tool,
    arguments: Mapping[str, Any],
    root: Root,
    budget: int,
    is_one_of_several: bool,
    progress: ProgressCallback | None,
    cancel: CancelEvent,
) -> str:
    """Return the answer for one root, with notes, within its share of the budget."""
    head = f"# {root.path}\n" if is_one_of_several else ""
    room = max(1, budget - estimate_tokens(head) - _FOOTER_TOKENS)

    def work(index: Index) -> tuple[Answer, str]:
        unread = _unread(index)
        reserve = estimate_tokens(_note_line(unread)) if unread else 0
        return tool.answer(index, arguments, max(1, room - min(reserve, room // 4)), cancel), unread

    answer, unread = root.ask(work, progress=progress, cancel=cancel)
    text = head + shown_text(answer.text)
    for note in dict.fromkeys((*([unread] if unread else []), *answer.notes)):
        longer = text + _note_line(note)
        if estimate_tokens(longer) <= budget - _FOOTER_TOKENS:
            text = longer
    return text


def _unread(index: Index) -> str:
    """Return a sentence that names files that were not read whole; empty where all were."""
    try:
        return unread_note(index.result, not_whole_rows(index.result))
    except IndexDamagedError as error:
        index.repair(error)
        return unread_note(index.result, not_whole_rows(index.result))


def _note_line(note: str) -> str:
    return f"note: {shown_text(note)}\n"


def _what_to_try(tool: Tool, error: Exception) -> str:
    message = str(error)
    if isinstance(error, SymbolError) and tool.name != "search_symbols":
        return f"{message}\nTry search_symbols with a part of the name."
    return message


# Arguments


def check_arguments(tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call in the types of the schema, without those that are null. Raises AnswerError."""
    unknown = sorted(given.keys() - tool.properties.keys())
    if unknown:
        raise AnswerError(f"{tool.name} has no argument {_quoted(unknown[0])}; expected {', '.join(tool.properties)}")
    checked = {
        name: _CONVERTERS[name](name, value, tool.properties[name])
        for name, value in given.items()
        if value is not None
    }
    for name in tool.required:
        if not str(checked.get(name, "")).strip():
            raise AnswerError(f"{tool.name} needs {name}: {tool.properties[name]['description']}")
    return checked


def _text(name: str, value: Any, schema: Mapping[str, Any]) -> str:
    longest = MAX_QUERY_CHARACTERS if name == "query" else MAX_CHARACTERS
    if not isinstance(value, str):
        raise AnswerError(f"{name} is {_quoted(value)}; expected a string")
    if len(value) > longest:
        raise AnswerError(f"{name} has {len(value):,} characters; expected at most {longest:,}")
    return value


def _texts(name: str, value: Any, schema: Mapping[str, Any]) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_PATHS:
        raise AnswerError(f"{name} has {len(values):,} items; expected at most {MAX_PATHS}")
    return tuple(_text(name, one, schema) for one in values if one)


def _number(name: str, value: Any, schema: Mapping[str, Any]) -> int:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise AnswerError(f"{name} is {_quoted(value)}; expected a whole number")
    if not schema["minimum"] <= value <= schema["maximum"]:
        shown = value if abs(value) < 10**20 else "out of range"
        raise AnswerError(f"{name} is {shown}; expected {schema['minimum']:,} to {schema['maximum']:,}")
    return value


def _changed(name: str, value: Any, schema: Mapping[str, Any]) -> bool | str:
    if isinstance(value, bool):
        return value
    text = _text(name, value, schema)
    return {"true": True, "false": False, "": False}.get(text.lower(), text)


_CONVERTERS: dict[str, Callable[[str, Any, Mapping[str, Any]], Any]] = {
    "query": _text,
    "focus": _texts,
    "changed": _changed,
    "tokens": _number,
    "name": _text,
    "kind": _text,
    "path": _text,
    "limit": _number,
    "symbol": _text,
    "context": _number,
}


def _quoted(value: object) -> str:
    shown = repr(value) if isinstance(value, str | int | float | bool | None) else f"of type {type(value).__name__}"
    return shown if len(shown) <= 80 else f"{shown[:60]}…"


# Answers


def _map(index: Index, arguments: Mapping[str, Any], tokens: int, cancel: CancelEvent) -> Answer:
    found = api.map(
        index,
        query=arguments.get("query", ""),
        focus=arguments.get("focus", ()),
        changed=arguments.get("changed", False),
        tokens=tokens,
        cancel=cancel,
    )
    text = found.text if found.files else "nothing fits into the budget, or there are no source files\n"
    return Answer(text if text.endswith("\n") else f"{text}\n", found.notes)


def _search(index: Index, arguments: Mapping[str, Any], tokens: int, cancel: CancelEvent) -> Answer:
    name = arguments["name"]
    found = api.search(
        index,
        name,
        kind=arguments.get("kind") or (),
        path=arguments.get("path") or (),
        limit=arguments.get("limit", 20),
        cancel=cancel,
    )
    if not found.found:
        return Answer(_cut(found.nothing) + "\n", found.notes)
    return Answer(_as_fits([_cut(one.text) for one in found.found], found.n_definitions, tokens))


def _read(index: Index, arguments: Mapping[str, Any], tokens: int, cancel: CancelEvent) -> Answer:
    found = api.show(index, arguments["symbol"], context=arguments.get("context", 0), tokens=tokens, cancel=cancel)
    return Answer(found.text, found.notes)


def _references(index: Index, arguments: Mapping[str, Any], tokens: int, cancel: CancelEvent) -> Answer:
    # To import all that resolves references takes a fifth of what the tools take; a first answer is seldom about them.
    from repomap_fast.symbols.refs import reference_lines

    found = api.refs(index, arguments["symbol"], limit=arguments.get("limit", 50), tokens=tokens, cancel=cancel)
    return Answer(_as_fits(list(map(_cut, reference_lines(found))), 0, tokens), found.notes)


def _cut(line: str) -> str:
    return line if len(line) <= _LINE_CHARACTERS else f"{line[:_LINE_CHARACTERS]}…"


def _as_fits(lines: Sequence[str], n_all: int, tokens: int) -> str:
    """Return as many of the lines as fit, and how many are left out of ``n_all``."""
    for n_shown in range(len(lines), -1, -1):
        more = f"… and {n_all - n_shown:,} more; narrow it by kind or path\n" if n_all > n_shown else ""
        text = "".join(f"{line}\n" for line in lines[:n_shown]) + more
        if estimate_tokens(text) <= tokens:
            return text
    return ""


_SYMBOL = {"type": "string", "description": "name, Class.method, path:line or path::Class.method"}

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "repo_map",
            "Map of the repository",
            "The files and definitions that matter most for a task, by name and line. Call it first, with the "
            "task in the user's words.",
            {
                "query": {"type": "string", "description": "The task: a question, an issue, a commit message"},
                "focus": {**_MANY, "description": "Files or folders you already work on; they are left out"},
                # A commit is taken too, but some clients refuse a schema of two types.
                "changed": {"type": "boolean", "description": "Whether what changed since HEAD matters"},
                "tokens": {
                    "type": "integer",
                    "minimum": MIN_TOKENS,
                    "maximum": MAX_TOKENS,
                    "default": DEFAULT_MAP_TOKENS,
                    "description": "Most tokens of the answer",
                },
            },
            (),
            _map,
            DEFAULT_MAP_TOKENS,
        ),
        Tool(
            "search_symbols",
            "Search definitions",
            "Where something is defined: by name, part of a name or misspelling. Gives path:start-end, the best first.",
            {
                "name": {"type": "string", "description": "The name, a part of it, or Class.method"},
                "kind": {"type": "string", "description": "Only this kind: class, function, method, …"},
                "path": {"type": "string", "description": "Only in this file, folder or pattern"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 20},
            },
            ("name",),
            _search,
            LIST_TOKENS,
        ),
        Tool(
            "read_symbol",
            "Read a definition",
            "The source of a class, function or other definition as it is now, in place of reading the whole file.",
            {
                "symbol": _SYMBOL,
                "context": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 200,
                    "default": 0,
                    "description": "Lines before and after",
                },
            },
            ("symbol",),
            _read,
            SOURCE_TOKENS,
        ),
        Tool(
            "find_references",
            "Find references",
            "Where a symbol is used: path:line, the definition around it, the line. "
            "Resolved in C, Go, Java, JavaScript, Python and TypeScript, else by name.",
            {
                "symbol": _SYMBOL,
                "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
            },
            ("symbol",),
            _references,
            LIST_TOKENS,
        ),
    )
}
