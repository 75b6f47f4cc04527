"""Who is the same person, whose a contact becomes, and what a challenge bears."""

from datetime import UTC, datetime, timedelta

import pytest

from core.registration import rules
from core.residents.rules import Assurance, ClosingCause, ResidentClosed

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contact_resident", "same_person", "same_holder", "owner"),
    [
        (None, None, False, None),
        (None, "r1", False, "r1"),
        ("r1", "r1", True, "r1"),
        ("r1", "r1", False, "r1"),
        ("r1", None, True, "r1"),
    ],
    ids=["new", "second contact", "same card", "went back to an old address", "moved"],
)
def test_a_proof_belongs_to(contact_resident, same_person, same_holder, owner) -> None:
    found = rules.owner(
        contact_resident=contact_resident, same_person=same_person, same_holder=same_holder
    )

    assert found == owner


@pytest.mark.parametrize(
    ("same_person", "same_holder"), [(None, False), ("r2", False), ("r2", True)]
)
def test_a_contact_of_one_takes_no_card_of_another(same_person, same_holder) -> None:
    with pytest.raises(rules.ContactTaken):
        rules.owner(contact_resident="r1", same_person=same_person, same_holder=same_holder)


def test_width_and_spaces_make_no_other_person() -> None:
    one = {"name": "総社　花子", "birth_date": "19500412", "sex": "2"}
    other = one | {"name": "総社 花子"}

    assert rules.person_key(**one, address="岡山県総社市中央１－１") == rules.person_key(
        **other, address="岡山県総社市中央1-1"
    )


def test_facts_cannot_flow_into_each_other() -> None:
    one = rules.person_key(name="あ", birth_date="319500412", sex="2", address="い")
    other = rules.person_key(name="あ", birth_date="319500412", sex="2い", address="")

    assert one != other


def test_a_challenge_ends_at_its_end_and_not_before() -> None:
    end = NOW + rules.CHALLENGE_LENGTH

    rules.check_open(None, end, end - timedelta(microseconds=1))
    with pytest.raises(rules.ChallengeExpired) as expired:
        rules.check_open(None, end, end)

    assert expired.value.metadata == {"expireTime": end.isoformat()}


@pytest.mark.parametrize(
    ("held", "proved", "same", "stays"),
    [
        (Assurance.JPKI_SIGNATURE, Assurance.DIGITAL_AUTH_APP, True, True),
        (Assurance.DIGITAL_AUTH_APP, Assurance.COUNTER, True, True),
        (Assurance.JPKI_SIGNATURE, Assurance.DIGITAL_AUTH_APP, False, False),
        (Assurance.JPKI_SIGNATURE, Assurance.JPKI_SIGNATURE, True, False),
        (Assurance.COUNTER, Assurance.DIGITAL_AUTH_APP, True, False),
    ],
)
def test_only_a_weaker_proof_of_the_very_same_facts_changes_nothing(
    held: Assurance, proved: Assurance, same, stays
) -> None:
    assert rules.stay_in_force(held, proved=proved, same_person=same) is stays


def test_only_a_death_ends_a_registration_for_good() -> None:
    for cause in (None, ClosingCause.MOVED_OUT, ClosingCause.REGISTERED_TWICE):
        rules.check_may_return(cause)
    with pytest.raises(ResidentClosed) as closed:
        rules.check_may_return(ClosingCause.DIED)

    assert closed.value.metadata == {"cause": "died"}
