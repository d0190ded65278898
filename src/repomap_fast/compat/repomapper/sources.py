"""What RepoMapper's functions do with files and texts: read, count tokens."""

from __future__ import annotations

import io
import os
from functools import cache
from importlib.util import find_spec

from repomap_fast.drawing.tokens import DEFAULT_ENCODING, Counter, estimate_tokens, tiktoken_counter
from repomap_fast.errors import OptionError
from repomap_fast.options import DEFAULT_MAX_FILE_BYTES
from repomap_fast.safe_files import read_regular


def read_text(filename: str | os.PathLike[str], encoding: str = "utf-8", silent: bool = False) -> str | None:
    """Return a file's text without what cannot be decoded; None where it cannot be read, whatever ``silent`` is.

    What is no regular file, or larger than a scan reads, cannot be read.
    """
    try:
        contents = io.BytesIO(read_regular(filename, DEFAULT_MAX_FILE_BYTES))
        return io.TextIOWrapper(contents, encoding, "ignore").read()
    except (OSError, ValueError):
        return None


def count_tokens(text: str, model_name: str = "gpt-4") -> int:
    """Return how many tokens a model makes of a text; about how many where tiktoken is not installed."""
    return _counter(model_name)(text) if text else 0


@cache
def _counter(model_name: str) -> Counter:
    if find_spec("tiktoken") is None:
        return estimate_tokens
    import tiktoken

    try:
        encoding = tiktoken.encoding_name_for_model(model_name)
    except KeyError:
        encoding = DEFAULT_ENCODING
    try:
        return tiktoken_counter(encoding)
    except OptionError:
        # It fetches its table from the network when it is first used.
        return estimate_tokens
