"""What an authentication app tells of a person: read, or refused by name."""

import pytest

from core.residents.rules import Revocation
from tests.core.registration.a_provider import (
    HANAKO,
)
from tests.core.registration.test_oidc import a_fake, an_app, prove, refusal


async def test_facts_are_asked_for_where_the_token_lacks_them() -> None:
    fake = a_fake()
    fake.claims = dict.fromkeys(HANAKO)
    fake.userinfo = HANAKO

    proof = await prove(fake)

    assert proof.basic_four.name == HANAKO["name"]
    assert [name for name, _ in fake.asked][-1] == "userinfo"


async def test_facts_of_another_person_are_refused() -> None:
    fake = a_fake()
    fake.claims = dict.fromkeys(HANAKO)
    fake.userinfo = HANAKO | {"sub": "sub-2"}

    assert await refusal(fake) == "userinfo_sub"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("19500412", "319500412"),
        ("1950-04-12", "319500412"),
        ("20190501", "520190501"),
        ("19500400", "019500400"),
        ("1950-00-00", "019500000"),
    ],
)
async def test_a_birth_date_is_read_in_either_form(told: str, text: str) -> None:
    assert (await prove(a_fake(), birthdate=told)).basic_four.birth_date_text == text


async def test_an_address_may_be_plain_text() -> None:
    proof = await prove(a_fake(), address="岡山県総社市総社９番地", gender="female")

    assert (proof.basic_four.address, proof.basic_four.sex) == ("岡山県総社市総社９番地", "2")


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ({"name": None}, "claim_name"),
        ({"name": ["総社"]}, "claim_name"),
        ({"name": "あ" * 1001}, "claim_name"),
        ({"birthdate": "1950-0412"}, "claim_birthdate"),
        ({"birthdate": "昭和25年"}, "claim_birthdate"),
        ({"gender": "x"}, "claim_gender"),
        ({"address": {"region": "岡山県"}}, "claim_address"),
        ({"address": {"formatted": " "}}, "claim_address"),
    ],
)
async def test_facts_that_cannot_be_read_are_refused_by_name(person, error) -> None:
    fake = a_fake()
    fake.claims = person

    assert await refusal(fake) == error


@pytest.mark.parametrize(
    ("acr", "checked", "known"),
    [
        ("aal3 crl", "crl", Revocation.NOT_REVOKED),
        ("aal3", "crl", Revocation.NOT_CHECKED),
        ("aal3 crl", "", Revocation.NOT_CHECKED),
        ("aal3 ocsp", "ocsp", Revocation.NOT_REVOKED),
    ],
)
async def test_whether_revocation_was_checked_is_what_the_provider_says(
    acr: str, checked: str, known: Revocation
) -> None:
    fake = a_fake()
    fake.claims = {"acr": acr}

    assert (await prove(fake, an_app(fake, acr_checked=checked))).revocation is known
