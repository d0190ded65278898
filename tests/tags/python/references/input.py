import os.path
import numpy as np, sys
import collections.abc as abc_module
from . import sibling
from .package.module import Helper, helper as renamed
from typing import *
from a import (
    b,
    c as d,
)


@decorator
@module.attribute
@factory(1)
@module.factory.made(option=None)
class Derived(Base, package.Mixin, Generic[T], package.Box[int], metaclass=Meta, **options):
    field: Optional[Config] = None
    other: "Quoted" = 1


def annotated(
    plain: Config,
    dotted: package.Config,
    union: Config | package.Other | Third | None,
    nested: dict[str, list[Config]],
    call: Callable[[Argument], Result],
    of_module: package.Box[Item],
    *args: Extra,
    default: Config = Config(),
    **kwargs: Unpack[Options],
) -> AsyncIterator[Result]:
    function(1)
    thing.method(2).chained(3)
    package.module.function()
    self.table[0].lookup()
    getter()()
    print(f"{formatted(1)!r} {plain.attribute}")
    [mapped(x) for x in source() if wanted(x)]
    super().annotated()
    not_called
    thing.not_called
    (lambda: inside_lambda())()
    try:
        risky()
    except ValueError:
        raise
    except (KeyError, errors.Missing):
        raise Wrapped from None
    except errors.Dotted as error:
        raise errors.Other(error)
    except Named as error:
        pass
    match thing:
        case Point(x=0):
            pass
        case shapes.Circle(radius=r) | Square():
            pass
    local: LocalType = cast(Target, thing)
    with opened() as handle:
        handle.read()
    del thing.attribute
    assert isinstance(thing, Checked)
