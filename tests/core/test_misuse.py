"""What the process says while people come in, act for others and try what they may not."""

import json

import pytest
from structlog.testing import capture_logs

from tests.cards import Cards, a_holder
from tests.core.access.entering import ORIGIN, a_passkey, begin, complete
from tests.core.access.links import a_code, present, refused, speaking
from tests.core.proxies.people import a_proxy, accept, offer
from tests.core.records.makers import delete, record, themselves
from tests.core.residents.makers import close, search, suppress
from tests.makers import a_challenge, a_contact, a_request_id, a_resident, an_answer
from tests.passkeys import Authenticator
from tests.town import Town, build
from todoke.v1 import access_pb2


@pytest.fixture
async def a_town(database, tmp_path, cards: Cards):
    town = await build(database, tmp_path, web_origins=[ORIGIN], **cards.settings)
    yield town
    await town.close()


async def test_the_log_of_the_process_holds_no_name_no_contact_no_code_and_no_token(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    staff = await a_town.staff()
    mother, daughter = (
        cards.issue(a_holder(name=name, address="岡山県総社市中央９－９"))
        for name in ("総社　梅", "総社　桜")
    )
    with capture_logs() as log:
        of_mother = await a_resident(a_town, line, mother, external_id="U-mother-7")
        of_daughter = await a_resident(a_town, line, daughter, external_id="U-daughter-7")
        device = await a_contact(a_town, web, "W-browser-7")
        code = (await a_code(line, speaking("U-mother-7"))).code
        guess = await refused(present(web, device.external_id, "34679ACDEF"))
        await present(web, device.external_id, code)
        await a_passkey(web, "W-browser-7", Authenticator(ORIGIN))
        begun = await begin(web)
        answer = Authenticator(ORIGIN).create((await begin(web, "W-browser-7")).options_json)
        stranger = await refused(complete(web, begun.challenge_id, answer))
        token = access_pb2.LinkByIdTokenRequest(
            external_id="W-browser-7", id_token="e30.e30.secret-7",
            nonce="nonce-7-nonce-7-nonce-7-nonce-7", request_id=a_request_id(),
        )  # fmt: skip
        forged = await refused(web.ask(web.access.LinkByIdToken, token))
        await a_proxy(line, of_mother, of_daughter)
        offered = (await offer(line, speaking("U-daughter-7"))).code
        await accept(line, "U-mother-7", offered)
        challenge = await a_challenge(line, "U-mother-7")
        taken = await refused(
            line.ask(line.registration.CompleteVerification, an_answer(challenge, daughter))
        )
        await record(line, themselves("U-daughter-7", of_mother.resident_id))
        await search(staff, name="総社　梅", external_id="U-mother-7")
        await suppress(staff, of_mother.resident_id)
        await close(staff, of_daughter.resident_id)
        await delete(line, themselves("U-mother-7"))

    told = json.dumps(log, ensure_ascii=False, default=repr)
    secrets = {
        "梅", "桜", "中央", "U-mother-7", "U-daughter-7", "W-browser-7", "34679ACDEF", "secret-7",
        "nonce-7", code, offered, challenge.challenge_id, begun.challenge_id,
    }  # fmt: skip
    assert [one.reason for one in (guess, stranger, forged, taken)] == [
        "LINK_CODE_REFUSED",
        "PASSKEY_REFUSED",
        "ID_TOKEN_REFUSED",
        "CONTACT_TAKEN",
    ]
    assert len(log) > 20
    assert {one for one in secrets if one in told} == set()
    for error in (guess, stranger, forged, taken):
        shown = json.dumps([str(error), dict(error.metadata)], ensure_ascii=False)
        assert {one for one in secrets if one in shown} == set()
