"""The laws of a difference: it pairs by reference, is whole, and is the same from either door."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.eligibility.comparing import Kind, Rows, compare, pairs

SIDE = st.dictionaries(
    st.integers(0, 20).map(lambda n: n.to_bytes(32, "big")),
    st.integers(1, 3).map(lambda n: n.to_bytes(32, "big")),
)
MIRRORED = {Kind.CAME: Kind.LEFT, Kind.LEFT: Kind.CAME}


@given(SIDE, SIDE)
def test_every_reference_is_told_once_as_what_became_of_it(
    before: dict[bytes, bytes], after: dict[bytes, bytes]
) -> None:
    told = {
        reference: kind
        for kind, reference, _, _ in pairs(sorted(before.items()), sorted(after.items()))
    }

    assert told == {
        one: Kind.CAME
        if one not in before
        else Kind.LEFT
        if one not in after
        else Kind.SAME
        if before[one] == after[one]
        else Kind.CHANGED
        for one in before | after
    }


@given(SIDE, SIDE)
def test_the_way_back_is_the_mirror(before: dict[bytes, bytes], after: dict[bytes, bytes]) -> None:
    there = compare("a", sorted(before.items()), sorted(after.items()), {})
    back = compare("a", sorted(after.items()), sorted(before.items()), {})

    mirrored = {MIRRORED.get(kind, kind): count for kind, count in there.counts.items()}
    assert mirrored == dict(back.counts)


@given(SIDE, SIDE, SIDE)
def test_only_the_same_difference_has_its_hash(
    before: dict[bytes, bytes], after: dict[bytes, bytes], other: dict[bytes, bytes]
) -> None:
    one = compare("a", sorted(before.items()), sorted(after.items()), {})
    two = compare("a", sorted(before.items()), sorted(other.items()), {})

    assert (one.hash == two.hash) == (after == other)
    assert one.hash != compare("b", sorted(before.items()), sorted(after.items()), {}).hash


@given(SIDE, SIDE, st.sets(st.integers(0, 20)))
def test_applications_of_rows_that_stay_the_same_are_not_touched(
    before: dict[bytes, bytes], after: dict[bytes, bytes], filed: set[int]
) -> None:
    running = {n.to_bytes(32, "big"): "invited" for n in filed}

    found = compare("a", sorted(before.items()), sorted(after.items()), running)

    differs = {one for one in before | after if before.get(one) != after.get(one)}
    assert Counter(found.touched).total() == len(differs & running.keys())


@given(SIDE)
def test_a_file_that_is_not_kept_is_read_in_the_same_order(side: dict[bytes, bytes]) -> None:
    rows = Rows()
    for reference, content in side.items():
        rows.add(reference, content, 32)

    assert list(rows) == sorted(side.items())
    rows.close()
