"""A slow twin of the pass that finds the parts of a text in another language, by regular expressions."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_SPACE = rb"[ \t\n\r\f]"
_COMMENT = re.compile(rb"<!-{2,}>|<!--.*?(?:-->|\Z)", re.DOTALL)
_START = re.compile(rb"<([A-Za-z][^ \t\n\r\f/>]*)")
_ATTRIBUTE = re.compile(
    rb"""([^ \t\n\r\f/>][^ \t\n\r\f/>=]*)(?:%s*=%s*(?:"([^"]*)"|'([^']*)'|([^ \t\n\r\f>]+))?)?""" % (_SPACE, _SPACE)
)
_RAW = (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
_COMPONENT = re.compile(rb"[\w$.\x80-\xff-]{1,128}")
_TYPES = {
    "javascript": (
        *(b"", b"js", b"jsx", b"javascript", b"module", b"text/javascript", b"application/javascript", b"text/jsx"),
        *(b"text/ecmascript", b"application/ecmascript", b"application/x-javascript", b"text/babel"),
    ),
    "typescript": (b"ts", b"typescript", b"text/typescript", b"application/typescript", b"application/x-typescript"),
    "tsx": (b"tsx", b"text/tsx"),
}
_ORDER = ("javascript", "typescript", "tsx")


class Found(NamedTuple):
    """What is in a text: the spans of code, their language, and the spans of components' names."""

    spans: list[tuple[int, int]]
    guest: str | None
    names: list[tuple[int, int]]


class _Tag(NamedTuple):
    end: int
    attributes: dict[bytes, bytes]
    is_closed: bool


def blanked(text: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", text)


def masked(text: bytes, spans: list[tuple[int, int]]) -> bytes:
    """Return the text with blanks for all but the spans; scripts but the first begin behind a semicolon."""
    out = bytearray(blanked(text))
    for i, (start, end) in enumerate(spans):
        out[start:end] = text[start:end]
        if i:
            out[start - 1] = ord(";")
    return bytes(out)


def _tag(text: bytes, at: int) -> _Tag:
    attributes: dict[bytes, bytes] = {}
    while True:
        gap = re.compile(rb"[ \t\n\r\f/]*").match(text, at)
        assert gap
        at = gap.end()
        if text[at : at + 1] == b">":
            return _Tag(at + 1, attributes, gap[0].endswith(b"/"))
        attribute = _ATTRIBUTE.match(text, at)
        if attribute is None:
            return _Tag(len(text), attributes, False)
        value = next((one for one in attribute.groups()[1:] if one is not None), b"")
        if value:
            attributes.setdefault(attribute[1].lower(), value)
        at = attribute.end()


def _end_of(text: bytes, at: int, name: bytes) -> int:
    found = re.compile(rb"</%s(?=[ \t\n\r\f/>])" % re.escape(name), re.IGNORECASE).search(text, at)
    return found.start() if found else len(text)


def _guest(kind: str, attributes: dict[bytes, bytes]) -> str | None:
    said = (attributes.get(b"lang") or attributes.get(b"type") or b"").strip(b" \t\n\r\f").lower()
    found = next((name for name, types in _TYPES.items() if said in types), None)
    return "typescript" if kind == "astro" and found == "javascript" else found


def find_in_markup(text: bytes, kind: str) -> Found:
    """Find scripts and components; ``kind`` is html, vue, svelte or astro."""
    spans: list[tuple[int, int]] = []
    guests: list[str] = []
    names: list[tuple[int, int]] = []
    depth = at = 0
    has_lost_block = False
    if kind == "astro":
        front = re.match(rb"(?:\xef\xbb\xbf)?[ \t\n\r\f]*---(.*?\n[ \t]*)---", text, re.DOTALL)
        if front:
            spans.append(front.span(1))
            guests.append("typescript")
            at = front.end()
    while (at := text.find(b"<", at)) >= 0:
        if comment := _COMMENT.match(text, at):
            at = comment.end()
            continue
        if text[at + 1 : at + 2] == b"/":
            depth -= depth > 0 and text.startswith(b"template", at + 2)
            at += 2
            continue
        start = _START.match(text, at)
        if start is None:
            at += 1
            continue
        name, at = start[1], start.end()
        known = name.lower() if kind == "html" else name
        is_block = kind == "vue" and depth == 0 and known not in (*_RAW, b"template") and not has_lost_block
        if known not in _RAW and not is_block:
            first = start.start(1) + name.rfind(b".") + 1
            is_component = b"-" in name or (kind != "html" and b"A" <= name[:1] <= b"Z") or b"." in name
            if is_component and first < at and _COMPONENT.fullmatch(name):
                names.append((first, at))
        if kind in ("svelte", "astro") and known not in _RAW:
            continue
        tag = _tag(text, at)
        at = tag.end
        if at == len(text) or (tag.is_closed and kind != "html"):
            continue
        is_template = kind == "vue" and known == b"template"
        is_html = tag.attributes.get(b"lang", b"html").lower() == b"html"
        if is_template and (depth or is_html):
            depth += 1
        elif known in _RAW or is_block or is_template:
            end = _end_of(text, at, name)
            if end == len(text) and known not in _RAW:
                has_lost_block = True
                depth += is_template
                continue
            guest = _guest(kind, tag.attributes) if known == b"script" else None
            if guest is not None:
                spans.append((at, end))
                guests.append(guest)
            at = end
    return Found(spans, max(guests, key=_ORDER.index, default=None), names)


def mask_template(text: bytes, kind: str) -> bytes:
    """Return the code between <% and %> alone; ``kind`` is erb or ejs."""
    end_of_code = rb"(?<!%)%>" if kind == "erb" else rb"%>"
    marks, trims = (rb"[=-]*", rb"-?") if kind == "erb" else (rb"[=_-]*", rb"[-_]?")
    comment = rb"[ \t\n\r\f]*#[^\n]*" if kind == "erb" else rb"[ \t\n\r\f]*//[^\n]*"
    out = bytearray(blanked(text))
    at = 0
    while (at := text.find(b"<%", at)) >= 0:
        at += 2
        if text.startswith(b"%", at):
            at += 1
            continue
        is_comment = text.startswith(b"#", at)
        mark = re.compile(marks).match(text, at)
        assert mark
        at = mark.end()
        # The % that a code begins with is none that is written twice.
        found = re.compile(rb"%>|" + end_of_code).search(text, at, at + 2) or re.compile(end_of_code).search(text, at)
        end = found.start() if found else len(text)
        code = text[at:end]
        if found and (trim := re.search(trims + rb"\Z", code)):
            code = code[: trim.start()]
        first_comment = re.match(comment, code)
        skipped = first_comment.end() if first_comment else 0
        if not is_comment:
            out[at + skipped : at + len(code)] = code[skipped:]
            if found:
                out[end : end + 1] = b";"
        at = end + 2
    return bytes(out)


def find_in_template(text: bytes, kind: str) -> list[tuple[int, int, str]]:
    """Return the scripts of a template, as (start, end, language), once what stands between <% and %> is filled."""
    end_of_code = rb"(?<!%)%>" if kind == "erb" else rb"%>"
    out, at = bytearray(text), 0
    while (at := text.find(b"<%", at)) >= 0:
        if text.startswith(b"<%%", at):
            at += 3
            continue
        mark = re.compile(rb"<%[=-]*" if kind == "erb" else rb"<%[=_-]*").match(text, at)
        assert mark
        code = mark.end()
        found = re.compile(rb"%>|" + end_of_code).search(text, code, code + 2) or re.compile(end_of_code).search(
            text, code
        )
        end = found.end() if found else len(text)
        is_value = found and text[at + 2 : at + 3] in ((b"=",) if kind == "erb" else (b"=", b"-"))
        first, _, rest = text[at:end].replace(b"\r", b"\n").partition(b"\n")
        out[at : at + len(first)] = (b"_" if is_value else b" ") * len(first)
        out[end - len(rest) : end] = blanked(text[end - len(rest) : end])
        at = end
    filled, found_scripts, at = bytes(out), [], 0
    while (at := filled.find(b"<", at)) >= 0:
        if comment := _COMMENT.match(filled, at):
            at = comment.end()
            continue
        name = re.compile(rb"[^ \t\n\r\f/><]*").match(filled, at + 1)
        assert name
        at = name.end()
        if name[0].lower() != b"script":
            continue
        tag = _tag(filled, at)
        at = tag.end
        if at == len(filled):
            break
        end = _end_of(filled, at, name[0])
        guest = _guest("html", tag.attributes)
        if guest is not None and end > at:
            found_scripts.append((at, end, guest))
        at = end
    return found_scripts


def notebook_rows(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return what each row of a notebook of nbformat's own writing shows, and what of it is code."""
    shown: list[bytes] = []
    code: list[bytes] = []
    is_code = is_source = False
    for row in text.decode().split("\n"):
        line = row.strip().removesuffix(",")
        shown.append(b"")
        code.append(b"")
        if is_source and line == "]":
            is_source = False
        elif is_source:
            decoded = json.loads(line).removesuffix("\n").replace("\0", " ")
            shown[-1] = decoded.encode("utf-8", "replace") if decoded.isascii() else _encoded(decoded)
            code[-1] = shown[-1] if is_code else b" " * len(shown[-1])
        elif line.startswith('"cell_type": '):
            is_code = line == '"cell_type": "code"'
        elif line == '"source": [':
            is_source = True
    return shown, code


def _encoded(text: str) -> bytes:
    return "".join("�" if 0xD800 <= ord(one) < 0xE000 else one for one in text).encode()


def find_fences(text: bytes, names: dict[str, str]) -> list[tuple[int, int, str]]:
    """Return the fenced code of Markdown, as (start, end, language), of the languages that are named."""
    found: list[tuple[int, int, str]] = []
    opened, language, start, at = b"", None, 0, 0
    for row in re.findall(rb"[^\n]*\n|[^\n]+\Z", text):
        mark = re.match(rb"[ \t]*(`{3,}(?=[^`]*\Z)|~{3,})(.*)", row, re.DOTALL)
        if mark and not opened:
            opened, start = mark[1], at + len(row)
            name = re.match(rb"[ \t\r\f\n{.]*([\w+#\x80-\xff]*)", mark[2])
            language = names.get(name[1].decode("utf-8", "replace").lower()) if name else None
            if language:
                found.append((start, len(text), language))
        elif mark and mark[1].startswith(opened) and not mark[2].strip():
            if language:
                found[-1] = (start, at, language)
            opened = b""
        at += len(row)
    return found
