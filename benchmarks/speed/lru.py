"""What a get and a put of the LRU cache cost, beside an OrderedDict that counts bytes, and cachetools where installed.

    python -m benchmarks.speed.lru [--rounds N]

prints nanoseconds an operation, the least of all rounds, with the loop around it taken off. Keys are 32 bytes, as a
content hash has. The others keep the object that they were given, where ours copies it in and out: they count the bytes
of values and forget those of nodes, have no lock, and no time to live.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from benchmarks.machine import describe_machine
from repomap_fast.store.lru import NODE_BYTES, LruCache

N_OPERATIONS = 20_000
ENTRIES = {100: 20_000, 4096: 10_000, 65536: 1_000}
"""How many a cache has room for, by the size of their values."""
KEY_BYTES = 32


class Cache(Protocol):
    def get(self, key: bytes) -> bytes | None: ...
    def put(self, key: bytes, value: bytes) -> object: ...


class DictLru:
    """The least that an OrderedDict needs to be a cache bounded in bytes."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> bytes | None:
        value = self.kept.get(key)
        if value is not None:
            self.kept.move_to_end(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        replaced = self.kept.pop(key, None)
        if replaced is not None:
            self.bytes -= len(key) + len(replaced)
        self.kept[key] = value
        self.bytes += len(key) + len(value)
        while self.bytes > self.max_bytes:
            evicted_key, evicted = self.kept.popitem(last=False)
            self.bytes -= len(evicted_key) + len(evicted)


def contenders() -> dict[str, Callable[[int], Cache]]:
    """Return what makes an empty cache of so many bytes, by name."""
    made: dict[str, Callable[[int], Cache]] = {
        "LruCache": LruCache,
        "LruCache, ttl": lambda max_bytes: LruCache(max_bytes, ttl_s=3600),
        "OrderedDict": DictLru,
    }
    try:
        import cachetools
    except ImportError:
        print("cachetools is not installed and is left out", file=sys.stderr)
        return made

    class CachetoolsLru(cachetools.LRUCache):
        put = cachetools.LRUCache.__setitem__

    made[f"cachetools {cachetools.__version__}"] = lambda max_bytes: CachetoolsLru(max_bytes, getsizeof=len)
    return made


def seconds(operation: Callable[[bytes], object], keys: Sequence[bytes]) -> float:
    start = time.perf_counter()
    for key in keys:
        operation(key)
    return time.perf_counter() - start


def measure(make: Callable[[int], Cache], size: int) -> dict[str, float]:
    """Return the seconds of N_OPERATIONS of each kind, in one round."""
    draw = random.Random(size)
    n_entries, value = ENTRIES[size], draw.randbytes(size)
    first, second, absent = [
        [draw.randbytes(KEY_BYTES) for _ in range(n)] for n in (n_entries, 2 * n_entries, N_OPERATIONS)
    ]
    present = draw.choices(first, k=N_OPERATIONS)
    cache = make(n_entries * (NODE_BYTES + KEY_BYTES + size))
    get, put = cache.get, cache.put
    for key in first:
        put(key, value)
    loop = seconds(lambda key: None, absent)
    figures = {
        "get, hit": seconds(lambda key: get(key), present) - loop,
        "get, miss": seconds(lambda key: get(key), absent) - loop,
        "put, replaces": seconds(lambda key: put(key, value), present) - loop,
    }
    # Whatever a cache counts, it is full by now, and each new entry costs the oldest its place.
    for key in second:
        put(key, value)
    figures["put, evicts"] = seconds(lambda key: put(key, value), absent) - loop
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the LRU cache.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    options = parser.parse_args()
    made = contenders()
    print(", ".join(describe_machine().values()))
    for size in ENTRIES:
        least: dict[str, dict[str, float]] = {}
        for _ in range(options.rounds):
            for name, make in made.items():
                for operation, taken in measure(make, size).items():
                    row = least.setdefault(operation, {})
                    row[name] = min(taken, row.get(name, taken))
        print(f"\nvalues of {size:,} bytes, ns" + "".join(f"{name:>18}" for name in made))
        for operation, row in least.items():
            figures = "".join(f"{1e9 * taken / N_OPERATIONS:18,.0f}" for taken in row.values())
            print(f"{operation:<{len(f'values of {size:,} bytes, ns')}}{figures}", flush=True)


if __name__ == "__main__":
    main()
