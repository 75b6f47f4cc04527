"""The card is held to the phone: what was asked is signed and handed over, once."""

import base64
from datetime import date

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from channels.simulators.card import Authority, Holder, Wallet
from tests.channels.simulators.line.city_hall import (
    CARD,
    CONSENT,
    PIN,
    Purse,
    a_city_hall,
    signed_text,
)
from tests.channels.simulators.line.simulator import HANAKO, TARO, simulating


async def test_a_held_card_signs_the_text_and_tells_what_the_city_says(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path, wallet=Purse()) as line:
        await line.add(HANAKO, card_id=CARD)
        held = {"request_url": f"{hall.url}/request", "pin": PIN.lower(), "action_id": "hold"}
        answers = [await line.ask("POST", f"/phone/{HANAKO}/card", json=held) for _ in range(2)]

        assert answers[0].body == {
            "status": 200,
            "message": "本人確認ができました。トークに戻ってください。",
            "reason": "",
        }
        assert answers[1].body == answers[0].body
        [taken] = hall.taken
        assert signed_text(taken) == CONSENT


async def test_a_real_card_signs_so_that_its_certificate_proves_it(tmp_path) -> None:
    authority = Authority.create(tmp_path / "authority")
    holder = Holder(name="東堂　花子", birth_date=date(1950, 4, 1), sex="2", address="とどけ市1-2")
    card_id = authority.issue(holder, pin=PIN, card_id="")
    wallet = Wallet(tmp_path / "authority" / "cards")
    async with a_city_hall() as hall, simulating(tmp_path, wallet=wallet) as line:
        await line.add(HANAKO, card_id=card_id)
        answer = await line.do(HANAKO, "card", request_url=f"{hall.url}/request", pin=PIN)

        assert answer.status == 200
        [taken] = hall.taken
        certificate = x509.load_der_x509_certificate(base64.b64decode(taken["certificate"]))
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(
            base64.b64decode(taken["signature"]),
            CONSENT.encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )


async def test_five_wrong_pins_lock_the_card(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path, wallet=Purse()) as line:
        await line.add(HANAKO, card_id=CARD)
        held = {"request_url": f"{hall.url}/request"}
        wrong = [await line.do(HANAKO, "card", **held, pin="WRONG1") for _ in range(5)]
        locked = await line.do(HANAKO, "card", **held, pin=PIN)

        assert {answer.body["reason"] for answer in wrong} == {"WRONG_PIN"}
        assert "あと4回" in wrong[0].body["message"]
        assert (locked.status, locked.body["reason"]) == (403, "CARD_LOCKED")
        assert hall.taken == []


async def test_the_citys_refusal_reaches_the_person(tmp_path) -> None:
    async with (
        a_city_hall("CERTIFICATE_REVOKED") as hall,
        simulating(tmp_path, wallet=Purse()) as line,
    ):
        await line.add(HANAKO, card_id=CARD)
        answer = await line.do(HANAKO, "card", request_url=f"{hall.url}/request", pin=PIN)

        assert answer.status == 422
        assert answer.body["reason"] == "CERTIFICATE_REVOKED"
        assert answer.body["message"] == "証明書が失効しています。"


async def test_who_has_no_card_is_told_so(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path, wallet=Purse()) as line:
        answer = await line.do(TARO, "card", request_url=f"{hall.url}/request", pin=PIN)

        assert (answer.status, answer.body["reason"]) == (404, "NO_SUCH_CARD")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/request", "https://example.jp/request", ""])
async def test_nobody_answering_may_be_tried_again(tmp_path, url) -> None:
    async with a_city_hall() as hall, simulating(tmp_path, wallet=Purse()) as line:
        await line.add(HANAKO, card_id=CARD)
        held = {"pin": PIN, "action_id": "hold"}
        path = f"/phone/{HANAKO}/card"
        lost = await line.ask("POST", path, json={**held, "request_url": url or "todoke-card:"})
        found = await line.ask("POST", path, json={**held, "request_url": f"{hall.url}/request"})

        assert (lost.status, lost.body["reason"]) == (502, "NO_ANSWER")
        assert found.status == 200
