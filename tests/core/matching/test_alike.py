"""Twins and namesakes: no row is given to the other of them."""

from core.matching import (
    Decision,
    Rule,
    match,
)
from tests.core.matching.populations import (
    a_registration,
    an_entitlement,
)
from tests.core.matching.test_matching import JIRO, NAMESAKE, TARO, found


def test_twins_are_each_linked_with_their_own_and_not_proposed_for_the_other() -> None:
    pairs = match(
        [a_registration(TARO), a_registration(JIRO)], [an_entitlement(TARO), an_entitlement(JIRO)]
    )

    assert found(pairs) == [
        ("r1", "e1", Decision.ACCEPTED, Rule.NORMALISED),
        ("r2", "e2", Decision.ACCEPTED, Rule.NORMALISED),
    ]


def test_a_twin_alone_is_not_taken_for_the_other() -> None:
    pairs = match([a_registration(TARO)], [an_entitlement(JIRO)])

    assert found(pairs) == [("r1", "e2", Decision.TO_REVIEW, Rule.NAME_DIFFERS)]


def test_namesakes_of_one_day_go_to_a_person_even_where_one_fits() -> None:
    """The one who fits may live where the other, who is meant, lived before."""
    pairs = match([a_registration(TARO), a_registration(NAMESAKE)], [an_entitlement(TARO)])

    assert found(pairs) == [
        ("r1", "e1", Decision.TO_REVIEW, Rule.CONFLICTING),
        ("r3", "e1", Decision.TO_REVIEW, Rule.ADDRESS_DIFFERS),
    ]


def test_a_namesakes_row_at_a_home_of_before_goes_to_a_person() -> None:
    old = an_entitlement(TARO, id="e9", address="総社市井手100")

    pairs = match([a_registration(TARO)], [an_entitlement(TARO), old])

    assert found(pairs) == [
        ("r1", "e1", Decision.TO_REVIEW, Rule.CONFLICTING),
        ("r1", "e9", Decision.TO_REVIEW, Rule.ADDRESS_DIFFERS),
    ]
