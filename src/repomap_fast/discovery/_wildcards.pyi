from typing import Self

IS_START: int
SKIPS: int
KEEPS_ANY: int
KEEPS_WITHIN: int
IS_FINAL: int

class Automaton:
    def __new__(cls, flags: bytes, sets: bytes) -> Self: ...
    def last_match(self, text: bytes) -> int: ...
    def matched_states(self) -> list[int]: ...
