"""Registering at the counter with the real core: two people, their papers, and a phone."""

from tests import makers, town
from tests.core.access.links import present
from tests.tui.real_core import (
    act,
    asking,
    fill_in,
    opened,
    put_forward,
    resident_is_read,
    sat_down,
    walked_again,
)
from tui.dialogs.code import CodeDialog


@walked_again
async def test_two_people_register_a_third_whose_phone_a_code_links(hall: town.Town) -> None:
    line = await hall.channel()
    async with sat_down(hall, "hara") as sitting:
        await put_forward(sitting)
        await sitting.sees("? 決定待ち")
        await sitting.sees("総社 ハナコ")
        await sitting.press("a")
        await sitting.until(lambda: "自分が読み取った登録は決められません" in sitting.toasts)

    async with sat_down(hall, "mori") as sitting:
        await sitting.sees("窓口で決める登録 1件")
        await sitting.open("8")
        await asking(sitting, "a")
        await sitting.sees("岡山県総社市中央１－１－１")
        await fill_in(sitting, reason="原本と照合した")
        await sitting.sees("総社 ハナコ さんの登録が済みました")
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        code = "".join(sitting.says("#code-grouped").split(" - "))
        await sitting.press("enter")
        await sitting.sees("○ 登録済")
        contact = await makers.a_contact(hall, line)
        await present(line, contact.external_id, code)

        await opened(sitting, name="総社 ハナコ")
        await sitting.sees("本人確認 窓口の書類")
        await sitting.sees("LINE")
        await sitting.sees("○ 届く")


@walked_again
async def test_who_is_registered_already_is_opened_from_the_counter(hall: town.Town) -> None:
    async with sat_down(hall, "hara") as sitting:
        await put_forward(sitting)
        await sitting.sees("? 決定待ち")
        # Nothing keeps two of the staff from reading the same papers.
        await put_forward(sitting, address="岡山県総社市中央１－１－１")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
    async with sat_down(hall, "mori") as sitting:
        await sitting.open("8")
        await asking(sitting, "a")
        await fill_in(sitting, reason="原本と照合した")
        await sitting.sees("登録が済みました")
        await sitting.press("escape")
        await sitting.sees("○ 登録済")
        await sitting.press("home")
        await asking(sitting, "a")
        await fill_in(sitting, reason="原本と照合した")
        await resident_is_read(sitting)
        await sitting.until(lambda: "この人はもう登録されています" in sitting.toasts)
        await sitting.press("escape")
        await put_forward(sitting)
        await resident_is_read(sitting)
        await sitting.sees("氏名 総社 ハナコ")


async def test_a_fact_that_is_none_is_told_at_its_field_and_stays_typed(hall: town.Town) -> None:
    async with sat_down(hall, "hara") as sitting:
        await put_forward(sitting, address="総社市 １２３４-５６７８-９０１８")
        await sitting.sees("マイナンバーと思われる12桁")
        await sitting.until(lambda: sitting.app.focused.id == "field-address")
        await fill_in(sitting, address="岡山県総社市中央1-1-1", family="総社\U0001f600")
        await sitting.until(lambda: sitting.app.focused.id == "field-family")
        assert sitting.screen.query_one("#field-given").value == "ﾊﾅｺ"
        await fill_in(sitting, family="総社", birth_date="2999-01-01")
        await sitting.until(lambda: sitting.app.focused.id == "field-birth_date")
        await fill_in(sitting, birth_date="S25.4.12")
        await sitting.sees("? 決定待ち")
