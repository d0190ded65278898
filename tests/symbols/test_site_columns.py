"""Sites as columns are the sites that were added."""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.symbols.site_columns import Site, Sites

SITES = st.builds(
    Site,
    st.integers(0, 3),
    st.integers(0, 2**32 - 1) | st.integers(0, 2),
    st.integers(0, 2**32 - 1) | st.integers(0, 2),
    st.sampled_from(["write", "call", "read", "é"]),
    st.integers(0, 6),
    st.integers(-1, 2**31 - 1) | st.integers(-1, 1),
)


@given(sites=st.lists(SITES))
def test_columns_are_the_sites_that_were_added(sites: list[Site]) -> None:
    columns = Sites(sites)
    assert (len(columns), list(columns)) == (len(sites), sites)
    assert columns.files.tolist() == [site.file for site in sites]
    assert columns.hows.tolist() == [site.how for site in sites]
    places = np.arange(len(sites))[::-2]
    assert list(columns.at(places)) == [sites[place] for place in places.tolist()]


@given(sites=st.lists(SITES))
def test_the_order_is_that_of_the_objects(sites: list[Site]) -> None:
    assert list(Sites([*sites, *sites]).in_order()) == sorted(set(sites))


def test_very_many_sites_take_few_bytes_each() -> None:
    """As objects they took 170 bytes: 500,000 of one name of the Linux kernel."""
    tracemalloc.start()
    try:
        columns = Sites(Site(1000 + i, 1000 + i, 1000 + i, "call", 1, 1000 + i) for i in range(50_000))
        n_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_bytes < 25 * len(columns)
