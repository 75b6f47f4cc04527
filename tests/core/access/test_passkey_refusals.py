"""Passkeys that are wrong, others', copied or late are refused, and use the attempt up."""

import asyncio
import json

import pytest
from grpc import StatusCode
from hypothesis import given
from hypothesis import strategies as st

from core.access import webauthn
from core.access.rules import PasskeyRefused
from tests.cards import Cards
from tests.core.access.entering import (
    ELSEWHERE,
    ORIGIN,
    a_passkey,
    begin,
    complete,
    passkeys,
    sign_in,
)
from tests.core.access.links import refused
from tests.examples import examples
from tests.makers import a_resident
from tests.passkeys import PRESENT, Authenticator
from tests.town import Town, build, on_sqlite
from todoke.v1 import residents_pb2


@pytest.fixture
async def a_town(database, tmp_path, cards: Cards):
    town = await build(
        database, tmp_path, web_origins=[ORIGIN, "http://localhost:8080"], **cards.settings
    )
    yield town
    await town.close()


@on_sqlite
@pytest.mark.parametrize("way", ["create", "sign_in"])
@pytest.mark.parametrize(
    "fault",
    [
        {"origin": ELSEWHERE},
        {"flags": PRESENT},
        {"flags": 0},
        {"rp_id": "web.example.jp.evil.example"},
        {"challenge": "AAAA"},
        {"type": "payment.get"},
    ],
    ids=str,
)
async def test_a_wrong_answer_is_refused_and_uses_the_attempt_up(
    a_town: Town, cards: Cards, way: str, fault: dict
) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    device = Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)
    device.kept = device.kept if way == "sign_in" else []
    begun = await begin(web, resident.external_id if way == "create" else "")
    said = {name: value for name, value in fault.items() if name in {"challenge", "type"}}
    right = getattr(Authenticator(ORIGIN, kept=list(device.kept)), way)(begun.options_json)
    for name, value in fault.items():
        if name not in said:
            setattr(device, name, value)

    wrong = await refused(
        complete(web, begun.challenge_id, getattr(device, way)(begun.options_json, **said))
    )
    late = await refused(complete(web, begun.challenge_id, right))

    assert (wrong.reason, wrong.code) == ("PASSKEY_REFUSED", StatusCode.UNAUTHENTICATED)
    assert late.reason == "CHALLENGE_USED"
    assert len(await passkeys(web, resident.external_id)) == 1


async def test_another_key_another_person_and_a_count_that_falls_back_are_refused(
    a_town: Town, cards: Cards
) -> None:
    web = await a_town.channel("web")
    one = await a_resident(a_town, web, cards.issue())
    other = await a_resident(a_town, web, cards.issue())
    device, theirs = Authenticator(ORIGIN, count=7), Authenticator(ORIGIN)
    await a_passkey(web, one.external_id, device)
    await a_passkey(web, other.external_id, theirs)
    stranger = Authenticator(ORIGIN)
    stranger.create((await begin(web, other.external_id)).options_json)

    device.count = 9
    await sign_in(web, device)
    copied = await refused(sign_in(web, device))
    device.count = 8
    older = await refused(sign_in(web, device))
    device.count, device.kept[0].key = 10, theirs.kept[0].key
    forged = await refused(sign_in(web, device))
    theirs.kept[0].user_handle = device.kept[0].user_handle
    mistaken = await refused(sign_in(web, theirs))
    unknown = await refused(sign_in(web, stranger))

    errors = [copied, older, forged, mistaken, unknown]
    assert {error.reason for error in errors} == {"PASSKEY_REFUSED"}


async def test_an_attempt_is_good_once_for_five_minutes_and_for_its_channel(
    a_town: Town, cards: Cards
) -> None:
    web, line = await a_town.channel("web"), await a_town.channel("line")
    resident = await a_resident(a_town, web, cards.issue())
    device = Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)
    begun, late = await begin(web), await begin(web)
    answer = device.sign_in(begun.options_json)

    elsewhere = await refused(complete(line, begun.challenge_id, answer))
    results = await asyncio.gather(
        *(complete(web, begun.challenge_id, answer) for _ in range(4)), return_exceptions=True
    )
    unknown = await refused(complete(web, "A" * 43, answer))
    a_town.clock.pass_by(minutes=5)
    expired = await refused(complete(web, late.challenge_id, device.sign_in(late.options_json)))

    assert elsewhere.reason == "CHALLENGE_UNKNOWN"
    assert sum(isinstance(one, residents_pb2.Contact) for one in results) == 1
    assert {one.reason for one in results if isinstance(one, Exception)} == {"CHALLENGE_USED"}
    assert (unknown.reason, expired.reason) == ("CHALLENGE_UNKNOWN", "CHALLENGE_EXPIRED")


broken = st.one_of(
    st.text(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "userHandle",
                             "attestationObject", "authenticatorData", "signature"]),
            inner,
        ),
        max_leaves=12,
    ).map(json.dumps),
)  # fmt: skip


@given(credential=broken)
@examples(30)
def test_whatever_a_browser_sends_is_refused_and_breaks_nothing(credential: str) -> None:
    shared = {"challenge": b"c", "origin": ORIGIN, "rp_id": "web.example.jp"}
    assert isinstance(webauthn.credential_id(credential), bytes)
    with pytest.raises(PasskeyRefused):
        webauthn.created(credential, **shared)
    with pytest.raises(PasskeyRefused):
        webauthn.signed_in(credential, **shared, user_handle=b"", public_key=b"", sign_count=0)
