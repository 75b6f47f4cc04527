"""Whoever registers and whoever is listed: laws that hold of all of them."""

from hypothesis import given
from hypothesis import strategies as st

from core.matching import (
    Decision,
    Links,
    Rule,
    match,
)
from core.normalise import similar_key
from tests.core.matching.populations import (
    two_sides,
)
from tests.core.matching.test_matching import Sides, _accepted
from tests.examples import examples


@given(two_sides())
@examples(30)
def test_nobody_is_linked_with_what_is_anothers(sides: Sides) -> None:
    accepted = [pair for pair in match(*sides) if pair.decision is Decision.ACCEPTED]

    assert all(pair.registration_id[1:] == pair.entitled_id[1:] for pair in accepted)
    assert len({pair.registration_id for pair in accepted}) == len(accepted)
    assert len({pair.entitled_id for pair in accepted}) == len(accepted)


@given(two_sides(), st.data())
@examples(20)
def test_a_rival_never_makes_a_link_but_where_all_namesakes_pair_off(sides: Sides, data) -> None:
    registrations, entitled = sides
    fewer_cards = data.draw(st.lists(st.sampled_from(registrations or [None]), unique=True))
    fewer_rows = data.draw(st.lists(st.sampled_from(entitled or [None]), unique=True))
    fewer = match(
        [card for card in registrations if card not in fewer_cards],
        [row for row in entitled if row not in fewer_rows],
    )

    before = _accepted(fewer)
    after = _accepted([one for one in match(*sides) if one.rule is not Rule.ADDRESS_SEPARATES])

    gone = {card.id for card in fewer_cards if card}, {row.id for row in fewer_rows if row}
    assert {(r, e) for r, e in after if r not in gone[0] and e not in gone[1]} <= before


@given(two_sides())
@examples(20)
def test_a_second_run_finds_nothing_new(sides: Sides) -> None:
    first = match(*sides)
    linked = _accepted(first)
    links = Links(
        frozenset((pair.registration_id, pair.entitled_id) for pair in first),
        frozenset(mine for mine, _ in linked),
        frozenset(theirs for _, theirs in linked),
    )

    assert match(*sides, links) == []


@given(two_sides())
@examples(20)
def test_nobody_who_resembles_their_row_is_lost(sides: Sides) -> None:
    registrations, entitled = sides
    pairs = match(*sides)
    seen = {pair.registration_id[1:] for pair in pairs}
    by_id = {row.id[1:]: row for row in entitled}

    for card in registrations:
        row = by_id.get(card.id[1:])
        if row is None or row.birth_date != card.birth_date:
            continue
        if similar_key(card.name) == similar_key(row.name):
            assert card.id[1:] in seen


@given(two_sides(), st.randoms(use_true_random=False))
@examples(20)
def test_the_order_makes_no_difference(sides: Sides, random) -> None:
    registrations, entitled = (list(side) for side in sides)
    random.shuffle(registrations)
    random.shuffle(entitled)

    assert match(registrations, entitled) == match(*sides)


@given(two_sides(), st.integers(0, 14))
@examples(20)
def test_registrations_that_come_later_link_nobody_wrongly_and_twice(
    sides: Sides, early: int
) -> None:
    registrations, entitled = sides
    first = match(registrations[:early], entitled)
    linked = [pair for pair in first if pair.decision is Decision.ACCEPTED]
    links = Links(
        frozenset((pair.registration_id, pair.entitled_id) for pair in first),
        frozenset(pair.registration_id for pair in linked),
        frozenset(pair.entitled_id for pair in linked),
    )

    second = match(registrations, entitled, links)

    accepted = linked + [pair for pair in second if pair.decision is Decision.ACCEPTED]
    assert all(pair.registration_id[1:] == pair.entitled_id[1:] for pair in accepted)
    assert len({pair.entitled_id for pair in accepted}) == len(accepted)
    assert not links.pairs & {(pair.registration_id, pair.entitled_id) for pair in second}
