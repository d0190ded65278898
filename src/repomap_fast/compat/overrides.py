"""Which methods of a drop-in's class are replaced: in a subclass, in the class itself, or in one object."""

from __future__ import annotations

from typing import Any, TypeVar

Class = TypeVar("Class", bound=type)

_METHODS: dict[type, dict[str, Any]] = {}


def remember_methods(cls: Class) -> Class:
    """Remember the methods of a class of ours as they are now. A decorator."""
    _METHODS[cls] = {name: getattr(cls, name) for name in dir(cls) if callable(getattr(cls, name))}
    return cls


def are_own(instance: object, *names: str) -> bool:
    """Return whether these methods of an object are as they were in the nearest class that was remembered."""
    cls = type(instance)
    own = next(_METHODS[base] for base in cls.__mro__ if base in _METHODS)
    return all(getattr(cls, name) is own[name] and name not in vars(instance) for name in names)
