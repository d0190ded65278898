"""errors: one family, whose members are also what Python calls such an error."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

import repomap_fast
from repomap_fast import errors

ERRORS = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, Exception)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_each_is_of_the_family_and_says_when_it_is_raised(error: type[Exception]) -> None:
    assert issubclass(error, errors.RepoMapError)
    assert error.__doc__
    again = pickle.loads(pickle.dumps(error("why")))
    assert (type(again), again.args) == (error, ("why",))


def test_the_picture_of_the_family_is_true() -> None:
    drawn = dict(re.findall(r"(\w+(?:Error|Cancelled))(?: \((\w+)\))?", errors.__doc__ or ""))
    assert drawn.keys() == {error.__name__ for error in ERRORS}
    for error in ERRORS:
        if drawn[error.__name__]:
            assert drawn[error.__name__] in {base.__name__ for base in error.__mro__}


def test_public_errors_are_those() -> None:
    public = {name for name in repomap_fast.__all__ if isinstance(getattr(repomap_fast, name), type)}
    assert {name for name in public if name.endswith("Error")} <= {error.__name__ for error in ERRORS}
