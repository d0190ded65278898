"""Which functions of a compiled library call themselves, at once or by way of others, as ``objdump`` shows them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:$")
_CALL = re.compile(r"\t(?:call|bl)\s.*<([^>+@]+)(?:@plt)?>")
_JUMP = re.compile(r"\t(?:jmp|b)\s.*<([^>+@]+)(?:@plt)?>")
"""A jump to the beginning of another function: a call whose answer is the caller's own."""


def calls_in_circles(library: Path) -> set[str]:
    """Return the functions of a library from which a call leads back to them; jumps within one are its loops."""
    command = ["objdump", "--disassemble", "--no-show-raw-insn", str(library)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    called: dict[str, set[str]] = {}
    function = ""
    for line in shown.split("\n"):
        if head := _FUNCTION.match(line):
            function = head[1].removesuffix("@plt")
            called.setdefault(function, set())
        elif (call := _CALL.search(line)) or ((call := _JUMP.search(line)) and call[1] != function):
            called[function].add(call[1])
    return {function for function in called if function in _reached(called, function)}


def _reached(called: dict[str, set[str]], function: str) -> set[str]:
    reached: set[str] = set()
    waiting = [function]
    while waiting:
        for other in called.get(waiting.pop(), set()) - reached:
            reached.add(other)
            waiting.append(other)
    return reached
