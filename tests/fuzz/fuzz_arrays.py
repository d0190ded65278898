"""Every compiled function, called with columns that may not fit each other: it raises, or returns; it never crashes.

What a function takes is read from its stub, so a new function, or a new argument, is called from then on as well.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from mutation import Corpus

import repomap_fast

_PACKAGE = Path(repomap_fast.__file__).parent
_CALLS = 300
_REFUSALS = (ValueError, OverflowError, MemoryError, IndexError)
_DTYPES = {
    **{f"U{bits}": np.dtype(f"uint{bits}") for bits in (8, 16, 32, 64)},
    **{"I32": np.dtype("int32"), "I64": np.dtype("int64"), "_F64": np.dtype("float64")},
    **{"NDArray[np.uint8]": np.dtype("uint8"), "bytes | U8": np.dtype("uint8")},
}
_FLOATS = (0.0, 1.0, -1.0, 0.5, 1e300, float("nan"), float("inf"), 3.0)
_LETTERS = b"aAbB_/.0\0\xc3\xa9- x"


class Function(NamedTuple):
    """A compiled function, and the names and types of what it takes."""

    module: str
    name: str
    arguments: tuple[tuple[str, str], ...]


class Shape(NamedTuple):
    """What the columns of one call have in common: ``n`` rows, and ``text``, which offsets lead into."""

    n: int
    text: bytes


@cache
def functions() -> tuple[Function, ...]:
    """Return all compiled functions whose arguments can be made up, as the stubs have them."""
    found = []
    for stub in sorted(_PACKAGE.rglob("_*.pyi")):
        module = ".".join(("repomap_fast", *stub.relative_to(_PACKAGE).with_suffix("").parts))
        for node in ast.parse(stub.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.args.args:
                taken = tuple((one.arg, ast.unparse(one.annotation)) for one in node.args.args if one.annotation)
                found.append(Function(module, node.name, taken))
    return tuple(function for function in found if all(kind in _MAKERS for _, kind in function.arguments))


def make(draw: Random, _corpus: Corpus) -> tuple[bytes, str]:
    """Return a seed: the columns follow from it."""
    return str(draw.getrandbits(64)).encode(), "any"


def run(source: bytes, _name: str, _folder: Path) -> None:
    """Call functions that are drawn by the seed."""
    draw = Random(source)
    for _ in range(_CALLS):
        function = draw.choice(functions())
        shape = Shape(draw.choice((0, 1, 2, 3, 7, 40)), bytes(draw.choices(_LETTERS, k=draw.choice((0, 1, 9, 100)))))
        arguments = [_MAKERS[kind](draw, shape, name) for name, kind in function.arguments]
        try:
            getattr(import_module(function.module), function.name)(*arguments)
        except _REFUSALS:
            continue


def _column(draw: Random, shape: Shape, name: str, dtype: np.dtype[Any]) -> Any:
    if name.endswith("offsets"):
        return _offsets(draw, shape)
    if dtype == np.uint8 and name in ("data", "names", "paths"):
        return np.frombuffer(shape.text, np.uint8)
    n = shape.n if draw.random() < 0.9 else draw.choice((0, 1, shape.n + 1, 64, 65, 128))
    if dtype.kind == "f":
        return np.array([draw.choice(_FLOATS) for _ in range(n)], dtype)
    most = int(np.iinfo(dtype).max)
    high = draw.choice((2, max(1, shape.n), max(1, shape.n), shape.n + 1, most))
    return np.array(
        [min(most, draw.choice((draw.randrange(high), draw.randrange(high), 0, high))) for _ in range(n)], dtype
    )


def _offsets(draw: Random, shape: Shape) -> Any:
    """Return offsets that rise to the length of the text, or to the rows of a column; now and then they do not."""
    total = draw.choice((len(shape.text), shape.n))
    offsets = sorted(draw.randrange(total + 1) for _ in range(shape.n + 1))
    if draw.random() < 0.8:
        offsets[0], offsets[-1] = 0, total
    if draw.random() < 0.15:
        offsets[draw.randrange(len(offsets))] = draw.choice((total + 1, 2**63, 2**64 - 1, 0))
    return np.array(offsets, np.uint64)


def _word(draw: Random) -> bytes:
    return bytes(draw.choices(b"abAB0_", k=draw.choice((0, 1, 3, 40, 41))))


def _words(draw: Random, _shape: Shape, _name: str) -> list[bytes]:
    return [_word(draw) for _ in range(draw.choice((0, 1, 3, 64, 65)))]


def _whole(draw: Random, shape: Shape, name: str) -> int:
    # What is asked for as a maximum of rounds or rows is bounded by its caller.
    return draw.choice((0, 1, 5, shape.n, 1000) if name.startswith("max_") else (0, 1, 2, 5, shape.n, 2**32 - 1, 2**63))


_Maker = Callable[[Random, Shape, str], Any]
_MAKERS: dict[str, _Maker] = {
    **{
        kind: lambda draw, shape, name, dtype=dtype: _column(draw, shape, name, dtype)
        for kind, dtype in _DTYPES.items()
    },
    "bytes": lambda draw, shape, name: draw.choice((shape.text, shape.text + b"\0", bytes(32), _word(draw))),
    "list[bytes]": _words,
    "list[tuple[bytes, int]]": lambda draw, _shape, _name: [(_word(draw), draw.randrange(256)) for _ in range(3)],
    "int": _whole,
    "float": lambda draw, _shape, _name: draw.choice(_FLOATS),
    "bool": lambda draw, _shape, _name: draw.random() < 0.5,
}
