"""家族の代理: by the other's card on this phone, by a code, and for oneself; two taps end it."""

from datetime import date
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from channels.line.family import months_after
from tests.channels.fake_core import CHALLENGE, a_verification
from tests.channels.line.adapter import HANAKO, a_press, again, running
from tests.channels.line.chat import SELF, happen, hold, register, tap
from todoke.v1.proxies_pb2 import (
    PROXY_SCOPE_APPLY,
    PROXY_SCOPE_READ,
    EndProxyResponse,
    OfferProxyResponse,
    Proxy,
)
from todoke.v1.registration_pb2 import BeginVerificationRequest, BeginVerificationResponse

# 2027-02-28, 9:00 in Japan.
AT = 1_803_772_800_000
PROXY = "0198c0de-0000-7000-8000-0000000000b1"
OTHER = "0198c0de-0000-7000-8000-0000000000bb"


def a_proxy(**more: Any) -> Proxy:
    given: dict[str, Any] = {
        "proxy_id": PROXY,
        "resident_id": OTHER,
        "resident_name": "届　梅",
        "proxy_resident_id": SELF,
        "proxy_name": "届　花子",
        "expire_date": "2099-05-01",
    }
    return Proxy(**{**given, **more})


async def test_the_ways_are_explained(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert (await tap(adapter, "1:family")).data == ["1:register"]
        register(adapter)
        said = await tap(adapter, "1:family")
        assert said.data == ["1:by_card", "1:by_code", "1:offer", "1:proxies:1", "1:menu:1"]
        assert "10文字のコード" in (await tap(adapter, "1:by_code")).words


TERMS = {
    "months3": ("2027-05-28", "2027年5月28日"),
    "years1": ("2028-02-28", "2028年2月28日"),
    "years2": ("2029-02-28", "2029年2月28日"),
}


async def test_the_other_s_card_is_held_to_this_phone(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)

        def begin(request: BeginVerificationRequest) -> BeginVerificationResponse:
            verification = a_verification()
            verification.proxy.CopyFrom(request.proxy)
            return BeginVerificationResponse(verification=verification)

        adapter.core.script["BeginVerification"] = begin
        terms = await tap(adapter, "1:by_card")
        for term, (last_day, words) in TERMS.items():
            assert f"1:by_card_until:{term}:apply" in terms.data
            press = a_press(f"1:by_card_until:{term}:apply", timestamp=AT)
            adapter.line.answers = [(503, "")]
            assert await adapter.deliver(press) == 503
            said = await happen(adapter, again(press))

            assert said.links == [f"https://line.todoke.example/card/{CHALLENGE}"]
            assert words in said.words
            first, second = adapter.core.calls["BeginVerification"][-2:]
            assert first == second
            assert first.external_id == HANAKO
            assert list(first.proxy.scopes) == [PROXY_SCOPE_READ, PROXY_SCOPE_APPLY]
            assert first.proxy.expire_date == last_day


async def test_a_code_is_offered_alone_so_that_it_can_be_passed_on(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        ends = Timestamp(seconds=1_804_982_400)
        adapter.core.script["OfferProxy"] = lambda _: OfferProxyResponse(
            code="ABCDE23456", expire_time=ends
        )
        terms = await tap(adapter, "1:offer")
        assert "1:offer_until:years1:apply" in terms.data
        with_circulars = await tap(adapter, terms.starting("1:offer_circulars"))
        assert "自治会の回覧を読むこと" in with_circulars.words
        assert "1:offer_until:years1:circulars" in with_circulars.data
        assert "1:offer" in with_circulars.data
        press = a_press("1:offer_until:years1:apply", timestamp=AT)
        said = await happen(adapter, press)

        assert said.messages[-1]["text"] == "ABCDE23456"
        assert "ほかには教えないで" in said.messages[0]["text"]
        assert "2028年2月28日" in said.messages[0]["text"]
        assert "コードは2027年3月14日9時00分まで" in said.messages[0]["text"]
        [request] = adapter.core.calls["OfferProxy"]
        assert request.request_id == press["webhookEventId"]
        assert request.resident.speaker.external_id == HANAKO
        assert request.terms.expire_date == "2028-02-28"


async def test_proxies_are_listed_with_the_name_of_the_other_side(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hold(
            adapter,
            proxies=[
                a_proxy(),
                a_proxy(
                    proxy_id=PROXY.replace("b1", "b2"),
                    resident_id=SELF,
                    resident_name="届　花子",
                    proxy_resident_id=OTHER,
                    proxy_name="届　太郎",
                ),
                a_proxy(proxy_name="終", resident_name="終", end_time=Timestamp(seconds=1)),
                a_proxy(proxy_name="過", resident_name="過", expire_date="2020-01-01"),
            ],
        )
        said = await tap(adapter, "1:proxies:1")
        assert "あなたは、届　梅さんの代理です(2099年5月1日まで)" in said.words
        assert "届　太郎さんが、あなたの代理です" in said.words
        assert said.data == [
            "1:family",
            f"1:end:{PROXY}",
            f"1:end:{PROXY.replace('b1', 'b2')}",
        ]
        for hidden in ("花子", "一丁目", "終さん", "過さん"):
            assert hidden not in said.words


async def test_a_proxy_is_ended_by_two_taps(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hold(adapter, proxies=[a_proxy()])
        adapter.core.script["EndProxy"] = lambda _: EndProxyResponse()
        old = await tap(adapter, f"1:end:{PROXY}", minutes_ago=20)
        asked = await tap(adapter, old.data[1])
        assert "すぐに終わります" in asked.words
        assert asked.data[0] == "1:menu:1"
        assert not adapter.core.calls["EndProxy"]
        sure = a_press(asked.data[1])
        done = await happen(adapter, sure)
        assert "代理を終わりにしました" in done.words
        [request] = adapter.core.calls["EndProxy"]
        assert (request.proxy_id, request.request_id) == (PROXY, sure["webhookEventId"])
        adapter.core.refuse("EndProxy", StatusCode.NOT_FOUND, "PROXY_UNKNOWN")
        assert "この代理は見つかりません" in (await tap(adapter, asked.data[1])).words


async def test_no_proxies_and_unknown_ones_are_said(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hold(adapter)
        assert "続いている代理はありません" in (await tap(adapter, "1:proxies:1")).words
        assert "この代理は見つかりません" in (await tap(adapter, f"1:end:{PROXY}")).words


async def test_many_proxies_with_long_names_stay_within_line_s_limits(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        names = ["𠮷" * 100, "か\u3099" * 60] * 6
        hold(
            adapter,
            proxies=[
                a_proxy(proxy_id=f"0198c0de-0000-7000-8000-0000000002{n:02}", resident_name=name)
                for n, name in enumerate(names)
            ],
        )
        said = await tap(adapter, "1:proxies:1")
        seen = [data for data in said.data if data.startswith("1:end:")]
        while (after := said.data[-1]).startswith("1:proxies:") and len(seen) < 12:
            said = await tap(adapter, after)
            seen += [data for data in said.data if data.startswith("1:end:")]
        assert len(set(seen)) == 12
        await tap(adapter, seen[0])


REFUSALS = {
    "CONTACT_NOT_REGISTERED": "まだ登録がありません",
    "RESIDENT_CLOSED": "この登録は終わっています",
    "FIELD_INVALID": "読み取れませんでした",
}


async def test_refusals_to_begin_are_worded(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        for reason, words in REFUSALS.items():
            for name in ("BeginVerification", "OfferProxy"):
                adapter.core.refuse(name, StatusCode.FAILED_PRECONDITION, reason)
            for data in ("1:by_card_until:years1:apply", "1:offer_until:years1:apply"):
                assert words in (await tap(adapter, data)).words


def test_months_are_counted_to_a_day_that_exists() -> None:
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2027, 12, 31), 24) == date(2029, 12, 31)
    assert months_after(date(2027, 1, 5), 3) == date(2027, 4, 5)
