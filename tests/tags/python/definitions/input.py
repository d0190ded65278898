"""What a module and its classes define, and what they do not."""

from __future__ import annotations

import dataclasses
import functools

VERSION = "1.0"
DEFAULTS: dict[str, int] = {"depth": 3}
first, second = VERSION.split(".")
alias = other = None
(left, right) = 1, 2
DEFAULTS["depth"] = 4
DEFAULTS.depth = 4
VERSION += "a"
type Pair[T] = tuple[T, T]
type Name = str
identity = lambda value: value

if VERSION:
    below_an_if = True

    def defined_below_an_if():
        pass

try:
    import json
except ImportError:
    json = None

for step in range(3):
    pass


@dataclasses.dataclass(frozen=True)
class Point:
    """A class with fields."""

    x: int
    y: int = 0
    __slots__ = ("x", "y")
    norm = property(lambda self: abs(self.x))

    @property
    def length(self) -> float:
        total = self.x + self.y
        self.cached = total
        return total

    @functools.cache
    async def fetch(self, url, *, retries=3):
        def attempt(number):
            class Retry(Exception):
                pass

            raise Retry(number)

        return await attempt(retries)

    class Meta:
        ordering = ["x"]

        class Deeper:
            def leaf(self): ...


class Größe[T: Point](list[T]):
    def naïve(self): return [local := 1, local]


def outer():
    global VERSION
    VERSION = "2"

    def inner():
        def innermost():
            return VERSION

        return innermost

    return inner


async def stream():
    yield 1


class Empty: pass
