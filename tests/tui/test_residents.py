"""Finding residents, and what is seen of one: nobody is shown before somebody is looked for."""

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from todoke.v1.residents_pb2 import (
    CLOSING_CAUSE_MOVED_OUT,
    CONTACT_STATE_LOST,
    REVOCATION_NOT_CHECKED,
    STALE_CAUSE_CERTIFICATE_REVOKED,
    STALE_CAUSE_CONSENT_OUTDATED,
    STALE_CAUSE_MOVED,
)
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.screens.resident import ResidentScreen
from tui.screens.resident_history import HistoryScreen
from tui.screens.residents import ResidentsScreen
from tui.screens.stale import StaleScreen


def three_residents(city: City) -> None:
    hanako = city.add_resident("佐々木 花子")
    city.add_contact(hanako)
    city.add_resident("工藤 太郎", suppressed=True)
    city.add_resident("三上 キヨ", closing_cause=CLOSING_CAUSE_MOVED_OUT, closing_date="2026-11-01")


async def asked_whom(sitting: Sitting) -> None:
    await sitting.press("7")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def found(sitting: Sitting, name: str) -> None:
    """Look for a name and wait for the list."""
    await asked_whom(sitting)
    await sitting.type(name)
    await act(sitting)
    await sitting.until(
        lambda: isinstance(sitting.screen, ResidentsScreen) and sitting.screen.live.shown
    )


async def opened(sitting: Sitting, name: str) -> None:
    """Look for a name and open the first who is found."""
    await found(sitting, name)
    await sitting.press("enter")
    await sitting.until(
        lambda: isinstance(sitting.screen, ResidentScreen) and sitting.screen.resident
    )


async def test_nobody_is_listed_before_a_search_and_the_screen_says_so() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.sees("監査記録に残ります")
        await sitting.press("escape")
        await sitting.sees("探すまで誰も並びません")
        assert not sitting.city.calls("SearchResidents")


async def test_a_birth_date_may_be_typed_in_its_era() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.press("tab")
        await sitting.type("S25.4.12")
        await act(sitting)
        await sitting.sees("探した結果: 生年月日 1950-04-12")
        await sitting.sees("佐々木 花子")
        assert sitting.city.calls("SearchResidents")[0].birth_date == "1950-04-12"


async def test_what_is_no_date_is_told_at_its_field_and_not_asked() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.press("tab")
        await sitting.type("S25.13.1")
        await act(sitting)
        await sitting.sees("生年月日: 1950-04-12・S25.4.12")
        assert sitting.app.focused.id == "field-birth_date"
        assert not sitting.city.calls("SearchResidents")


async def test_a_search_for_nothing_is_not_made() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await act(sitting)
        await sitting.sees("どれか一つを入力してください")
        assert not sitting.city.calls("SearchResidents")


async def test_too_many_searches_are_told_in_the_dialog() -> None:
    async with signed_in(three_residents) as sitting:
        sitting.city.refuse(
            "SearchResidents", "TOO_MANY_ATTEMPTS", metadata={"retryAfterSeconds": "600"}
        )
        await asked_whom(sitting)
        await sitting.type("花")
        await act(sitting)
        await sitting.sees("600")
        assert isinstance(sitting.screen, Ask)


async def test_protection_and_closing_are_told_in_words_in_the_list() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.press("tab")
        await sitting.type("1950-04-12")
        await act(sitting)
        await sitting.sees("工藤 太郎")
        await sitting.sees("■ 抑止中")
        await sitting.sees("― 終了")


async def test_a_search_is_not_repeated_by_itself() -> None:
    async with signed_in(three_residents) as sitting:
        await found(sitting, "花子")
        sitting.city.record("resident.renewed", actor="channel:line")
        await sitting.until(lambda: len(sitting.app.desk.recent.events) > 1)
        await sitting.press("f")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        assert sitting.screen.query_one("#field-name").value == "花子"
        assert len(sitting.city.calls("SearchResidents")) == 1


async def test_further_pages_are_of_the_same_search() -> None:
    def many(city: City) -> None:
        for number in range(450):
            city.add_resident(f"住民 {number:03d}")

    async with signed_in(many) as sitting:
        await found(sitting, "住")
        await sitting.press("end", "end", "end")
        await sitting.until(lambda: len(sitting.screen.live.shown) > 100)
        first, second = sitting.city.calls("SearchResidents")[:2]
        assert (second.name, second.page_token) == (first.name, "100")


async def test_who_finds_nobody_is_told() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.type("月")
        await act(sitting)
        await sitting.sees("当てはまる住民はいません")


async def test_an_auditor_does_not_meet_residents() -> None:
    async with signed_in(three_residents, name="goro") as sitting:
        await sitting.press("7")
        await sitting.until(lambda: "権限が必要です" in sitting.toasts)
        await sitting.press("8")
        await sitting.until(lambda: "「窓口」の権限" in sitting.toasts)
        assert not isinstance(sitting.screen, ResidentsScreen)


async def test_a_resident_is_shown_with_how_sure_the_facts_are() -> None:
    def doubtful(city: City) -> None:
        resident = city.add_resident("佐々木 花子", revocation=REVOCATION_NOT_CHECKED)
        resident.basic_four.name_substitutes = "000010"
        resident.basic_four.birth_date = ""
        resident.stale_causes.extend([STALE_CAUSE_CERTIFICATE_REVOKED, STALE_CAUSE_MOVED])
        city.add_contact(resident).state = CONTACT_STATE_LOST
        city.add_proxy(resident, city.add_resident("工藤 太郎"))
        city.add_proxy(city.add_resident("三上 キヨ"), resident)

    async with signed_in(doubtful) as sitting:
        await opened(sitting, "花子")
        for text in (
            "佐々木 花※子",
            "生年月日 不明",
            "性別 女",
            "本人確認 カードの電子署名",
            "失効の確認 していない",
            "! 本人確認のし直しが必要: 証明書が失効、名簿の住所が違う",
            "× 届かない",
            "代理人 工藤 太郎",
            "代理をする人 三上 キヨ",
            "2027-03-31 まで",
        ):
            await sitting.sees(text)


async def test_protection_and_closing_stand_first_in_words() -> None:
    def both(city: City) -> None:
        city.add_resident(
            suppressed=True, closing_cause=CLOSING_CAUSE_MOVED_OUT, closing_date="2026-11-01"
        )

    async with signed_in(both) as sitting:
        await opened(sitting, "花子")
        await sitting.sees("■ 抑止中: 何も送らず")
        await sitting.sees("■ 登録終了: 転出(2026-11-01 から)")


async def test_a_resident_who_is_gone_is_told_and_not_asked_for_again_and_again() -> None:
    async with signed_in(three_residents) as sitting:
        await found(sitting, "花子")
        sitting.city.people.clear()
        await sitting.press("enter")
        await sitting.sees("その住民は見つかりません")
        await sitting.press("l")
        await sitting.until(lambda: "まだ読めていません" in sitting.toasts)
        assert len(sitting.city.calls("GetResident")) == 1


async def test_only_what_concerns_the_resident_has_them_read_again() -> None:
    async with signed_in(three_residents) as sitting:
        await opened(sitting, "花子")
        looked = len(sitting.city.calls("GetResident"))
        sitting.city.record("resident.renewed", "another", actor="channel:line")
        hanako = next(iter(sitting.city.people.values()))
        hanako.suppressed = True
        sitting.city.record("resident.suppressed", hanako.resident_id)
        await sitting.sees("■ 抑止中")
        assert len(sitting.city.calls("GetResident")) == looked + 1


async def test_the_history_is_told_letter_by_letter_between_periods() -> None:
    def moved(city: City) -> None:
        city.add_resident()
        city.add_period("佐々木 花子", "青森県弘前市大字上白銀町1番地1")
        city.add_period("齋藤 花子", "青森県弘前市大字上白銀町1番地1", cause="renewed")

    async with signed_in(moved) as sitting:
        await opened(sitting, "花子")
        await sitting.press("h")
        await sitting.until(lambda: isinstance(sitting.screen, HistoryScreen))
        await sitting.sees("登録の更新")
        await sitting.sees("≠ 氏名")
        await sitting.sees("= 住所 青森県弘前市大字上白銀町1番地1")
        await sitting.press("down")
        await sitting.sees("これより前の内容はありません")
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentScreen))


async def test_the_whole_record_is_shown_only_when_asked_for() -> None:
    async with signed_in(three_residents) as sitting:
        await opened(sitting, "花子")
        assert not sitting.city.calls("GetRecord")
        await sitting.press("o")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("登録(版 3) 2026-11-24 から")
        assert "職員: 住民の情報を閲覧" in sitting.says("#note")
        assert "2026-11-24  防災訓練  9F3507-00001" in sitting.says("#note")


async def test_those_to_renew_are_listed_with_why_and_how_often_they_were_asked() -> None:
    def stale(city: City) -> None:
        city.add_resident("佐々木 花子").stale_causes.append(STALE_CAUSE_MOVED)
        city.add_resident("工藤 太郎").stale_causes.append(STALE_CAUSE_CONSENT_OUTDATED)

    async with signed_in(stale) as sitting:
        await sitting.sees("要更新の住民 2人")
        await asked_whom(sitting)
        await sitting.press("escape", "v")
        await sitting.until(lambda: isinstance(sitting.screen, StaleScreen))
        await sitting.sees("名簿の住所が違う")
        await sitting.sees("依頼 0回 最終依頼 まだ")
        for _ in range(STALE_CAUSE_CONSENT_OUTDATED):
            await sitting.press("s")
        await sitting.sees("わけが「同意文が新しくなった」の住民")
        await sitting.until(
            lambda: (
                [list(row.causes) for row in sitting.screen.live.shown]
                == [[STALE_CAUSE_CONSENT_OUTDATED]]
            )
        )
        await sitting.press("enter")
        await sitting.sees("! 本人確認のし直しが必要: 同意文が新しくなった")


async def test_a_list_to_renew_that_nobody_is_on_says_so() -> None:
    async with signed_in(three_residents) as sitting:
        await asked_whom(sitting)
        await sitting.press("escape", "v")
        await sitting.sees("本人確認のし直しが必要な住民はいません")


async def test_a_core_that_goes_away_leaves_the_found_rows_standing() -> None:
    async with signed_in(three_residents) as sitting:
        await found(sitting, "花子")
        await sitting.fake.go_away()
        await sitting.sees("自動で再試行しています")
        await sitting.sees("佐々木 花子")
        await sitting.press("f")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await act(sitting)
        await sitting.sees("サーバーに接続できません")
        await sitting.fake.come()
        await sitting.until(lambda: sitting.app.desk.broken_since is None)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
        assert len(sitting.city.calls("SearchResidents")) == 2
