"""Escapes characters that are not shown but control a terminal or an editor, for each output format.

A path, a name or a line of a repository may hold any of them: C0 and C1 control characters move a terminal's cursor and
set its title, bidirectional marks turn the order of the text around them, and some others are not drawn at all.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring

_UNSEEN = "\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""But for C0; zero-width joiners are left, which words of several scripts need."""
_STEERING = re.compile(f"[\0-\x08\x0b-\x1f{_UNSEEN}]")
"""All control characters but tabs and line feeds."""
_BREAKING = re.compile(f"[\0-\x1f{_UNSEEN}]")
"""All control characters."""
_OUTSIDE_ASCII = re.compile(f"[{_UNSEEN}]")


def shown_text(text: str) -> str:
    """Return ``text``, of many lines, with each of these characters but tabs and line feeds as Python's escape."""
    return _STEERING.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def shown_line(text: str) -> str:
    """Return ``text`` with each of these characters, tabs and line feeds too, as Python's escape."""
    return text if text.isprintable() else _BREAKING.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def json_string(text: str) -> str:
    """Return ``text`` as a JSON string, in which each of these characters is an escape; it decodes to ``text``."""
    encoded = encode_basestring(text)
    return encoded if encoded.isascii() and "\x7f" not in encoded else _OUTSIDE_ASCII.sub(_json_escape, encoded)


def escaped_for_xml(text: str) -> str:
    """Return ``text``, all characters of which XML may have, with each of these as a character reference."""
    return (
        text if text.isascii() and "\x7f" not in text else _OUTSIDE_ASCII.sub(lambda match: f"&#{ord(match[0])};", text)
    )


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
