"""A typed code is asked about, a My Number is refused and goes nowhere, all else gets the help."""

import re
import unicodedata
from pathlib import Path

import pytest
from google.protobuf.text_format import MessageToString
from grpc import StatusCode
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from channels.line.typed import code_in, has_my_number
from tests.channels.line.adapter import HANAKO, a_press, running
from tests.channels.line.chat import happen, register, tap, write
from todoke.v1.access_pb2 import CompleteContactLinkRequest, CompleteContactLinkResponse
from todoke.v1.proxies_pb2 import AcceptProxyResponse, Proxy
from todoke.v1.residents_pb2 import Contact

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE = "ABCDE23456"


CODES = (
    "ABCDE23456",
    "abcde-23456",
    " ABCDE 23456\n",
    "ＡＢＣＤＥ２３４５６",
    "ABCDE　ー23456",
    "ａｂｃｄｅ‐23456",
)
NO_CODES = (
    "",
    "こんにちは",
    "ABCDE2345",
    "ABCDE234567",
    "ABCDE2345O",
    "ABCDE2345I",
    "ABCDE23450",
)
MY_NUMBERS = (
    "123456789018",
    "1234-5678-9018",
    "私の番号は１２３４　５６７８　９０１８です",
    "1234\u200b56789018",
    "1234 ー 5678 ー 9018",
)


async def test_a_code_of_any_width_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for typed in CODES:
            said = await write(adapter, typed)
            assert said.data == [f"1:link_code:{CODE}", f"1:proxy_code:{CODE}"], typed
            assert "何のためのコードですか" in said.words


async def test_what_is_no_code_gets_the_help(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for typed in NO_CODES:
            assert "はじめに登録" in (await write(adapter, typed)).words, typed


@given(st.text(ALPHABET, min_size=10, max_size=10), st.lists(st.integers(0, 10), max_size=4))
def test_every_code_is_known_however_it_is_parted(code: str, cuts: list[int]) -> None:
    typed = code
    for cut in sorted(cuts, reverse=True):
        typed = f"{typed[:cut]}- {typed[cut:]}"
    assert code_in(typed.lower()) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_can_be_read(text: str) -> None:
    assert code_in(text) is None or len(code_in(text) or "") == 10
    assert has_my_number(text) in {True, False}


async def test_a_my_number_is_refused_and_goes_nowhere(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for typed in MY_NUMBERS:
            with capture_logs() as logs:
                said = await write(adapter, typed)
            assert "マイナンバー(12桁の番号)は受け取れません" in said.words, typed
            asked = [one for calls in adapter.core.calls.values() for one in calls]
            told = " ".join(MessageToString(one, as_utf8=True) for one in asked)
            # The whole number, however it is written: four digits are in a time or an id by chance.
            assert MY_NUMBERS[0] in digits(typed)
            assert MY_NUMBERS[0] not in digits(f"{told} {logs} {said.words}")


def digits(text: str) -> str:
    return "".join(re.findall("[0-9]", unicodedata.normalize("NFKC", text)))


@pytest.mark.parametrize("typed", ["1234567890123", "12345678901", "1234", "2026-11-23 10:30"])
def test_other_numbers_are_no_my_numbers(typed: str) -> None:
    assert not has_my_number(typed)


async def test_a_code_links_this_line(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        linked = Contact(external_id=HANAKO, registered=True, language="en")
        adapter.core.script["CompleteContactLink"] = lambda _: CompleteContactLinkResponse(
            contact=linked
        )
        press = a_press(f"1:link_code:{CODE}")
        said = await happen(adapter, press)
        assert "is linked to your registration" in said.words
        [request] = adapter.core.calls["CompleteContactLink"]
        assert request == CompleteContactLinkRequest(
            external_id=HANAKO, code=CODE, request_id=press["webhookEventId"]
        )


async def test_a_code_makes_a_proxy(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        proxy = Proxy(resident_name="届　梅", proxy_name="届　花子", expire_date="2027-11-27")
        adapter.core.script["AcceptProxy"] = lambda _: AcceptProxyResponse(proxy=proxy)
        press = a_press(f"1:proxy_code:{CODE}")
        said = await happen(adapter, press)
        assert "届　梅さんの代理になりました。期限は2027年11月27日" in said.words
        [request] = adapter.core.calls["AcceptProxy"]
        assert request.speaker.external_id == HANAKO
        assert (request.code, request.request_id) == (CODE, press["webhookEventId"])


REFUSALS = {
    "LINK_CODE_REFUSED": "このコードは使えません",
    "CONTACT_TAKEN": "別の方が登録されています",
    "CONTACTS_TOO_MANY": "連絡先の数を超えます",
    "TOO_MANY_ATTEMPTS": "回数が多すぎる",
    "CONTACT_NOT_REGISTERED": "まだ登録がありません",
    "SAME_PERSON": "ご自分の代理にはできません",
}


async def test_each_refusal_of_a_code_says_why(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        for reason, words in REFUSALS.items():
            for name in ("CompleteContactLink", "AcceptProxy"):
                adapter.core.refuse(name, StatusCode.FAILED_PRECONDITION, reason)
            for verb in ("link_code", "proxy_code"):
                assert words in (await tap(adapter, f"1:{verb}:{CODE}")).words
