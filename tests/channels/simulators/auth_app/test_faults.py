"""The authentication app's bad days, by switch."""

import asyncio

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from tests.channels.simulators.auth_app.party import a_card, a_provider, answer_of, half_hash


async def spoilt(party, card: str, fault: str) -> tuple[dict, str]:
    """Return the ID token's claims, and the token, of a flow with a fault."""
    await party.fault(fault, count=1)
    tokens = (await party.exchange(await party.code(card))).json()
    again = (await party.exchange(await party.code(card))).json()
    assert party.claims(again["id_token"])["nonce"] == "the nonce ~"
    return party.claims(tokens["id_token"]) | {"access": tokens["access_token"]}, tokens["id_token"]


async def test_the_id_token_can_lie(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        now = int(party.clock())

        assert (await spoilt(party, card, "wrong_nonce"))[0]["nonce"] != "the nonce ~"
        assert (await spoilt(party, card, "wrong_audience"))[0]["aud"] != "RP00000001"
        assert not (await spoilt(party, card, "wrong_issuer"))[0]["iss"].startswith(party.url)
        assert (await spoilt(party, card, "expired_token"))[0]["exp"] < now
        said = (await spoilt(party, card, "wrong_at_hash"))[0]
        assert said["at_hash"] != half_hash(said["access"])


async def test_the_id_token_can_be_signed_by_nobody_known(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        keys = KeySet.import_key_set((await party.http.get(party.endpoint("certs"))).json())
        _, foreign = await spoilt(party, card, "foreign_signature")
        _, unsigned = await spoilt(party, card, "unsigned_token")

        with pytest.raises(BadSignatureError):
            jwt.decode(foreign, keys, algorithms=["ES256"])
        assert unsigned.endswith(".")
        assert unsigned.startswith("eyJhbGciOiAibm9uZSI")


async def test_the_browser_can_come_back_with_another_state(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        await party.fault("wrong_state", count=1)
        answer = answer_of(await party.press(await party.ask(), card=card))

        assert answer["code"]
        assert answer["state"] != "the state ~"


async def test_the_endpoints_can_fail_and_the_code_survives(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        code = await party.code(card)
        await party.fault("token_error", count=1)
        failed = await party.exchange(code)
        tokens = (await party.exchange(code)).json()
        await party.fault("userinfo_error", count=1)
        hidden = await party.userinfo(tokens["access_token"])
        await party.fault("userinfo_of_another", count=1)
        another = (await party.userinfo(tokens["access_token"])).json()

        assert failed.status_code == hidden.status_code == 500
        assert another["sub"] != party.claims(tokens["id_token"])["sub"]


async def test_an_answer_can_be_slower_than_the_client_waits(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        code = await party.code(card)
        await party.fault("slow", seconds=1, count=1)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await party.exchange(code)
        assert "used before" in (await party.exchange(code)).text


async def test_an_unknown_fault_is_refused_with_those_there_are(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        answer = await party.http.put(f"{party.url}/admin/faults", json={"faults": {"rain": {}}})
        on = (await party.http.get(f"{party.url}/admin/faults")).json()

        assert answer.status_code == 400
        assert "wrong_nonce" in answer.json()["message"]
        assert on == {"faults": {}}


async def test_what_happened_is_counted(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        await party.exchange(await party.code(card))
        await party.press(await party.ask(), deed="cancel")
        await party.press(await party.ask(), card=card, pin="9999")

        assert (await party.http.get(f"{party.url}/admin/counts")).json() == {
            "pages shown": 3,
            "agreed": 1,
            "cancelled": 1,
            "cards refused": 1,
            "tokens issued": 1,
        }
