"""The plan's OptimizedDataStructures: tags by file, and the names in them by identifier class, on demand."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.tables import IDENTIFIER_CLASSES, StringTable


class NamedTag(Protocol):
    """Whatever has a name: a ``CodeTag``, our own ``Tag``, aider's."""

    @property
    def name(self) -> str:
        """The identifier."""
        ...


class OptimizedDataStructures:
    """Tags grouped by file; nothing is classified before the classes are asked for, and no name twice.

    tags_by_file   the tags of each file, in the order in which they were added.
    file_metadata  for the caller's own use.
    """

    def __init__(self) -> None:
        self.tags_by_file: defaultdict[str, list[Any]] = defaultdict(list)
        self.file_metadata: dict[str, Any] = {}
        self._names_by_class: defaultdict[str, set[str]] = defaultdict(set)
        self._classified: set[str] = set()
        self._unclassified: set[str] = set()

    def add_tags(self, file_path: str, tags: Iterable[NamedTag]) -> None:
        """Add tags of a file."""
        added = list(tags)
        self.tags_by_file[file_path].extend(added)
        self._unclassified.update(tag.name for tag in added)

    def get_all_tags(self) -> list[Any]:
        """Return all tags, file by file."""
        return [tag for tags in self.tags_by_file.values() for tag in tags]

    @property
    def identifiers_by_type(self) -> defaultdict[str, set[str]]:
        """The distinct names of each identifier class that has any."""
        new = sorted(self._unclassified - self._classified)
        self._unclassified.clear()
        if new:
            table = StringTable.from_strings([name.encode("utf-8", "surrogatepass") for name in new])
            for name, class_id in zip(new, classify_identifiers(table).tolist(), strict=True):
                self._names_by_class[IDENTIFIER_CLASSES[class_id]].add(name)
            self._classified.update(new)
        return self._names_by_class

    def get_identifier_stats(self) -> dict[str, int]:
        """Return how many distinct names each identifier class has; classes without any are left out."""
        return {name: len(names) for name, names in self.identifiers_by_type.items()}

    def profile(self) -> dict[str, int]:
        """Return what is held: files, tags, distinct names, and the bytes of lists, sets, tags and names.

        A tag's fields are counted once where tags share them, as those of one file share its path.
        """
        names = self._classified | self._unclassified
        seen: set[int] = set()

        def size_bytes(value: object) -> int:
            if id(value) in seen:
                return 0
            seen.add(id(value))
            fields = value if isinstance(value, tuple) else vars(value).values() if hasattr(value, "__dict__") else ()
            own = sys.getsizeof(value) + (sys.getsizeof(vars(value)) if hasattr(value, "__dict__") else 0)
            return own + sum(map(size_bytes, fields))

        return {
            "files": len(self.tags_by_file),
            "tags": sum(map(len, self.tags_by_file.values())),
            "identifiers": len(names),
            "bytes": sum(
                (
                    sys.getsizeof(self.tags_by_file),
                    sum(sys.getsizeof(tags) for tags in self.tags_by_file.values()),
                    sum(map(size_bytes, self.get_all_tags())),
                    sys.getsizeof(self._classified) + sys.getsizeof(self._unclassified),
                    sum(sys.getsizeof(names) for names in self._names_by_class.values()),
                    sum(map(size_bytes, names)),
                )
            ),
        }
