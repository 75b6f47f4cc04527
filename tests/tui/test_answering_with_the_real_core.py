"""Inquiries by keys: whoever waits longest is first; taken, answered, given back and closed."""

from pathlib import Path

from textual.widgets import TextArea

from core.callers import Role
from tests import town
from tests.adapter import an_adapter
from tests.core.inquiries.makers import listed, set_hours, write
from tests.makers import a_contact
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.v1 import campaigns_pb2 as pb
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.screens.inquiries import InquiriesScreen
from tui.screens.inquiry import InquiryScreen
from tui.screens.residents import ResidentsScreen
from tui.screens.templates import TemplatesScreen


async def at_the_desk(sitting: Sitting) -> None:
    """Open the inquiries from the residents: who does no more is asked for no name first."""
    await sitting.press("7")
    await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
    await sitting.press("i")
    await sitting.until(lambda: isinstance(sitting.screen, InquiriesScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def given_to_mori(sitting: Sitting) -> None:
    """Give it to the only other who answers residents; then there is nobody else."""
    await sitting.press("t")
    await sitting.until(lambda: isinstance(sitting.screen, Choose))
    await sitting.press(*"mor", "enter")
    await sitting.until(lambda: "渡しました。" in sitting.toasts)
    await sitting.until(
        lambda: (
            isinstance(sitting.screen, InquiryScreen) and sitting.screen.chosen.assignee == "mori"
        )
    )
    await sitting.press("t")
    await sitting.until(lambda: "ほかに「問い合わせ」の権限を持つ人がいません" in sitting.toasts)


async def test_whoever_waits_longest_is_taken_answered_and_closed_by_keys(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        line, other = await a_town.channel(), await a_town.staff(Role.INQUIRIES, name="mori")
        await hire(a_town, "yuki", Role.INQUIRIES)
        await hire(a_town, "sato", Role.REVIEWER)
        first, second = [await a_contact(a_town, line) for _ in range(2)]
        await write(a_town, line, first.external_id, "ごみの日はいつですか。")
        a_town.clock.pass_by(minutes=5)
        await write(a_town, line, second.external_id, "窓口は何時までですか。")
        async with sat_down(a_town, "yuki") as sitting:
            await at_the_desk(sitting)
            await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
            assert sitting.screen.row.last_text == "ごみの日はいつですか。"
            await sitting.press("m")
            await sitting.until(lambda: "自分の受け持ちにしました" in sitting.toasts)
            await sitting.press("s")
            await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
            assert sitting.screen.row.assignee == "yuki"

            await sitting.press("d")
            await sitting.until(lambda: isinstance(sitting.screen, InquiryScreen))
            await sitting.until(lambda: sitting.screen.chosen is not None)
            await asking(sitting, "a")
            await sitting.sees("ごみの日はいつですか。")
            sitting.screen.query_one("#field-text", TextArea).text = "火曜日です。\n朝8時までに。"
            await act(sitting)
            await sitting.until(lambda: isinstance(sitting.screen, InquiryScreen))
            await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
            await sitting.sees("送信待ち")

            async with an_adapter(line) as adapter:
                adapter.ready(1)
                told = (await adapter.dispatch()).inquiry.text
            await given_to_mori(sitting)
            await sitting.press("o")
            await sitting.until(lambda: sitting.screen.chosen.assignee == "")
            await asking(sitting, "x")
            await act(sitting)
            await sitting.until(
                lambda: (
                    isinstance(sitting.screen, InquiryScreen)
                    and sitting.screen.chosen.state == pb.INQUIRY_STATE_CLOSED
                )
            )
            await sitting.press("a")
            await sitting.until(lambda: "終わった問い合わせです" in sitting.toasts)

        states = {one.last_text: one.state for one in await listed(other)}
        assert told == "火曜日です。\n朝8時までに。"
        assert states == {
            "火曜日です。 朝8時までに。": pb.INQUIRY_STATE_CLOSED,
            "窓口は何時までですか。": pb.INQUIRY_STATE_WAITING,
        }
    finally:
        await a_town.close()


async def test_an_answer_begins_from_a_kept_text_and_is_changed_before_it_goes(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        line = await a_town.channel()
        await hire(a_town, "yuki", Role.INQUIRIES)
        asked = await a_contact(a_town, line)
        await write(a_town, line, asked.external_id, "ごみの日はいつですか。")
        async with sat_down(a_town, "yuki") as sitting:
            await at_the_desk(sitting)
            await sitting.press("w")
            await sitting.until(lambda: isinstance(sitting.screen, TemplatesScreen))
            await sitting.until(lambda: not sitting.screen.live.loading)
            await asking(sitting, "n")
            sitting.screen.query_one("#field-text", TextArea).text = "{town}は火曜日です。"
            await fill_in(sitting, template_name="ごみの日")
            await sitting.sees("文(日本語)の {town} には、置きかえるものがありません")
            sitting.screen.query_one("#field-text", TextArea).text = "火曜日です。"
            await act(sitting)
            await sitting.until(lambda: "文例を保存しました" in sitting.toasts)
            await sitting.press("escape")
            await sitting.until(lambda: isinstance(sitting.screen, InquiriesScreen))
            await sitting.press("b")
            await sitting.until(lambda: isinstance(sitting.screen, Choose))
            await sitting.press("enter")
            await sitting.until(lambda: sitting.screen.query("#field-text"))
            text = sitting.screen.query_one("#field-text", TextArea)
            assert text.text == "火曜日です。"
            text.text += "中央一丁目です。"
            dialog = sitting.screen
            await sitting.press("escape")
            await sitting.sees("書いた内容を捨てます")
            await sitting.press("enter")
            await sitting.until(lambda: sitting.screen is dialog)
            await act(sitting)
            await sitting.until(lambda: "答えました" in sitting.toasts)
        async with an_adapter(line) as adapter:
            adapter.ready(1)
            assert (await adapter.dispatch()).inquiry.text == "火曜日です。中央一丁目です。"
    finally:
        await a_town.close()


async def test_an_answer_outside_the_hours_says_when_it_goes_out(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        line = await a_town.channel()
        await hire(a_town, "yuki", Role.INQUIRIES)
        await set_hours(a_town, "16:30", "17:15")
        asked = await a_contact(a_town, line)
        await write(a_town, line, asked.external_id, "ごみの日はいつですか。")
        async with sat_down(a_town, "yuki") as sitting:
            await at_the_desk(sitting)
            await sitting.press("d")
            await sitting.until(lambda: isinstance(sitting.screen, InquiryScreen))
            await sitting.until(lambda: sitting.screen.chosen is not None)
            await asking(sitting, "a")
            sitting.screen.query_one("#field-text", TextArea).text = "火曜日です。"
            await act(sitting)
            await sitting.until(lambda: "16:30 に送ります(答える時間の外のため)" in sitting.toasts)
            await sitting.sees("16:30 送信")
    finally:
        await a_town.close()


async def test_the_desk_is_for_those_who_answer_residents(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        await hire(a_town, "sato", Role.REVIEWER)
        async with sat_down(a_town, "sato") as sitting:
            await sitting.press("7")
            await sitting.until(lambda: isinstance(sitting.screen, Ask))
            await sitting.press("escape")
            await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
            await sitting.press("i")
            await sitting.until(lambda: "「問い合わせ」の権限が必要" in sitting.toasts)
            assert isinstance(sitting.screen, ResidentsScreen)
    finally:
        await a_town.close()
