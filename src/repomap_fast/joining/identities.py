"""What definitions and files are known by, as text: ids, ``path#scope.name/kind``, and digests of contents.

An id stays where lines move, and is that of one definition of a scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.tables import ROLE_DEFINITION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.tables import U8, U32


class FileIds:
    """Gives the ids of the definitions of one file, which are asked for in the order of the table of tags.

    path  of the file, decoded.
    """

    __slots__ = ("_beginning", "_counts")

    def __init__(self, path: str) -> None:
        self._beginning = f"{path}#"
        self._counts: dict[str, int] = {}

    def next_id(self, scope: str, name: str, kind: str, is_repeated: bool) -> str:
        """Return the id of the next definition, with its ordinal where the file has had it before.

        scope        of the definition, with a dot behind it; empty at the top of a file.
        kind         with a slash before it.
        is_repeated  whether the file has another definition of that name and kind, or may have: what is never asked
                     for again is not kept.
        """
        wanted = f"{self._beginning}{scope}{name}{kind}"
        # A scope and a name together may look like a name alone, and names that are not UTF-8 like each other.
        if not (is_repeated or scope or "." in name or "\ufffd" in name):
            return wanted
        count = self._counts[wanted] = self._counts.get(wanted, 0) + 1
        return wanted if count == 1 else f"{wanted}~{count}"


def are_repeated(
    roles: U8, name_numbers: U32 | NDArray[np.intp], kind_ids: U8, lengths: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Return for each tag whether it is a definition of which its file has another one of that name and kind.

    roles, kind_ids  (n,) as of ``TagTable``.
    name_numbers     (n,) a number for each name, below 2**32.
    lengths          (n_files,) how many tags each file has.
    """
    files = np.repeat(np.arange(len(lengths)), lengths)
    found = np.flatnonzero(roles == ROLE_DEFINITION)
    # Numbers of kinds are below 2**8, and there are fewer files than tags in a batch.
    keys = (files[found] << 40) | (name_numbers[found].astype(np.int64) << 8) | kind_ids[found]
    order = np.argsort(keys, kind="stable")
    is_like_last = np.diff(keys[order], prepend=-1) == 0
    is_repeated = np.zeros(len(files), np.bool_)
    is_repeated[found[order]] = is_like_last | np.append(is_like_last[1:], False)
    return is_repeated


def digest_text(digest: U8) -> str | None:
    """Return a digest, (16,), in hexadecimal digits; None for one that is not known, which is zeros."""
    return digest.tobytes().hex() if digest.any() else None
