"""``TAGS_CACHE``: what aider keeps of each file, as a mapping from file name to ``{"mtime", "data"}``.

aider's is a folder of pickles in the repository. Ours holds the blocks of the files that this process has asked for,
makes tags of one when it is asked for it, and takes whatever other code puts there. What is to outlive the process
is in the store of the root, by contents: see ``tagging``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from repomap_fast.compat.aider.tag import KINDS, NO_LINE, Tag, TagColumns, columns_of_blocks, columns_of_tags
from repomap_fast.compat.aider.tagging import FileBlock, Tagger


@dataclass(frozen=True, slots=True)
class FileTags:
    """The tags of a file as they were when it was last changed at ``mtime``.

    names  of a file whose references are asked of pygments: what it said, each as often as it stands there.
    """

    mtime: float
    rel_fname: str
    blocks: Sequence[FileBlock]
    names: Sequence[str] = ()


MakeTags: TypeAlias = Callable[[TagColumns, str, str], list[Any]]
"""Makes tags of columns, which are of one file: from its name, and its path below the root."""


class TagsCache(MutableMapping[str, dict[str, Any]]):
    """Tags by file name; ``tagger`` finds them and keeps them for the next process."""

    def __init__(self, tagger: Tagger, make_tags: MakeTags) -> None:
        self.tagger = tagger
        self._make_tags = make_tags
        self._files: dict[str, FileTags] = {}
        self._foreign: dict[str, dict[str, Any]] = {}

    @property
    def is_own(self) -> bool:
        """Whether everything here is our own."""
        return not self._foreign

    def file_tags(self, fname: str) -> FileTags | None:
        """Return what we know of a file, whenever it was."""
        return self._files.get(fname)

    def is_foreign(self, fname: str) -> bool:
        """Whether other code has set the tags of a file here."""
        return fname in self._foreign

    def forget_foreign(self, fname: str) -> None:
        """Forget the tags of a file that other code has set here."""
        self._foreign.pop(fname, None)

    def keep(self, fname: str, tags: FileTags) -> None:
        """Keep what was found in a file; tags that other code has set still go before it."""
        self._files[fname] = tags

    def __getitem__(self, fname: str) -> dict[str, Any]:
        if fname in self._foreign:
            return self._foreign[fname]
        tags = self._files[fname]
        return {"mtime": tags.mtime, "data": self.tags_of(fname, tags)}

    def __setitem__(self, fname: str, value: dict[str, Any]) -> None:
        self._foreign[fname] = value

    def __delitem__(self, fname: str) -> None:
        if self._foreign.pop(fname, None) is None or fname in self._files:
            del self._files[fname]

    def __iter__(self) -> Iterator[str]:
        yield from self._files
        yield from (fname for fname in self._foreign if fname not in self._files)

    def __len__(self) -> int:
        return len(self._files.keys() | self._foreign.keys())

    def tags_of(self, fname: str, tags: FileTags) -> list[Any]:
        """Return the tags that a file's blocks hold."""
        found = self._make_tags(columns_of_blocks([tags.blocks], self.tagger.kinds), fname, tags.rel_fname)
        if not tags.names:
            return found
        names = columns_of_tags([[Tag(tags.rel_fname, fname, NO_LINE, name, KINDS[1]) for name in tags.names]])
        return found + self._make_tags(names, fname, tags.rel_fname)

    def close(self) -> None:
        """Let go of the store."""
        self.tagger.store.close()
