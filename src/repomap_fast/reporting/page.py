"""Pages: one file of HTML each, which loads nothing, and draws itself from the data that it carries.

What a repository or a history names reaches a page as JSON and nowhere else. Its script writes texts and no HTML, and
the page forbids its browser to load anything, or to run any script but its own, which it names by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = "echarts.min.js"
_ESCAPES: dict[str, str | int | None] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def build_page(name: str, title: str, data: Mapping[str, Any], *, body: str = "") -> str:
    """Return the page of a template.

    name   of the template's files: ``NAME.html``, ``NAME.css`` and ``NAME.js``.
    title  plain text.
    data   what the script reads, as JSON takes it.
    body   HTML, where the template has room for it.
    """
    page, style, script = (read_part(f"{name}.{kind}") for kind in ("html", "css", "js"))
    library = read_part(LIBRARY)
    sources = " ".join(f"'sha256-{_digest(one)}'" for one in (library, script))
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {sources}; base-uri 'none'; form-action 'none'"
    return Template(page).substitute(
        policy=escape(policy),
        title=escape(utf8_text(title)),
        body=body,
        style=style,
        data=script_json(data),
        library=library,
        script=script,
    )


def script_json(data: Mapping[str, Any]) -> str:
    """Return ``data`` as JSON that can stand within a script of HTML: no character of it ends the script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(str.maketrans(_ESCAPES))


def read_part(name: str) -> str:
    """Return a file of the folder ``page``."""
    return (resources.files("repomap_fast.reporting") / "page" / name).read_text("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
