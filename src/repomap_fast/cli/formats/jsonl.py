"""JSON Lines: one object a tag, or a use of a name as a value, in the order of the files and of the text.

    {"path":"a/b.py","language":"python","name":"f","role":"definition","kind":"function","line":1,"column":4,
     "end_line":2,"scope":"C","id":"a/b.py#C.f/function"}

``line`` is one-based, ``column`` zero-based and in bytes. Definitions also have ``end_line`` and ``id``, and the first
line of a file the digest of its contents. ``scope`` is null at the top of a file. A use is a reference of kind read,
write or member. Lines that could not be parsed follow the tags of their file, with the role ``unread`` and without a
name. The text is UTF-8: what is not becomes U+FFFD, and where that is in the path, ``path_bytes`` behind it has the
bytes of the path in base64.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
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
from repomap_fast.joining.unread import unread_rows
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION, ROLES
from repomap_fast.unseen import json_string
from repomap_fast.utf8 import json_path_members

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult


def write_jsonl(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag and every use of ``result`` as a line, and all lines that were not read."""
    unread = deque(unread_rows(result).tolist())
    last_file = -1
    for file_id, objects in tag_objects(result):
        while unread and unread[0] < file_id:
            row = unread.popleft()
            _write_unread(result, row, out, is_first=row != last_file)
        objects.append("")
        out.write("\n".join(objects).encode())
        last_file = file_id
    for row in unread:
        _write_unread(result, row, out, is_first=row != last_file)


def _write_unread(result: ScanResult, row: int, out: BinaryIO, *, is_first: bool) -> None:
    files = result.file_table
    language = json_string(LANGUAGES[files.language_ids[row]].name)
    head = f'{{{json_path_members(files.paths[row])},"language":{language},"name":"","role":"unread","kind":"error"'
    digest = _digest(result, row) if is_first else ""
    for first, last in result.unread_lines(row):
        out.write(f'{head},"line":{first},"column":0,"end_line":{last},"scope":null{digest}}}\n'.encode())
        digest = ""


def tag_objects(result: ScanResult) -> Iterator[tuple[int, list[str]]]:
    """Yield the tags and uses as JSON texts, some thousands at a time, each time with the row of their file."""
    paths = result.file_table.paths
    plain_names = names_by_id(result)
    plain_scopes = scopes_by_id(result, plain_names)
    names_of = name_texts(result, plain_names, json_string)
    scopes = TextById(lambda tag_id: f',"scope":{"null" if tag_id == NO_SCOPE else json_string(plain_scopes[tag_id])}')
    traits = trait_texts(result, lambda kind, role: f',"role":{json_string(role)},"kind":{json_string(kind)},"line":')
    ids_of = id_texts(result, plain_names, plain_scopes, json_string)
    n_roles = len(ROLES)
    for run in tag_runs(result):
        head = f'{{{json_path_members(paths[run.file_id])},"language":{json_string(run.language)},"name":'
        objects = [
            f'{head}{name}{traits[trait]}{line},"column":{column},"end_line":{end_line}{scopes[scope_id]},"id":{id}}}'
            if trait % n_roles == ROLE_DEFINITION
            else f'{head}{name}{traits[trait]}{line},"column":{column}{scopes[scope_id]}}}'
            for name, trait, line, column, end_line, scope_id, id in zip(
                *(names_of(run), run.traits, run.lines, run.columns, run.end_lines, run.scope_ids, ids_of(run)),
                strict=True,
            )
        ]
        if run.is_first:
            objects[0] = f"{objects[0][:-1]}{_digest(result, run.file_id)}}}"
        yield run.file_id, objects


def _digest(result: ScanResult, row: int) -> str:
    digest = digest_text(result.digests[row])
    return "" if digest is None else f',"digest":"{digest}"'
