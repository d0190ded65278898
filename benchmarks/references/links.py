"""What we say of every reference in a repository."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import repomap_fast
from benchmarks.references.truth import Line, Place, Truth
from repomap_fast.joining.facts import BIND_LOCAL, BIND_PARAMETER, BIND_TYPE_PARAMETER
from repomap_fast.resolving import meanings
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.site_resolver import SiteResolver
from repomap_fast.symbols.unused import KINDS

_LOCALS = (BIND_PARAMETER, BIND_LOCAL, BIND_TYPE_PARAMETER)


@dataclass
class Links:
    """Our answer.

    groups   for each place the targets, each a set of lines that are one definition; and how they were found.
    unknown  places that are not resolved, by name.
    symbols  the definitions that a user would ask for: line of each function, class, type, macro.
    by_name  the places of references of each name, as tags have them.
    """

    groups: dict[Place, tuple[str, list[set[Line]]]] = field(default_factory=dict)
    unknown: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    symbols: set[Line] = field(default_factory=set)
    by_name: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))


def find_links(root: Path, truth: Truth) -> Links:
    """Return what we say of the files that the truth covers."""
    result = repomap_fast.scan(root, cache=False)
    resolver, links = SiteResolver(result), Links()
    paths = [os.fsdecode(path) for path in result.file_table.paths]
    for tag in result.tags:
        if tag.path in truth.files:
            place = (tag.path, tag.line - 1, tag.column)
            if tag.role == "reference":
                links.by_name[tag.name].add(place)
            elif tag.kind in KINDS:
                links.symbols.add((tag.path, tag.line - 1, tag.name))
    for file, path in enumerate(paths):
        if path not in truth.files or not resolver.can_resolve(file):
            continue
        here = resolver.sources.scopes(file)
        for site in range(len(here.site_names)):
            place = (path, here.site_rows[site], here.site_columns[site])
            how, targets = resolver.resolve(file, site)
            groups: dict[object, set[Line]] = defaultdict(set)
            for other, binding in targets:
                there = resolver.sources.scopes(other)
                tag = there.binding_tags[binding]
                # A type that a function defines for itself is among the symbols that a user asks for.
                is_symbol = tag != NONE and there.kind_of_tag(tag) in KINDS
                if paths[other] in truth.files and (is_symbol or there.binding_kinds[binding] not in _LOCALS):
                    name = there.names[there.binding_names[binding]].decode(errors="replace")
                    line = (paths[other], there.binding_rows[binding], name)
                    groups[resolver.group(other, binding)].add(line)
            if groups or place not in links.groups:
                links.groups[place] = (meanings.HOWS[how], list(groups.values()))
            if how == meanings.IS_UNKNOWN:
                links.unknown[here.names[here.site_names[site]].decode(errors="replace")].add(place)
    return links
