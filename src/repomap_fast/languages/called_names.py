"""Names of definitions that no code has to name: programs start there, or the language or a test runner calls them."""

from __future__ import annotations

import re
from functools import cache

_COMMON = (
    # Operators are called by their signs.
    r"[!-/:-@\[-`{-~]+|__\w+__|main|init|constructor|setUp\w*|tearDown\w*|setup\w*|teardown\w*|[Tt]est\w*"
    r"|Benchmark\w*|Example\w*|Fuzz\w*"
)
_STARTS = {
    "c": ("main", "wmain", "_tmain", "WinMain", "wWinMain", "_tWinMain", "DllMain", "DriverEntry"),
    "csharp": ("Main",),
    "d": ("main", "WinMain", "DllMain"),
}
"""What a program begins with, by language; ``main`` in all others."""
_STARTS["cpp"] = _STARTS["objc"] = _STARTS["c"]

STARTS_IN_TYPES = frozenset(("csharp", "groovy", "java", "kotlin", "scala"))
"""Languages in which a program may begin in a method of a type, which then nothing has to name."""

_OF_RUBY = (
    r"initialize\w*|method_missing|respond_to_missing\?|const_missing|(?:singleton_)?method_(?:added|removed|undefined)"
    r"|inherited|included|extended|prepended|to_(?:s|str|a|ary|h|hash|i|int|f|r|c|proc|path|sym|regexp)|inspect|coerce"
    r"|hash|eql\?|each|call|marshal_(?:dump|load)|_dump|_load|[+~!-]@"
)
_OF_RUST = (
    r"fmt|drop|deref(?:_mut)?|index(?:_mut)?|next|into_iter|poll|(?:add|sub|mul|div|rem|bitand|bitor|bitxor|shl|shr)"
    r"(?:_assign)?|neg|not|eq|ne|cmp|partial_cmp"
)
_OF_R = (
    r"\.on(?:Load|Unload|Attach|Detach)|\.First(?:\.lib)?|\.Last(?:\.lib)?"
    # Methods of S3: what is behind the dot is the class of the first argument.
    r"|(?:print|format|summary|plot|as\.\w+|c|length|names|dim|levels|mean|median|unique|rev|sort|rep|seq|t|toString"
    r"|update|predict|fitted|residuals|coef|all\.equal|cbind|rbind|merge|split|subset|transform|head|tail|str|Ops|Math"
    r"|Summary|with|within|xtfrm|range|\[+|\$|\[+<-|\$<-)\.[\w.]+"
)
_OF_SERIALIZATION = r"readObject(?:NoData)?|writeObject|readResolve|writeReplace|finalize|premain|agentmain"
_OF_OTP = r"handle_(?:call|cast|info|event|continue|sync_event)|terminate|code_change|start|stop|start_link|child_spec"
_CALLED = {
    "c": r"LLVMFuzzer\w+|_start|_init|_fini|PyInit_\w+|Init_\w+|JNI_On(?:Unl|L)oad",
    "csharp": r"Dispose|DisposeAsync|GetEnumerator|GetAsyncEnumerator|Deconstruct|GetAwaiter|MoveNext",
    "elixir": _OF_OTP,
    "erlang": _OF_OTP,
    "groovy": rf"{_OF_SERIALIZATION}|call|methodMissing|propertyMissing|invokeMethod|(?:get|set)Property",
    "java": _OF_SERIALIZATION,
    "kotlin": _OF_SERIALIZATION,
    "lua": r"__\w+",
    "luau": r"__\w+",
    "perl": r"BEGIN|UNITCHECK|CHECK|INIT|END|DESTROY|AUTOLOAD|CLONE(?:_SKIP)?|import|unimport"
    r"|(?:TIE|UN|FETCH|STORE|PRINT|READ|WRITE|CLOSE)[A-Z]*",
    "php": r"__\w+",
    "python": r"pytest_\w+|load_tests",
    "r": _OF_R,
    "ruby": _OF_RUBY,
    "rust": _OF_RUST,
    "scala": rf"{_OF_SERIALIZATION}|apply|unapply(?:Seq)?|update|foreach|map|flatMap|withFilter",
    "swift": r"deinit|subscript|hash|encode|callAsFunction|dynamicallyCall|wrappedValue|projectedValue|build[A-Z]\w*",
}
"""What else a language, its standard library or a test runner calls by name."""
_CALLED["cpp"] = _CALLED["objc"] = _CALLED["c"]


def all_starts() -> list[str]:
    """Return the names of functions with which a program of some language begins."""
    return sorted({"main", *(name for names in _STARTS.values() for name in names)})


def starts_of(language: str) -> tuple[str, ...]:
    """Return the names of functions with which a program of a language begins."""
    return _STARTS.get(language, ("main",))


def is_called_by_itself(language: str, name: bytes) -> bool:
    """Return whether a language, or what runs tests, calls definitions of a name without a reference to them."""
    return _pattern(language).fullmatch(name) is not None


@cache
def _pattern(language: str) -> re.Pattern[bytes]:
    parts = (_COMMON, *map(re.escape, _STARTS.get(language, ())), _CALLED.get(language))
    return re.compile("|".join(filter(None, parts)).encode())
