"""Passkeys: made by a registered contact, and from then on a way in that needs no name."""

import json

import pytest
from sqlalchemy import update

from core.residents.rows import Resident
from core.residents.rules import ClosingCause
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
from tests.core.access.links import joined, refused, speaking
from tests.makers import a_contact, a_request_id, a_resident
from tests.notices import kinds_told
from tests.passkeys import PRESENT, Authenticator
from tests.town import Town, build, on_sqlite
from todoke.v1 import access_pb2 as pb


@pytest.fixture
async def a_town(database, tmp_path, cards: Cards):
    town = await build(
        database, tmp_path, web_origins=[ORIGIN, "http://localhost:8080"], **cards.settings
    )
    yield town
    await town.close()


async def test_a_passkey_is_made_and_signs_in_without_a_name(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    external_id = await joined(a_town, line, speaking(resident.external_id), web)
    device = Authenticator(ORIGIN)

    await a_passkey(web, external_id, device)
    a_town.clock.pass_by(days=1)
    contact = await sign_in(web, device)

    assert contact.external_id == external_id
    assert contact.registered
    [kept] = await passkeys(web, external_id)
    assert kept.label == "わたしの電話"
    stored = await a_town.read(
        lambda s: s.connection().exec_driver_sql("SELECT label FROM passkeys").scalar_one()
    )
    assert "わたしの電話".encode() not in bytes(stored)
    assert kept.use_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    told = await kinds_told(a_town)
    assert sorted(told[1:]) == sorted(
        [(resident.external_id, "PASSKEY_MADE"), (external_id, "PASSKEY_MADE")]
    )


async def test_the_options_ask_for_a_key_that_the_device_keeps_and_a_person_it_knows(
    a_town: Town, cards: Cards
) -> None:
    web = await a_town.channel("web")
    card = cards.issue()
    resident = await a_resident(a_town, web, card)
    device = Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)

    making = json.loads((await begin(web, resident.external_id)).options_json)
    entering = json.loads((await begin(web)).options_json)

    assert making["rp"] == {"name": "総社市", "id": "web.example.jp"}
    assert making["user"]["name"] == card.holder.name
    assert resident.resident_id not in json.dumps(making)
    assert making["authenticatorSelection"]["residentKey"] == "required"
    assert making["authenticatorSelection"]["userVerification"] == "required"
    assert making["attestation"] == "none"
    assert len(making["excludeCredentials"]) == 1
    assert entering["userVerification"] == "required"
    assert entering["allowCredentials"] == []
    assert entering["rpId"] == "web.example.jp"


async def test_a_page_on_localhost_may_be_listed(a_town: Town, cards: Cards) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    device = Authenticator("http://localhost:8080")
    await a_passkey(web, resident.external_id, device)
    assert (await sign_in(web, device)).external_id == resident.external_id


@on_sqlite
@pytest.mark.parametrize("origin", [ELSEWHERE, "http://web.example.jp", f"{ORIGIN}:8443"])
async def test_no_options_are_made_for_an_origin_that_is_not_ours(
    a_town: Town, origin: str
) -> None:
    error = await refused(begin(await a_town.channel("web"), origin=origin))
    assert error.reason == "FIELD_INVALID"


async def test_one_passkey_rests_after_five_failures_and_others_do_not(
    a_town: Town, cards: Cards
) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    device, other = Authenticator(ORIGIN), Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)
    await a_passkey(web, resident.external_id, other)
    device.flags = PRESENT

    reasons = [(await refused(sign_in(web, device))).reason for _ in range(6)]
    device.flags = other.flags
    rests = await refused(sign_in(web, device))
    await sign_in(web, other)
    a_town.clock.pass_by(minutes=15)
    await sign_in(web, device)

    assert reasons == ["PASSKEY_REFUSED"] * 5 + ["TOO_MANY_ATTEMPTS"]
    assert rests.reason == "TOO_MANY_ATTEMPTS"


async def test_a_resident_has_ten_passkeys_and_deletes_one_for_another(
    a_town: Town, cards: Cards
) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    device = Authenticator(ORIGIN)
    for _ in range(10):
        await a_passkey(web, resident.external_id, Authenticator(ORIGIN) if _ else device)

    error = await refused(begin(web, resident.external_id))
    kept = await passkeys(web, resident.external_id)
    request = pb.DeletePasskeyRequest(
        external_id=resident.external_id, passkey_id=kept[-1].passkey_id,
        request_id=a_request_id(),
    )  # fmt: skip
    await web.ask(web.access.DeletePasskey, request)
    await begin(web, resident.external_id)
    entered = await refused(sign_in(web, device))

    assert (error.reason, error.metadata["limit"]) == ("PASSKEYS_TOO_MANY", "10")
    assert len(kept) == 10
    assert entered.reason == "PASSKEY_REFUSED"


async def test_passkeys_are_their_residents_own(a_town: Town, cards: Cards) -> None:
    web = await a_town.channel("web")
    one = await a_resident(a_town, web, cards.issue())
    other = await a_resident(a_town, web, cards.issue())
    nobody = await a_contact(a_town, web)
    await a_passkey(web, one.external_id, Authenticator(ORIGIN))
    [kept] = await passkeys(web, one.external_id)
    request = pb.DeletePasskeyRequest(
        external_id=other.external_id, passkey_id=kept.passkey_id, request_id=a_request_id()
    )

    error = await refused(web.ask(web.access.DeletePasskey, request))

    assert error.reason == "PASSKEY_UNKNOWN"
    assert await passkeys(web, other.external_id) == []
    assert (await refused(passkeys(web, nobody.external_id))).reason == "CONTACT_NOT_REGISTERED"
    assert (await refused(begin(web, nobody.external_id))).reason == "CONTACT_NOT_REGISTERED"


async def test_no_label_holds_a_my_number(a_town: Town, cards: Cards) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    begun = await begin(web, resident.external_id)
    made = Authenticator(ORIGIN).create(begun.options_json)

    error = await refused(complete(web, begun.challenge_id, made, "1234-5678-9018"))
    await complete(web, begun.challenge_id, made, "電話")

    assert error.reason == "MY_NUMBER_REFUSED"


@pytest.mark.parametrize(
    ("changes", "enters"),
    [
        ({"suppressed": True}, True),
        ({"closing_cause": ClosingCause.MOVED_OUT}, True),
        ({"closing_cause": ClosingCause.DIED}, False),
    ],
)
async def test_the_protected_sign_in_and_nobody_for_the_dead(
    a_town: Town, cards: Cards, changes: dict, *, enters: bool
) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    device = Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)
    await a_town.running.db.write(lambda s: s.execute(update(Resident).values(**changes)))

    if enters:
        assert (await sign_in(web, device)).external_id == resident.external_id
    else:
        assert (await refused(sign_in(web, device))).reason == "PASSKEY_REFUSED"
