"""The slow twin of blocks: written and read as cext/tagging/block.h says, one number at a time."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

FORMAT = 7
HEADER = struct.Struct("<4I8B7I")
_FORMATS = {1: "B", 2: "H", 4: "I"}
Row = tuple[int, int, bool, int, int, int, int]
"""Name id, kind, whether it is a reference, row, column, end row, scope (-1 none)."""
Term = tuple[int, int, int]
"""Hash, how often it is in the names of definitions, how often in the rest; 255 for more."""
Import = tuple[int, int, bytes, bytes, bytes]
"""Kind with its flags, row, module, name, alias."""
Use = tuple[bytes, int, int, int]
"""Name, row, column, kind."""
SAME_MODULE = 64


@dataclass(frozen=True)
class Block:
    """What a block says."""

    status: int
    names: list[bytes]
    rows: list[Row]
    terms: list[Term] = field(default_factory=list)
    lengths: tuple[int, int] = (0, 0)
    imports: list[Import] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    facts: bytes = b""
    """Records, as they are written."""


def write_block(key: bytes, block: Block) -> bytes:
    """Return the sealed bytes of a block."""
    columns = [[row[i] for row in block.rows] for i in (0, 3, 4)]
    spans = [(row[5] - row[3]) % 2**32 for row in block.rows]
    scopes = [row[6] + 1 for row in block.rows]
    lengths = [len(name) for name in block.names]
    numbers = [lengths, columns[0], columns[1], columns[2], spans, scopes]
    # The width of name ids is that of the largest that there could be.
    largest = [max(column, default=0) for column in numbers]
    largest[1] = max(0, len(block.names) - 1)
    widths = [0 if n == 0 else 1 if n < 2**8 else 2 if n < 2**16 else 4 for n in largest]
    kinds = bytes(row[1] | (128 if row[2] else 0) for row in block.rows)
    n_definitions = sum(not row[2] for row in block.rows)
    names = b"".join(block.names)
    counts = len(block.rows), n_definitions, len(block.names), len(names)
    imports, uses = write_imports(block.imports), write_uses(block.uses)
    body = HEADER.pack(
        *counts,
        block.status,
        *widths,
        FORMAT,
        len(block.terms),
        *block.lengths,
        len(imports),
        len(uses),
        len(block.facts),
        0,
    )
    packed = [_pack(column, width) for column, width in zip(numbers, widths, strict=True)]
    body += packed[0] + names + packed[1] + kinds + b"".join(packed[2:])
    hashes, in_names, in_rest = ([term[i] for term in block.terms] for i in range(3))
    body += _pack(hashes, 4) + bytes(in_rest) + bytes(in_names)
    body += imports + uses + block.facts
    return body + seal(key, body)


def write_imports(imports: list[Import]) -> bytes:
    """Return the records of imports, whose rows rise (cext/tagging/import_records.h)."""
    out, last_row, last_module = b"", 0, None
    for kind, row, module, name, alias in imports:
        is_same = module == last_module
        texts = [name, alias] if is_same else [module, name, alias]
        out += bytes([kind | (SAME_MODULE if is_same else 0)]) + _varint(row - last_row)
        out += b"".join(_varint(len(text)) + text for text in texts)
        last_row, last_module = row, module
    return out


def write_uses(uses: list[Use]) -> bytes:
    """Return the records of uses, whose rows rise (cext/tagging/use_records.h)."""
    if not uses:
        return b""
    names = list(dict.fromkeys(name for name, *_ in uses))
    out = _varint(len(names)) + b"".join(_varint(len(name)) + name for name in names)
    last_row = 0
    for name, row, column, kind in uses:
        out += _varint(names.index(name) << 2 | kind) + _varint(row - last_row) + _varint(column)
        last_row = row
    return out


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + _varint(number >> 7)


def seal(key: bytes, body: bytes) -> bytes:
    """Return the last eight bytes of a block."""
    return hashlib.blake2b(key + body, digest_size=8).digest()


def _pack(numbers: list[int], width: int) -> bytes:
    return b"" if width == 0 else struct.pack(f"<{len(numbers)}{_FORMATS[width]}", *numbers)
