"""JSON Lines: one object a tag, in the order of the tables.

    {"path":"a/b.py","language":"python","name":"f","role":"definition","kind":"function","line":1,"column":4,
     "end_line":2,"scope":"C"}

``line`` is one-based, ``column`` zero-based and in bytes. Definitions also have ``end_line`` and ``scope`` (null at
the top of a file). The text is UTF-8: what is not becomes U+FFFD, and where that is in the path, ``path_bytes`` behind
it is the path's bytes in base64.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from repomap_fast.cli.formats.runs import TextById, names_by_id, scopes_by_id, tag_runs, trait_texts
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION, ROLES
from repomap_fast.unseen import json_string
from repomap_fast.utf8 import json_path_members

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult


def write_jsonl(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag of ``result`` as a line."""
    for objects in tag_objects(result):
        objects.append("")
        out.write("\n".join(objects).encode())


def tag_objects(result: ScanResult) -> Iterator[list[str]]:
    """Yield the tags as JSON texts, some thousands at a time."""
    paths = result.file_table.paths
    plain_names = names_by_id(result)
    plain_scopes = scopes_by_id(result, plain_names)
    names = TextById(lambda name_id: json_string(plain_names[name_id]))
    scopes = TextById(
        lambda tag_id: f',"scope":{"null" if tag_id == NO_SCOPE else json_string(plain_scopes[tag_id])}}}'
    )
    traits = trait_texts(result, lambda kind, role: f',"role":{json_string(role)},"kind":{json_string(kind)},"line":')
    n_roles = len(ROLES)
    for run in tag_runs(result):
        head = f'{{{json_path_members(paths[run.file_id])},"language":{json_string(run.language)},"name":'
        yield [
            f'{head}{names[name_id]}{traits[trait]}{line},"column":{column},"end_line":{end_line}{scopes[scope_id]}'
            if trait % n_roles == ROLE_DEFINITION
            else f'{head}{names[name_id]}{traits[trait]}{line},"column":{column}}}'
            for name_id, trait, line, column, end_line, scope_id in zip(
                run.name_ids, run.traits, run.lines, run.columns, run.end_lines, run.scope_ids, strict=True
            )
        ]
