"""The screens of residents with the real core, by keys alone."""

from dataclasses import replace
from pathlib import Path

from core.callers import Role
from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.proxies.people import accept
from tests.core.residents.makers import suppress
from tests.notices import kinds_told
from tests.tui.real_core import (
    act,
    asking,
    fill_in,
    found,
    hire,
    opened,
    put_forward,
    sat_down,
    walked_again,
)
from tui.dialogs.code import CodeDialog
from tui.screens.counter import CounterScreen
from tui.screens.resident import ResidentScreen
from tui.screens.resident_history import HistoryScreen
from tui.screens.residents import ResidentsScreen


@walked_again
async def test_residents_are_found_by_each_thing_that_is_known(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    line, staff = await hall.channel(), await hall.staff()
    holder = a_holder(name="斎藤　澤子")
    resident = await makers.a_resident(hall, line, cards.issue(holder))
    await makers.a_resident(hall, line, cards.issue())
    program = await makers.a_program(staff)
    roster = makers.a_roster(makers.a_roster_row(holder, 1_000_037))
    await makers.import_roster(staff, program.program_id, roster)
    await makers.match_and_invite(staff, program.program_id)

    async with sat_down(hall, "hara") as sitting:
        for known in (
            {"name": "齊藤 沢子"},
            {"birth_date": holder.birth_date.strftime("%Y%m%d")},
            {"reference": "1000037"},
            {"external_id": resident.external_id},
            {"name": "斎藤澤子", "reference": "1000037", "external_id": resident.external_id},
        ):
            assert await found(sitting, **known) == [holder.name], known
        assert await found(sitting, name="斎藤 花子") == []
        await sitting.sees("当てはまる住民はいません")


@walked_again
async def test_what_changed_is_shown_against_what_was(hall: town.Town, cards: Cards) -> None:
    line, holder = await hall.channel(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(holder))
    hall.clock.pass_by(days=1)
    moved = replace(holder, address="岡山県総社市総社５丁目６番地")
    await makers.a_resident(hall, line, cards.issue(moved), external_id=made.external_id)

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, external_id=made.external_id)
        await sitting.sees("岡山県総社市総社５丁目６番地")
        await asking(sitting, "h", HistoryScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await sitting.sees("2026-11-25")
        await sitting.sees(f"その前 {holder.address}")
        await sitting.press("down")
        await sitting.sees("これより前の内容はありません")


@walked_again
async def test_who_is_protected_is_told_nothing_until_the_protection_ends(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "abe", Role.PROTECTION)
    line, holder = await hall.channel(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await sitting.press("y")
        await sitting.until(lambda: "「抑止の管理」の権限が必要です" in sitting.toasts)
        await asking(sitting, "w")
        await fill_in(sitting, reason="支援措置の申出")
        await sitting.sees("■ 抑止中")
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
        await sitting.sees("■ 抑止中")
        await sitting.open("5")
        await sitting.sees("― 送信せず")
    async with sat_down(hall, "abe") as sitting:
        await opened(sitting, external_id=made.external_id)
        await asking(sitting, "y")
        await fill_in(sitting, reason="支援措置の終了")
        await sitting.until(lambda: not sitting.screen.resident.suppressed)
        await sitting.until(lambda: "抑止を解きました" in sitting.toasts)


async def test_who_moved_away_comes_back_by_a_card_and_who_died_does_not(
    hall: town.Town, cards: Cards
) -> None:
    line, holder = await hall.channel(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await asking(sitting, "z")
        closing = {"cause": "CLOSING_CAUSE_MOVED_OUT", "reason": "転出届"}
        await fill_in(sitting, **closing, date="2999-01-01")
        await sitting.sees("今日までの日を入力してください")
        await fill_in(sitting, date="R8.11.20")
        await sitting.sees("■ 登録終了: 転出(2026-11-20 から)")
        await sitting.press("l")
        await sitting.until(lambda: "登録が終わっているため使えません" in sitting.toasts)
        hall.clock.pass_by(hours=1)
        back = replace(holder, address="岡山県総社市門田１番地")
        await makers.a_resident(hall, line, cards.issue(back), external_id=made.external_id)
        await sitting.sees("岡山県総社市門田１番地")
        assert "■ 登録終了" not in sitting.text
        await asking(sitting, "z")
        await fill_in(sitting, **closing | {"cause": "CLOSING_CAUSE_DIED"}, date="2026-11-24")
        await sitting.sees("■ 登録終了: 死亡(2026-11-24 から)")
        family, given = holder.name.split("\u3000")
        sex = {"1": "SEX_MALE", "2": "SEX_FEMALE"}[str(int(holder.sex))]
        await put_forward(
            sitting,
            family=family,
            given=given,
            birth_date=holder.birth_date.isoformat(),
            sex=sex,
            address=back.address,
        )
        await sitting.until(lambda: "この登録は終わっています(死亡)" in sitting.toasts)


@walked_again
async def test_contacts_are_taken_off_and_proxies_offered_and_ended(
    hall: town.Town, cards: Cards
) -> None:
    line = await hall.channel()
    mother, daughter = a_holder(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(mother))
    other = await makers.a_resident(hall, line, cards.issue(daughter))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=mother.name)
        await asking(sitting, "p")
        await fill_in(sitting, expire_date="R9.3.31")
        await sitting.sees("一つ以上に印を付けてください")
        await fill_in(sitting, PROXY_SCOPE_READ=True, expire_date="2039-03-31")
        await sitting.sees("2年先までの日を入力してください")
        await fill_in(sitting, expire_date="R9.3.31")
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        await sitting.sees("12/08 10:00 まで")
        code = sitting.says("#code-grouped")
        await accept(line, other.external_id, code)
        await sitting.press("enter")
        await sitting.sees("2027-03-31 まで")
        await sitting.press("end")
        await asking(sitting, "x")
        await act(sitting)
        await sitting.sees("終了 2026-11-24")
        await sitting.press("home")
        await asking(sitting, "x")
        await act(sitting)
        await sitting.until(lambda: not sitting.screen.resident.contacts)

    told = await kinds_told(hall)
    assert (made.external_id, "CONTACT_UNLINKED") in told
    assert (other.external_id, "PROXY_ENDED") in told


@walked_again
async def test_who_changed_meanwhile_is_not_changed_and_read_anew(
    hall: town.Town, cards: Cards
) -> None:
    line, staff, holder = await hall.channel(), await hall.staff(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await asking(sitting, "z")
        await suppress(staff, made.resident_id)
        await fill_in(sitting, cause="CLOSING_CAUSE_DIED", date="2026-11-24", reason="死亡届")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentScreen))
        await sitting.until(lambda: "ほかの人" in sitting.toasts)
        await sitting.sees("■ 抑止中")
        assert "■ 登録終了" not in sitting.text


@walked_again
async def test_what_a_role_does_not_hold_is_greyed(hall: town.Town, cards: Cards) -> None:
    await hire(hall, "kudo", Role.REVIEWER)
    await hire(hall, "kato", Role.AUDITOR)
    line, holder = await hall.channel(), a_holder()
    await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "kudo") as sitting:
        await sitting.press("8")
        await sitting.until(lambda: "「窓口」の権限が必要です" in sitting.toasts)
        await opened(sitting, name=holder.name)
        for key in ("l", "p", "x", "o", "e", "c", "y", "z", "del"):
            assert f"({key}) " in sitting.keys, key
        for key in ("h", "w"):
            assert f"({key}) " not in sitting.keys, key
    async with sat_down(hall, "kato") as sitting:
        await sitting.press("7")
        await sitting.until(lambda: "権限が必要です" in sitting.toasts)
        assert not isinstance(sitting.screen, ResidentsScreen | CounterScreen)
