"""The public surface: a change of a name or a signature shows as a change of ``public_surface.txt``.

To accept a change: ``python tests/test_public_surface.py``.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
from pathlib import Path
from typing import Any

import repomap_fast

SNAPSHOT = Path(__file__).with_name("public_surface.txt")


def surface() -> str:
    """Return every public name, with signatures, fields and public members, a line each."""
    return "".join(f"{line}\n" for name in repomap_fast.__all__ for line in lines_of(name, getattr(repomap_fast, name)))


def lines_of(name: str, value: Any) -> list[str]:
    if not inspect.isclass(value):
        return [f"{name}{inspect.signature(value)}"]
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    lines = [f"class {name}({bases})" if bases else f"class {name}"]
    if issubclass(value, enum.Enum):
        return lines + [f"    {member.name} = {member.value!r}" for member in value]
    if dataclasses.is_dataclass(value):
        lines += [f"    {field.name}: {field.type}" for field in dataclasses.fields(value)]
    for member, found in sorted(vars(value).items()):
        plain = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        if member.startswith("_"):
            continue
        if inspect.isfunction(plain):
            lines.append(f"    {member}{inspect.signature(plain)}")
        elif isinstance(plain, property) or type(plain).__name__ == "cached_property":
            lines.append(f"    {member} (property)")
    return lines


def test_the_public_surface_is_the_one_on_record() -> None:
    assert surface() == SNAPSHOT.read_text("utf-8"), f"run python {Path(__file__).name} if the change is meant"


if __name__ == "__main__":
    SNAPSHOT.write_text(surface(), "utf-8")
