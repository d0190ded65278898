"""What a map is to be made for, in whatever form the caller gave it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Self, TypeAlias

Names: TypeAlias = Iterable[str]
"""Of files, as the caller writes them: paths may be objects of ``pathlib``."""


class Question(NamedTuple):
    """The files of the chat and all others; the files and names that are mentioned, files below the root."""

    chat_fnames: Collection[str]
    other_fnames: Collection[str]
    mentioned_fnames: Collection[str]
    mentioned_idents: Collection[str]

    @classmethod
    def of(
        cls,
        chat_fnames: Names | None,
        other_fnames: Names | None,
        mentioned_fnames: Names | None,
        mentioned_idents: Names | None,
    ) -> Self:
        """Return the question of arguments none of which must be there, or may be gone through twice."""
        files = [given if isinstance(given, Collection) else list(given or ()) for given in (chat_fnames, other_fnames)]
        mentions = (mentioned_fnames, mentioned_idents)
        return cls(*files, *(given if isinstance(given, Collection) else set(given or ()) for given in mentions))

    def with_budget(
        self, max_map_tokens: float | None
    ) -> tuple[Collection[str], Collection[str], float | None, Collection[str], Collection[str]]:
        """Return the arguments of ``get_ranked_tags_map``."""
        return *self[:2], max_map_tokens, *self[2:]
