"""The rules of sending are an administrator's to set, by keys alone, with the real core."""

from core.callers import Role
from tests import town
from tests.tui.real_core import asking, fill_in, hire, sat_down


async def test_an_administrator_sets_the_rules_of_sending_and_others_do_not(
    hall: town.Town,
) -> None:
    await hire(hall, "kato", Role.ADMINISTRATOR)
    async with sat_down(hall, "kato") as sitting:
        await sitting.open("5")
        await asking(sitting, "r")
        assert sitting.screen.query_one("#field-quiet_from").value == "21:00"
        given = {"quiet_from": "20:00", "weekly_cap": "2", "answer_from": "08:30"}
        await fill_in(sitting, **given, answer_to="", reason="要綱改正")
        await sitting.sees("始まりと終わりは両方要ります")
        await fill_in(sitting, answer_to="17:15", letter_window="20 12 90 60")
        await sitting.sees("上+高さは64まで")
        await fill_in(sitting, letter_window="25mm")
        await sitting.sees("20 12 90 45 のように")
        await fill_in(sitting, letter_window="２５、15、90、45")
        await sitting.until(lambda: "配信の決まりを変えました" in sitting.toasts)
        await asking(sitting, "r")
        assert sitting.screen.query_one("#field-answer_to").value == "17:15"
        assert sitting.screen.query_one("#field-letter_window").value == "25 15 90 45"
    async with sat_down(hall, "hara") as sitting:
        await sitting.open("5")
        await sitting.press("r")
        await sitting.until(lambda: "管理者" in sitting.toasts)
