"""JSON documents of the commands: an object that begins with the version of its schema.

``schemas/`` has a JSON Schema for each. The text is UTF-8, as ``utf8`` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from repomap_fast.utf8 import utf8_document

SCHEMA = 1
"""Rises when a field is removed or changes its meaning; new fields may come without."""


def print_document(members: Mapping[str, Any]) -> None:
    """Print ``members`` as an object, behind the version of the schema."""
    print(json.dumps(utf8_document({"schema": SCHEMA, **members}), indent=2))
