"""登録の内容: what leads out asks first, an old yes asks again, and nothing is done twice."""

from functools import partial
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from tests.channels.line.adapter import HANAKO, a_press, again, an_event, running, with_app
from tests.channels.line.chat import CONTACT, happen, hold, register, tap, write
from tests.channels.pulls import Refusal
from todoke.v1.access_pb2 import BeginContactLinkRequest, BeginContactLinkResponse
from todoke.v1.records_pb2 import DeleteResidentRequest, DeleteResidentResponse
from todoke.v1.residents_pb2 import (
    CONSENT_PURPOSE_CARE,
    CONSENT_PURPOSE_REGISTRATION,
    Consent,
    UnlinkContactRequest,
    UnlinkContactResponse,
    WithdrawConsentRequest,
    WithdrawConsentResponse,
)

WEB = "https://web.todoke.example"
CONSENT = "0198c0de-0000-7000-8000-0000000000c1"


def a_consent(**more: object) -> Consent:
    consent = Consent(consent_id=CONSENT, purpose=CONSENT_PURPOSE_REGISTRATION, version=2)
    consent.give_time.FromJsonString("2026-05-01T00:00:00Z")
    consent.MergeFrom(Consent(**more))
    return consent


async def test_the_registered_find_the_menu_and_others_the_way_to_register(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        said = await tap(adapter, "1:menu:1")
        assert "まだ登録がありません" in said.words
        assert said.data == ["1:register"]

        register(adapter)
        said = await write(adapter, "こんにちは")
        assert said.data[1:] == ["1:menu:1", "1:procedures:1", "1:register"]
        menu = await tap(adapter, "1:menu:1")
        ways_out = await tap(adapter, menu.data[-1])

        assert menu.data[0] == "1:register"
        for verb in ("languages", "topics:1", "family"):
            assert f"1:{verb}" in menu.data
        assert ways_out.data == ["1:consents:1", "1:unlink", "1:delete", "1:menu:1"]


async def test_web_and_app_are_offered_where_there_are_such(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        menu = await tap(adapter, "1:menu:1")
        assert not {"1:web", "1:app"} & set(menu.data)
        for data in ("1:web", "1:app"):
            assert "古くなりました" in (await tap(adapter, data)).words
    async with running(tmp_path, web_url=WEB, **with_app(tmp_path)) as adapter:
        greeting = await happen(adapter, an_event("follow"))
        assert greeting.data == ["1:register", "1:app"]
        said = await write(adapter, "?")
        assert said.data[1:] == ["1:register", "1:app", "1:procedures:1"]
        register(adapter)
        menu = await tap(adapter, "1:menu:1")
        assert menu.data[:3] == ["1:web", "1:register", "1:app"]


async def test_a_renewal_that_is_due_is_asked_for_politely_first(tmp_path: Path) -> None:
    async with running(tmp_path, web_url=WEB) as adapter:
        register(adapter, renewal_due=True)
        for said in (
            await happen(adapter, an_event("follow")),
            await write(adapter, "?"),
            await tap(adapter, "1:menu:1"),
        ):
            assert "確かめ直す時期です" in said.words
            ways = [way for way in said.data if not way.startswith("1:inquire:")]
            assert ways[0] == "1:register"


async def test_the_way_to_the_web_is_a_code_and_a_redelivery_asks_for_the_same(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, web_url=WEB + "/") as adapter:
        register(adapter)
        ends = Timestamp(seconds=1_800_000_000)
        adapter.core.script["BeginContactLink"] = lambda _: BeginContactLinkResponse(
            code="ABCDE23456", expire_time=ends
        )
        press = a_press("1:web")
        adapter.line.answers = [(503, "")]
        assert await adapter.deliver(press) == 503

        said = await happen(adapter, again(press))

        assert said.links == [f"{WEB}/link?code=ABCDE23456"]
        first, second = adapter.core.calls["BeginContactLink"]
        assert first == second
        assert first == BeginContactLinkRequest(
            resident=first.resident, request_id=press["webhookEventId"]
        )
        assert first.resident.speaker.external_id == HANAKO


async def test_a_consent_is_taken_back_by_two_taps(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        ended = a_consent(consent_id=CONTACT, withdraw_time=Timestamp(seconds=1))
        hold(adapter, consents=[a_consent(), ended])
        adapter.core.script["WithdrawConsent"] = lambda _: WithdrawConsentResponse()

        listed = await tap(adapter, "1:consents:1")
        assert "登録とお知らせ(2026年5月1日に同意)" in listed.words
        assert listed.data == ["1:menu:1", f"1:withdraw:{CONSENT}"]
        asked = await tap(adapter, f"1:withdraw:{CONSENT}")
        assert "お知らせはもう届きません" in asked.words
        assert asked.data[0] == "1:menu:1"
        assert not adapter.core.calls["WithdrawConsent"]
        sure = a_press(asked.data[1])
        done = await happen(adapter, sure)

        assert "同意を取り消しました" in done.words
        [request] = adapter.core.calls["WithdrawConsent"]
        assert request == WithdrawConsentRequest(
            resident=request.resident, consent_id=CONSENT, request_id=sure["webhookEventId"]
        )
        for said in (listed, asked, done):
            assert "花子" not in said.words
            assert "一丁目" not in said.words


async def test_consents_that_are_none_or_gone_are_said(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hold(adapter)
        assert "続いている同意はありません" in (await tap(adapter, "1:consents:1")).words
        assert "この同意は見つかりません" in (await tap(adapter, f"1:withdraw:{CONSENT}")).words
        hold(adapter, consents=[a_consent(withdraw_time=Timestamp(seconds=1))])
        assert "取り消しました" in (await tap(adapter, f"1:withdraw:{CONSENT}")).words
        hold(adapter, consents=[a_consent(purpose=CONSENT_PURPOSE_CARE)])
        assert "回覧" in (await tap(adapter, f"1:withdraw:{CONSENT}")).words


async def test_many_consents_are_turned_page_by_page(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        many = [
            a_consent(consent_id=f"0198c0de-0000-7000-8000-0000000001{number:02}")
            for number in range(7)
        ]
        hold(adapter, consents=many)
        first = await tap(adapter, "1:consents:1")
        second = await tap(adapter, first.data[-1])
        assert [data for data in first.data if "withdraw" in data] == [
            f"1:withdraw:{consent.consent_id}" for consent in many[:5]
        ]
        assert second.data[-1] == "1:consents:1"
        assert len(second.data) == 4
        assert (await tap(adapter, "1:consents:9")).data == second.data


async def test_a_line_is_unlinked_by_two_taps_and_a_third_says_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        contact = register(adapter)

        def unlink(_: UnlinkContactRequest) -> UnlinkContactResponse:
            if not contact.registered:
                raise Refusal(StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED")
            contact.registered = False
            return UnlinkContactResponse()

        adapter.core.script["UnlinkContact"] = unlink
        asked = await tap(adapter, "1:unlink")
        assert not adapter.core.calls["UnlinkContact"]
        assert asked.data[0] == "1:menu:1"

        for _ in range(2):
            done = await tap(adapter, asked.data[1])
            assert "登録から外しました" in done.words
            assert done.data == ["1:register"]

        assert adapter.core.calls["UnlinkContact"][0].contact_id == CONTACT
        assert (await tap(adapter, "1:unlink")).data == ["1:register"]


async def test_everything_is_deleted_by_two_taps_and_the_reply_says_what_is_kept(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        answers: dict[str, DeleteResidentResponse] = {}

        def delete(request: DeleteResidentRequest) -> DeleteResidentResponse:
            if request.request_id in answers:
                return answers[request.request_id]
            if HANAKO not in adapter.core.contacts:
                raise Refusal(StatusCode.NOT_FOUND, "CONTACT_UNKNOWN")
            if not adapter.core.contacts[HANAKO].registered:
                raise Refusal(StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED")
            del adapter.core.contacts[HANAKO]
            answer = DeleteResidentResponse(kept=["applications"], kept_until="2031-11-23")
            return answers.setdefault(request.request_id, answer)

        adapter.core.script["DeleteResident"] = delete
        asked = await tap(adapter, "1:delete")
        assert "元には戻せません" in asked.words
        assert asked.data[0] == "1:menu:1"
        assert not adapter.core.calls["DeleteResident"]

        sure = a_press(asked.data[1])
        adapter.line.answers = [(503, "")]
        assert await adapter.deliver(sure) == 503
        done = await happen(adapter, again(sure))
        second = await tap(adapter, asked.data[1])

        assert "登録を消しました" in done.words
        assert "2031年11月23日まで残るもの:決定した申請とその支払いの記録" in done.words
        assert "もうありません" in second.words
        # From here on the chat is that of a new person.
        assert (await write(adapter, "あれ?")).data[1:] == ["1:register", "1:procedures:1"]


KEPT: list[tuple[list[str], str, str]] = [
    ([], "", '登録を消しました。ありがとうございました。"}'),
    (["applications"], "", "法律により残るもの:決定した申請"),
    (["until", "from_a_newer_core"], "2031-01-02", "法律で残すと決められた記録"),
]


async def test_whatever_is_kept_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        asked = await tap(adapter, "1:delete")
        for kept, until, words in KEPT:
            response = DeleteResidentResponse(kept=kept, kept_until=until)
            adapter.core.script["DeleteResident"] = partial(_always, response)
            assert words in (await tap(adapter, asked.data[1])).words


def _always(response: DeleteResidentResponse, _: DeleteResidentRequest) -> DeleteResidentResponse:
    return response


async def test_a_yes_from_long_ago_asks_anew(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hold(adapter, consents=[a_consent()])
        for first in ("1:unlink", "1:delete", f"1:withdraw:{CONSENT}"):
            old = await tap(adapter, first, minutes_ago=20)
            new = await tap(adapter, old.data[1])
            assert new.data[0] == "1:menu:1"
            assert new.data[1] != old.data[1]
        other = CONTACT.replace("c", "d")
        asked = await tap(adapter, "1:unlink")
        assert "お尋ね" not in asked.words
        anew = await tap(adapter, asked.data[1].replace(CONTACT, other))
        # All but the second in which it was asked.
        assert anew.data[1].rpartition(":")[0] == asked.data[1].rpartition(":")[0]
        for name in ("UnlinkContact", "DeleteResident", "WithdrawConsent"):
            assert not adapter.core.calls[name]


async def test_a_refusal_is_worded_in_the_language_of_the_contact(tmp_path: Path) -> None:
    async with running(tmp_path, web_url=WEB) as adapter:
        register(adapter, language="en")
        adapter.core.refuse("BeginContactLink", StatusCode.FAILED_PRECONDITION, "RESIDENT_CLOSED")
        assert "This registration has ended" in (await tap(adapter, "1:web")).words
        assert "My registration" in (await tap(adapter, "1:menu:1")).words
        challenge = await tap(adapter, "1:register")
        assert "Read the consent" in challenge.words
        register(adapter, language="ja-x-easy")
        assert "登録の内容" in (await tap(adapter, "1:menu:1")).words


async def test_a_core_that_is_away_is_asked_again_when_line_delivers_again(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        adapter.core.refuse("GetRecord", StatusCode.UNAVAILABLE)
        press = a_press("1:consents:1")
        assert await adapter.deliver(press) == 503
        hold(adapter, consents=[a_consent()])
        assert "登録とお知らせ" in (await happen(adapter, again(press))).words
