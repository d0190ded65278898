IS_START: int
SKIPS: int
KEEPS_ANY: int
KEEPS_WITHIN: int
IS_FINAL: int

class Automaton:
    def __init__(self, flags: bytes, sets: bytes) -> None: ...
    def last_match(self, text: bytes) -> int: ...
    def matched_states(self) -> list[int]: ...
