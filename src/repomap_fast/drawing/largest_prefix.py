"""The search for how many items from the front of a list fit into a limit, where it is expensive to compute a cost.

It guesses by the costs that are known, and needs three or four steps where bisection needs ten.
"""

from __future__ import annotations

from collections.abc import Callable

ENOUGH = 0.95
"""Share of the limit at which the search ends, if the caller asks for no other."""
_MAX_GROWTH = 4
"""How many times as many items a step may try as fitted so far."""
_MAX_INTERPOLATIONS = 4
"""Steps that interpolate. The rest bisect: costs are uneven, and interpolation may creep."""


def largest_prefix(
    n: int, limit: float, cost: Callable[[int], tuple[int, float]], *, first_guess: int, enough: float = ENOUGH
) -> int:
    """Return how many of the first items fit: as many as possible, or as cost at least ``enough`` of the limit.

    n            how many items there are; or any larger number, where that is not known.
    limit        largest cost that fits.
    cost         takes a number of items, 1 to ``n``, and returns how many of these there are, and what they cost. More
                 items should not cost less.
    first_guess  how many items to try first.
    """
    fitting, fitting_cost = 0, 0.0
    excess, excess_cost = n + 1, 0.0
    guess = min(n, max(1, first_guess))
    n_steps = 0
    while excess - fitting > 1 and fitting < n and fitting_cost < enough * limit:
        n_items, guess_cost = cost(guess)
        if n_items < guess:
            n = n_items
        if guess_cost <= limit:
            fitting, fitting_cost = n_items, guess_cost
        else:
            excess, excess_cost = n_items, guess_cost
        n_steps += 1
        # Each step aims between what is enough and the limit.
        wanted = (1 + enough) / 2 * limit - fitting_cost
        if excess > n:
            rate = fitting_cost / max(1, fitting)
            guess = fitting + int(min(wanted / max(rate, 1e-9), (_MAX_GROWTH - 1) * fitting))
        elif n_steps <= _MAX_INTERPOLATIONS:
            guess = fitting + int((excess - fitting) * wanted / max(1, excess_cost - fitting_cost))
        else:
            guess = (fitting + excess) // 2
        guess = max(fitting + 1, min(guess, excess - 1))
    return fitting
