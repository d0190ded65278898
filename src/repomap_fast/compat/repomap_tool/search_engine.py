"""repomap-tool's searches: a matcher that the caller brings is asked, and its answers are put into MatchResult.

They raise nothing: a matcher that fails finds nothing, and the log says why.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Literal

from repomap_fast.compat.repomap_tool.models import MatchResult

DEFAULT_LIMIT = 10

_log = logging.getLogger("repomap_fast")


def fuzzy_search(
    query: str, identifiers: Sequence[str], fuzzy_matcher: Any, limit: int = DEFAULT_LIMIT
) -> list[MatchResult]:
    """Return what ``fuzzy_matcher.match_identifiers(query, names)`` finds, its first ``limit``."""
    return _ask("fuzzy", fuzzy_matcher, query, identifiers, limit)


def semantic_search(
    query: str, identifiers: Sequence[str], semantic_matcher: Any, limit: int = DEFAULT_LIMIT
) -> list[MatchResult]:
    """Return what the matcher finds; where that is nothing, the names that hold the query's text."""
    if not (query and identifiers and semantic_matcher):
        return []
    found = _ask("semantic", semantic_matcher, query, identifiers, limit)
    return found or [
        result.model_copy(update={"strategy": "semantic_fallback", "match_type": "semantic"})
        for result in basic_search(query, identifiers, limit)
    ]


def hybrid_search(
    query: str,
    identifiers: Sequence[str],
    hybrid_matcher: Any,
    limit: int = DEFAULT_LIMIT,
    threshold: float = 0.3,
) -> list[MatchResult]:
    """Return what the matcher finds above ``threshold``; its model is built of the names first, where it has one."""
    return _ask("hybrid", hybrid_matcher, query, identifiers, limit, threshold)


def basic_search(query: str | None, identifiers: Sequence[str] | None, limit: int = DEFAULT_LIMIT) -> list[MatchResult]:
    """Return the names that hold the query's text, whatever its case; those that begin with it first."""
    if not isinstance(query, str) or identifiers is None:
        _log.warning("a search for %r among %s finds nothing", query, type(identifiers).__name__)
        return []
    wanted = query.lower()
    found = [
        MatchResult(
            identifier=name,
            score=1.0 if name.lower().startswith(wanted) else 0.8,
            strategy="basic_string_match",
            match_type="fuzzy",
            context=f"Found in identifier: {name}",
        )
        for name in identifiers
        if wanted in name.lower()
    ]
    return sorted(found, key=lambda result: -result.score)[:limit]


def _ask(
    kind: Literal["fuzzy", "semantic", "hybrid"],
    matcher: Any,
    query: str,
    identifiers: Sequence[str],
    limit: int,
    *arguments: float,
) -> list[MatchResult]:
    if not (query and identifiers and matcher):
        return []
    names = set(identifiers)
    try:
        if kind == "hybrid" and hasattr(matcher, "build_tfidf_model"):
            matcher.build_tfidf_model(names)
        answer = matcher.match_identifiers(query, names, *arguments)
        return [
            MatchResult(
                identifier=name,
                score=score / 100,
                strategy=f"{kind}_match",
                match_type=kind,
                context=f"Found in identifiers: {name}",
            )
            for name, score in (answer[:limit] if isinstance(answer, list | tuple) else ())
        ]
    except Exception:
        _log.exception("the %s matcher failed", kind)
        return []
