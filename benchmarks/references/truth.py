"""What a type checker says of every name in a repository, as a file of rows.

A row has six fields between tabs: what it is, path, line and column from 0 (the column in bytes), the name as it is
written, and the symbol that is meant:

    D  a definition        P  a declaration of what is defined elsewhere (C)
    R  a reference to a definition of the repository
    X  a reference to something outside of it
    d  a local, a parameter or a type parameter; r  a reference to one
    U  a place of which the checker says nothing sure

scip-python and scip-typescript give this for Python and TypeScript, go/types for Go, javac's trees for Java, libclang
for C. What they do not say counts neither for us nor against us. References to modules are left out; so is `exports` in
`exports.name = name`, which scip-typescript takes for one to what is assigned.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, int, int]
"""Path, line and column, both from 0."""
Line = tuple[str, int, str]
"""Path, line from 0, name."""

_IS_MODULE = re.compile(r"(?:__init__:|/)$")
_OVERLOAD = re.compile(r"\(\+\d+\)")
_PARAMETERS = re.compile(r"\([^;]*\)")
_IS_KEY = re.compile(r"\d:$")


@dataclass
class Truth:
    """What a checker says of a repository.

    definitions  the symbols that each line defines under each name.
    locals       the same of locals and parameters.
    references   the symbols of each place that refers to the repository's own definitions.
    meant        the symbols of each place that refers to locals: a type and a value may bear one name.
    outside      places that refer to something else.
    names        the name at each place.
    sites        where each symbol is defined.
    files        the files that it covers.
    """

    definitions: dict[Line, set[str]] = field(default_factory=lambda: defaultdict(set))
    locals: dict[Line, set[str]] = field(default_factory=lambda: defaultdict(set))
    references: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    meant: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    outside: set[Place] = field(default_factory=set)
    names: dict[Place, str] = field(default_factory=dict)
    sites: dict[str, set[Line]] = field(default_factory=lambda: defaultdict(set))
    files: set[str] = field(default_factory=set)
    at_definitions: set[Place] = field(default_factory=set)
    """Places of definitions: they are no references."""

    alike: set[str] = field(default_factory=set)
    """Symbols of C that several files define: which one is meant is not said."""

    def says(self, place: Place) -> bool:
        """Return whether it is known what a place means."""
        return place in self.references or place in self.outside or place in self.meant


def read_truth(path: Path, language: str) -> Truth:
    """Return the rows of a file. Raises OSError."""
    truth = Truth()
    declared: dict[str, set[Line]] = defaultdict(set)
    references: dict[Place, set[str]] = defaultdict(set)
    for row in path.read_text("utf-8", "replace").split("\n"):
        fields = row.split("\t")
        if len(fields) < 6:
            continue
        kind, file, line, column, name, symbol = fields[:6]
        symbol = _PARAMETERS.sub("()", symbol) if language == "java" else _OVERLOAD.sub("()", symbol)
        at = int(column)
        if language == "ts" and len(name) > 2 and name[0] in "\"'" and name[-1] == name[0]:
            # A name between quotes is where its first letter is.
            name, at = name[1:-1], at + 1
        place = (file, int(line), at)
        truth.files.add(file)
        truth.names.setdefault(place, name)
        if kind in ("D", "P", "d"):
            truth.at_definitions.add(place)
        if kind == "d":
            truth.locals[file, place[1], name].add(symbol)
        elif kind == "r":
            truth.meant[place].add(symbol)
        elif kind == "X":
            truth.outside.add(place)
        elif kind == "R" and not (language == "ts" and name == "exports"):
            references[place].add(symbol)
        elif kind in ("D", "P") and not _IS_MODULE.search(symbol) and not (language == "ts" and _IS_KEY.search(symbol)):
            truth.definitions[file, place[1], name].add(symbol)
            (truth.sites if kind == "D" else declared)[symbol].add((file, place[1], name))
    for symbol, lines in declared.items():
        # Where a definition exists, declarations are no targets.
        truth.sites.setdefault(symbol, lines)
    if language == "c":
        truth.alike = {symbol for symbol, lines in truth.sites.items() if len({line[0] for line in lines}) > 1}
    for place, symbols in references.items():
        known = {symbol for symbol in symbols if symbol in truth.sites}
        if known and place not in truth.at_definitions:
            truth.references[place] = known
    return truth
