"""CSV by RFC 4180: a header, then one row a tag or use, in the order of the files and of the text.

Columns as in JSON Lines; ``end_line`` and ``id`` are empty for references, ``digest`` in all rows of a file but its
first. UTF-8; bytes that are not are U+FFFD
(``utf8``). In a file or a pipe every other character is as it is in the repository, so a field may begin with ``=``,
``+``, ``-`` or ``@``: import the columns into a spreadsheet as text. A terminal gets control characters and
bidirectional marks escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from repomap_fast.cli.formats.runs import (
    TextById,
    id_texts,
    name_texts,
    names_by_id,
    scopes_by_id,
    tag_runs,
    trait_texts,
)
from repomap_fast.joining.identities import digest_text
from repomap_fast.tables import ROLE_DEFINITION, ROLES
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

COLUMNS = ("path", "language", "name", "role", "kind", "line", "column", "end_line", "scope", "id", "digest")

_NEEDS_QUOTES = re.compile('[",\r\n]')


def write_csv(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag and every use of ``result`` as a row."""
    plain_names = names_by_id(result)
    plain_scopes = scopes_by_id(result, plain_names)
    names_of = name_texts(result, plain_names, quote)
    scopes = TextById(lambda tag_id: quote(plain_scopes[tag_id]))
    traits = trait_texts(result, lambda kind, role: f",{quote(role)},{quote(kind)},")
    ids_of = id_texts(result, plain_names, plain_scopes, quote)
    n_roles = len(ROLES)
    out.write((",".join(COLUMNS) + "\r\n").encode())
    for run in tag_runs(result):
        head = f"{quote(utf8_text(result.file_table.paths[run.file_id]))},{quote(run.language)},"
        rows = [
            f"{head}{name}{traits[trait]}{line},{column},{end_line},{scopes[scope_id]},{id},\r\n"
            if trait % n_roles == ROLE_DEFINITION
            else f"{head}{name}{traits[trait]}{line},{column},,{scopes[scope_id]},,\r\n"
            for name, trait, line, column, end_line, scope_id, id in zip(
                *(names_of(run), run.traits, run.lines, run.columns, run.end_lines, run.scope_ids, ids_of(run)),
                strict=True,
            )
        ]
        if run.is_first:
            rows[0] = f"{rows[0][:-2]}{digest_text(result.digests[run.file_id]) or ''}\r\n"
        out.write("".join(rows).encode())


def quote(text: str) -> str:
    """Return ``text`` as a field."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
