"""The hand-over to the card: read, sign, send back; every refusal in words for the person."""

import base64
from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from channels import wording
from tests.channels.fake_core import CHALLENGE
from tests.channels.line.adapter import Running, running
from todoke.v1.registration_pb2 import CompleteVerificationResponse

SIGNED = {
    "certificate": base64.b64encode(b"certificate").decode(),
    "signature": base64.b64encode(b"signature").decode(),
}


async def get(adapter: Running, path: str) -> tuple[int, str, Any]:
    async with adapter.http.get(adapter.url + path) as answer:
        return answer.status, await answer.text(), answer.headers


async def post(adapter: Running, body: Any, id: str = CHALLENGE) -> tuple[int, Any]:
    sent = {"json": body} if isinstance(body, dict) else {"data": body}
    async with adapter.http.post(f"{adapter.url}/card/{id}", **sent) as answer:
        return answer.status, await answer.json()


async def test_the_page_shows_the_consent_and_hands_over(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        status, page, headers = await get(adapter, f"/card/{CHALLENGE}")
        assert status == 200
        assert "私は&lt;とどけ市&gt;に\n同意します。" in page
        link = f"todoke-card:https://line.todoke.example/card/{CHALLENGE}/request"
        assert f'href="{link}"' in page
        assert "10時30分" in page
        assert "<script" not in page
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        style, css, _ = await get(adapter, "/static/todoke.css")
        assert style == 200
        assert "#0017c1" in css


async def test_the_phone_is_told_what_to_sign_to_the_letter(tmp_path: Path) -> None:
    async with (
        running(tmp_path) as adapter,
        adapter.http.get(f"{adapter.url}/card/{CHALLENGE}/request") as answer,
    ):
        assert await answer.json() == {
            "text": "私は<とどけ市>に\n同意します。",
            "callback": f"https://line.todoke.example/card/{CHALLENGE}",
            "expires_at": "2026-11-23T01:30:00Z",
        }


async def test_a_signature_goes_to_the_core_and_a_repeat_is_the_same_request(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        status, said = await post(adapter, SIGNED)
        assert status == 200
        assert "登録が終わりました" in said["message"]
        await post(adapter, SIGNED)
        first, second = adapter.core.calls["CompleteVerification"]
        assert first == second
        assert (first.jpki.certificate, first.jpki.signature) == (b"certificate", b"signature")
        assert len(first.request_id) == 64


async def test_a_renewal_is_told_as_one(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.core.script["CompleteVerification"] = lambda _: CompleteVerificationResponse(
            renewed=True
        )
        assert "新しくしました" in (await post(adapter, SIGNED))[1]["message"]


@pytest.mark.parametrize(
    ("code", "reason", "status"),
    [
        (StatusCode.NOT_FOUND, "CHALLENGE_UNKNOWN", 404),
        (StatusCode.FAILED_PRECONDITION, "CHALLENGE_EXPIRED", 410),
        (StatusCode.FAILED_PRECONDITION, "CHALLENGE_USED", 410),
        (StatusCode.FAILED_PRECONDITION, "CONTACT_TAKEN", 409),
        (StatusCode.INVALID_ARGUMENT, "CERTIFICATE_REVOKED", 422),
        (StatusCode.INVALID_ARGUMENT, "SIGNATURE_MISMATCH", 422),
    ],
)
async def test_each_refusal_says_why_and_what_to_do(
    tmp_path: Path, code: StatusCode, reason: str, status: int
) -> None:
    async with running(tmp_path) as adapter:
        for name in ("GetVerification", "CompleteVerification"):
            adapter.core.refuse(name, code, reason)
        words = wording.refusal(reason)
        assert await post(adapter, SIGNED) == (status, {"message": words, "reason": reason})
        shown, page, _ = await get(adapter, f"/card/{CHALLENGE}")
        assert shown == status
        assert words in page
        assert (await get(adapter, f"/card/{CHALLENGE}/request"))[0] == status


@pytest.mark.parametrize("code", [StatusCode.UNAVAILABLE, StatusCode.INTERNAL])
async def test_a_core_that_is_away_asks_for_the_card_once_more(
    tmp_path: Path, code: StatusCode
) -> None:
    async with running(tmp_path) as adapter:
        for name in ("GetVerification", "CompleteVerification"):
            adapter.core.refuse(name, code)
        status, said = await post(adapter, SIGNED)
        assert status == 503
        assert "もう一度かざしてください" in said["message"]
        assert (await get(adapter, f"/card/{CHALLENGE}"))[0] == 503
        assert (await get(adapter, f"/card/{CHALLENGE}/request"))[0] == 503


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        {},
        {"certificate": "AA==", "signature": 1},
        {"certificate": "not base64!", "signature": "AA=="},
        {"certificate": "", "signature": "AA=="},
        {"certificate": "AA==", "signature": "A" * 4000},
    ],
)
async def test_what_no_card_sent_reaches_nobody(tmp_path: Path, body: Any) -> None:
    async with running(tmp_path) as adapter:
        status, said = await post(adapter, body)
        assert (status, said["reason"]) == (400, "FIELD_INVALID")
        assert adapter.core.calls == {}


async def test_too_much_is_not_read(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert (await post(adapter, b"x" * 40_000))[0] == 413


async def test_an_id_that_is_none_is_not_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert (await get(adapter, "/card/short"))[0] == 404
        assert (await get(adapter, "/card/short/request"))[0] == 404
        assert (await post(adapter, SIGNED, id="x" * 44))[0] == 404
        assert adapter.core.calls == {}
