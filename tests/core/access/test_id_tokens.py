"""Identity tokens: whose they are, how they are signed, and that each is good once."""

import asyncio
import base64
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import update

from core.residents.rows import Resident
from core.residents.rules import ClosingCause
from tests.cards import Cards
from tests.core.access.id_tokens import AUDIENCE, SECRET, Place, a_place, forged
from tests.core.access.links import refused
from tests.makers import a_contact, resident_of
from tests.notices import kinds_told
from tests.town import MUNICIPALITY, on_sqlite
from todoke.v1 import residents_pb2


async def test_a_token_links_the_contact_to_the_resident_of_its_subject(place: Place) -> None:
    contact = await place.link(place.token())

    assert contact.registered
    assert await resident_of(place.town, contact.contact_id) == place.resident.resident_id
    assert await kinds_told(place.town) == [(place.resident.external_id, "CONTACT_LINKED")]


async def test_a_token_of_the_web_login_is_signed_with_the_shared_secret(place: Place) -> None:
    token = jwt.encode({"alg": "HS256"}, place.claims(), OctKey.import_key(SECRET))
    assert (await place.link(token)).registered
    assert place.issuer.asked == 0


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"iss": "https://access.line.me.evil.example"}, "ISSUER"),
        ({"iss": None}, "ISSUER"),
        ({"aud": "another-channel"}, "AUDIENCE"),
        ({"aud": [AUDIENCE, "another-channel"]}, "AUDIENCE"),
        ({"aud": []}, "AUDIENCE"),
        ({"aud": None}, "AUDIENCE"),
        ({"nonce": "nonce-of-another-browser"}, "NONCE"),
        ({"nonce": None}, "NONCE"),
        ({"nonce": 5}, "NONCE"),
        ({"exp": 1}, "EXPIRED"),
        ({"exp": None}, "TIMES"),
        ({"exp": "soon"}, "TIMES"),
        ({"exp": 10**30}, "TIMES"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_001}, "TIMES"),
        ({"iat": None}, "TIMES"),
        ({"sub": None}, "SUBJECT"),
        ({"sub": "U" * 129}, "SUBJECT"),
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_is_refused(
    place: Place, changes: dict, problem: str
) -> None:
    error = await refused(place.link(place.token(**changes)))
    assert (error.reason, error.metadata["problem"]) == ("ID_TOKEN_REFUSED", problem)


@on_sqlite
async def test_the_token_does_not_choose_how_it_is_checked(place: Place) -> None:
    published = place.issuer.keys["k1"].as_pem(private=False)
    confused = jwt.encode(
        {"alg": "HS256", "kid": "k1"}, place.claims(),
        OctKey.import_key(base64.urlsafe_b64encode(published).decode()),
    )  # fmt: skip
    stranger = ECKey.generate_key("P-256")
    head, body, signature = place.token().split(".")
    other_body = forged({}, place.claims(sub="U-another")).split(".")[1]
    problems = {
        confused: "SIGNATURE",
        forged({"alg": "none"}, place.claims()): "ALGORITHM",
        forged({"alg": "RS256", "kid": "rsa"}, place.claims(), b"x"): "ALGORITHM",
        forged({"alg": "ES256"}, place.claims(), b"x" * 64): "KEY",
        forged({"alg": "ES256", "kid": "rsa"}, place.claims(), b"x" * 64): "KEY",
        jwt.encode({"alg": "ES256", "kid": "k1"}, place.claims(), stranger): "SIGNATURE",
        f"{head}.{other_body}.{signature}": "SIGNATURE",
        f"{head}.{body}.": "SIGNATURE",
        "no token": "UNREADABLE",
        forged({"alg": "ES256"}, {})[:10] + "." + "[" * 3000 + ".x": "UNREADABLE",
    }
    for token, problem in problems.items():
        error = await refused(place.link(token))
        assert (error.reason, error.metadata["problem"]) == ("ID_TOKEN_REFUSED", problem), token


async def test_without_a_shared_secret_no_token_of_it_is_believed(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    async with a_place(sqlite_database, tmp_path, cards, secret_file=None) as place:
        token = jwt.encode({"alg": "HS256"}, place.claims(), OctKey.import_key(SECRET))
        error = await refused(place.link(token))
        assert error.metadata["problem"] == "ALGORITHM"


async def test_a_token_is_good_once_and_a_repeat_of_the_request_gets_its_answer(
    place: Place,
) -> None:
    token, contact = place.token(), await a_contact(place.town, place.web)
    answers = [
        await place.link(token, external_id=contact.external_id, id="request-link")
        for _ in range(2)
    ]

    replayed = await refused(place.link(token))
    signed_again = await refused(place.link(place.token(exp=4_000_000_000)))
    place.town.clock.pass_by(hours=1, minutes=2)
    late = await place.link(token, external_id=contact.external_id, id="request-link")

    assert answers[0] == answers[1] == late
    assert replayed.metadata["problem"] == signed_again.metadata["problem"] == "USED"


async def test_one_token_presented_by_many_at_once_links_one(place: Place) -> None:
    contacts = [(await a_contact(place.town, place.web)).external_id for _ in range(4)]
    token = place.token()
    results = await asyncio.gather(
        *(place.link(token, external_id=one) for one in contacts), return_exceptions=True
    )
    linked = [one for one in results if isinstance(one, residents_pb2.Contact)]
    assert len(linked) == 1
    assert {one.reason for one in results if one not in linked} == {"ID_TOKEN_REFUSED"}


async def test_unknown_and_unregistered_subjects_get_one_answer(place: Place) -> None:
    nobody = await a_contact(place.town, place.line)
    errors = [
        await refused(place.link(place.token(sub="U-unknown"))),
        await refused(place.link(place.token(sub=nobody.external_id))),
    ]
    gone = update(Resident).values(closing_cause=ClosingCause.DIED)
    await place.town.running.db.write(lambda s: s.execute(gone))
    errors.append(await refused(place.link(place.token())))

    assert {error.reason for error in errors} == {"CONTACT_NOT_REGISTERED"}
    assert len({str(error) for error in errors}) == 1


async def test_a_contact_rests_after_five_refused_tokens(place: Place) -> None:
    contact = await a_contact(place.town, place.web)
    for _ in range(5):
        error = await refused(place.link("wrong", external_id=contact.external_id))
        assert error.reason == "ID_TOKEN_REFUSED"
    rests = await refused(place.link(place.token(), external_id=contact.external_id))
    assert rests.reason == "TOO_MANY_ATTEMPTS"


@pytest.mark.parametrize(("of", "taken"), [(MUNICIPALITY, True), ("332011", False)])
async def test_an_issuer_may_be_one_municipalitys_alone(
    sqlite_database: str, tmp_path: Path, cards: Cards, *, of: str, taken: bool
) -> None:
    async with a_place(sqlite_database, tmp_path, cards, municipality=of) as place:
        if taken:
            assert (await place.link(place.token())).registered
        else:
            assert (await refused(place.link(place.token()))).metadata["problem"] == "AUDIENCE"
