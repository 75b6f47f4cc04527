"""The counter: papers read by one person, decided by another, and a code for the phone at once."""

from tests.tui.fake_core import City
from tests.tui.fake_core.town_hall import CONSENT
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from todoke.v1.registration_pb2 import (
    REGISTRATION_STATE_CONFIRMED,
    REGISTRATION_STATE_PROPOSED,
    REGISTRATION_STATE_REFUSED,
)
from todoke.v1.residents_pb2 import (
    ASSURANCE_COUNTER,
    IDENTITY_DOCUMENT_DRIVING_LICENCE,
    SEX_FEMALE,
)
from tui.dialogs.ask import Ask
from tui.dialogs.code import CodeDialog
from tui.dialogs.note import Note
from tui.dialogs.reading import ReadingDialog
from tui.screens.counter import CounterScreen
from tui.screens.resident import ResidentScreen


def two_read(city: City) -> None:
    city.add_registration("工藤 太郎", proposer="jiro")
    city.add_registration("三上 キヨ", proposer="hanako")


def one_confirmed(city: City) -> None:
    resident = city.add_resident("工藤 太郎")
    city.add_registration("工藤 太郎").state = REGISTRATION_STATE_CONFIRMED
    only(city).resident_id = resident.resident_id


def only(city: City):
    return next(iter(city.registrations.values()))


async def asking(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def at_the_form(sitting: Sitting) -> None:
    """Read the consent and agree."""
    await sitting.open("8")
    await sitting.press("n")
    await sitting.until(lambda: isinstance(sitting.screen, ReadingDialog))
    await act(sitting)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def fill_in(sitting: Sitting, birth_date: str = "S25.4.12") -> None:
    """Type a form as a person does: document, names, birth date, sex, address."""
    await sitting.press(
        "enter", "down", "down", "enter", "tab", "工", "藤", "tab", "太", "郎", "tab"
    )
    await sitting.type(birth_date)
    await sitting.press("tab", "tab", "enter", "down", "down", "enter", "tab", "青", "森")


async def test_the_consent_is_read_before_anything_is_typed() -> None:
    async with signed_in() as sitting:
        await sitting.open("8")
        await sitting.sees("n で書類を読み取ると並びます")
        await sitting.press("n")
        await sitting.sees("同意の文(版 3)")
        await sitting.sees(CONSENT.splitlines()[0])
        await sitting.press("pagedown")
        await sitting.until(lambda: sitting.screen.query_one("#reading").scroll_y > 0)
        assert sitting.city.calls("GetConsentText")[0].assurance == ASSURANCE_COUNTER
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, CounterScreen))


async def test_papers_are_put_before_another_person() -> None:
    async with signed_in() as sitting:
        await at_the_form(sitting)
        await fill_in(sitting)
        await act(sitting)
        await sitting.sees("? 決定待ち")
        asked = sitting.city.calls("RegisterAtCounter")[0]
        assert asked.basic_four.name == "工藤\u3000太郎"
        assert asked.basic_four.birth_date == "1950-04-12"
        assert asked.basic_four.sex == SEX_FEMALE
        assert asked.basic_four.address == "青森"
        assert asked.document == IDENTITY_DOCUMENT_DRIVING_LICENCE
        assert asked.consent_version == 3
        await sitting.press("a")
        await sitting.until(lambda: "別の人が決めます" in sitting.toasts)
        assert only(sitting.city).state == REGISTRATION_STATE_PROPOSED


async def test_a_birth_date_is_left_out_only_where_the_box_says_so() -> None:
    async with signed_in() as sitting:
        await at_the_form(sitting)
        await fill_in(sitting, birth_date="")
        await act(sitting)
        await sitting.sees("わからないときだけ不明に印を付けてください")
        assert sitting.app.focused.id == "field-birth_date"
        await sitting.press("tab", "space")
        await sitting.until(lambda: not sitting.screen.query_one("#act").has_class("-active"))
        await act(sitting)
        await sitting.until(lambda: sitting.city.registrations)
        assert not only(sitting.city).basic_four.birth_date


async def test_what_nobody_chose_is_not_sent() -> None:
    async with signed_in() as sitting:
        await at_the_form(sitting)
        await act(sitting)
        await sitting.sees("本人確認書類: 選んでください")
        assert not sitting.city.calls("RegisterAtCounter")


async def test_who_is_registered_already_is_opened() -> None:
    def registered(city: City) -> None:
        city.add_resident("工藤 太郎")

    async with signed_in(registered) as sitting:
        resident = next(iter(sitting.city.people))
        sitting.city.refuse(
            "RegisterAtCounter", "RESIDENT_EXISTS", metadata={"residentId": resident}
        )
        await at_the_form(sitting)
        await fill_in(sitting)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, ResidentScreen))
        await sitting.sees("氏名 工藤 太郎")


async def test_where_the_consent_was_renewed_it_is_read_again_and_what_was_typed_stays() -> None:
    async with signed_in() as sitting:
        await at_the_form(sitting)
        await fill_in(sitting)
        sitting.city.refuse("RegisterAtCounter", "CONSENT_OUTDATED", metadata={"version": "4"})
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, ReadingDialog))
        assert "同意の文が新しくなりました(版 4)" in sitting.toasts
        assert len(sitting.city.calls("GetConsentText")) == 2
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await act(sitting)
        await sitting.sees("? 決定待ち")
        first, second = sitting.city.calls("RegisterAtCounter")
        assert second.basic_four == first.basic_four
        assert second.document == first.document
        assert second.request_id != first.request_id


async def test_another_person_confirms_and_a_code_is_offered_at_once() -> None:
    async with signed_in(two_read) as sitting:
        await sitting.sees("窓口で決める登録 2件")
        await sitting.open("8")
        await asking(sitting, "a")
        await sitting.sees("生年月日: 1950-04-12")
        await sitting.sees("本人確認書類: 運転免許証")
        await sitting.sees("読取: jiroさん")
        await sitting.type("ok")
        await act(sitting)
        await sitting.sees("工藤 太郎 さんの登録が済みました")
        assert only(sitting.city).state == REGISTRATION_STATE_CONFIRMED
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        await sitting.sees("KRTV7 - WMXQ4")
        linked = sitting.city.calls("BeginContactLink")[0].resident.resident_id
        assert linked == only(sitting.city).resident_id


async def test_the_code_can_wait_and_be_made_later() -> None:
    async with signed_in(one_confirmed) as sitting:
        await sitting.open("8")
        await sitting.until(lambda: sitting.screen.row)
        await asking(sitting, "l")
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, CounterScreen))
        assert not sitting.city.calls("BeginContactLink")


async def test_refusing_takes_a_reason() -> None:
    async with signed_in(two_read) as sitting:
        await sitting.open("8")
        await asking(sitting, "x")
        await act(sitting)
        await sitting.sees("理由: 1〜500文字で入力してください")
        await sitting.type("nise")
        await sitting.until(lambda: not sitting.screen.query_one("#act").has_class("-active"))
        await act(sitting)
        await sitting.until(lambda: only(sitting.city).state == REGISTRATION_STATE_REFUSED)
        await sitting.sees("× 認めず")


async def test_nobody_decides_what_they_read_themselves() -> None:
    async with signed_in(two_read, name="jiro") as sitting:
        await sitting.open("8")
        await sitting.until(lambda: sitting.screen.row)
        assert "(a) 登録を認める" in sitting.keys
        await sitting.press("a")
        await sitting.until(lambda: "自分が読み取った登録は決められません" in sitting.toasts)
        await sitting.press("down")
        await asking(sitting, "a")
        await sitting.sees("三上 キヨ")


async def test_what_someone_else_decided_is_told_and_read_anew() -> None:
    async with signed_in(two_read) as sitting:
        await sitting.open("8")
        await asking(sitting, "a")
        only(sitting.city).state = REGISTRATION_STATE_REFUSED
        sitting.city.refuse(
            "DecideRegistration", "REGISTRATION_DECIDED", metadata={"state": "refused"}
        )
        await sitting.type("ok")
        await act(sitting)
        await sitting.sees("× 認めず")
        assert isinstance(sitting.screen, CounterScreen)


async def test_what_is_decided_cannot_be_decided_again_nor_a_code_made_before() -> None:
    async with signed_in(two_read) as sitting:
        await sitting.open("8")
        await sitting.until(lambda: sitting.screen.row)
        await sitting.press("l")
        await sitting.until(lambda: "認められた登録だけにコードを渡せます" in sitting.toasts)
        for registration in sitting.city.registrations.values():
            registration.state = REGISTRATION_STATE_REFUSED
        sitting.city.record("registration.refused")
        await sitting.sees("× 認めず")
        await sitting.press("x")
        await sitting.until(lambda: "決める前のものだけ決められます" in sitting.toasts)


async def test_details_are_a_look_and_made_only_when_asked() -> None:
    async with signed_in(two_read) as sitting:
        await sitting.open("8")
        await sitting.until(lambda: sitting.screen.row)
        assert not sitting.city.calls("GetRegistration")
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("同意文の版: 3")


async def test_the_list_can_hold_only_what_waits() -> None:
    def decided_too(city: City) -> None:
        two_read(city)
        only(city).state = REGISTRATION_STATE_CONFIRMED

    async with signed_in(decided_too) as sitting:
        await sitting.open("8")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await sitting.press("s")
        await sitting.sees("別の人が決めるのを待つ窓口の登録")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)


async def test_without_the_role_the_counter_stays_shut() -> None:
    async with signed_in(two_read, name="mika") as sitting:
        await sitting.press("8")
        await sitting.until(lambda: "「窓口」の権限が必要です" in sitting.toasts)
