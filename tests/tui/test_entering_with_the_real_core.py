"""Entering at the counter what came on paper, with the real core and every kind of question."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.applications.rows import Application
from core.callers import Role
from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.applications.procedures import publish
from tests.tui.every_kind import EVERY_KIND
from tests.tui.real_core import act, fill_in, hire, opened, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.questions.box import Box
from tui.screens.application import ApplicationScreen
from tui.screens.walking import WalkScreen


@pytest.fixture
async def desk(sqlite_database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[town.Town]:
    """A town with a resident, a clerk, and a procedure that asks with every kind of input."""
    built = await town.build(sqlite_database, tmp_path, **cards.settings)
    await hire(built, "hara", Role.COUNTER, Role.REVIEWER)
    await publish(built, EVERY_KIND)
    clerk = await built.staff()
    await makers.a_program(clerk, procedure="every_kind", open_to_all=True)
    line = await built.channel()
    await makers.a_resident(built, line, cards.issue(a_holder(name="総社　春子")))
    yield built
    await built.close()


async def begun(sitting: Sitting) -> None:
    """From the resident's screen to the first question."""
    await opened(sitting, name="総社 春子")
    await sitting.press("n")
    await sitting.until(lambda: isinstance(sitting.screen, Choose))
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    await fill_in(sitting, receive_date="R8.11.24")
    await sitting.until(lambda: isinstance(sitting.screen, WalkScreen))


async def asked(sitting: Sitting, text: str) -> None:
    """Wait for a question, and until its box is ready to be answered."""
    await sitting.sees(text)
    await sitting.until(lambda: sitting.app.focused is not None and sitting.screen.query(Box))


def part(sitting: Sitting, field: str):
    return sitting.screen.query_one(f"#part-{field}")


async def write(sitting: Sitting, **fields: str) -> None:
    """Put texts into the parts of an answer, and go on."""
    for field, text in fields.items():
        part(sitting, field.replace("__", "-")).value = text
    await sitting.pilot.pause()
    await sitting.press("pagedown")


async def to_the_review(sitting: Sitting) -> None:
    await asked(sitting, "本人の書類を手もとに")
    await sitting.press("enter")
    await asked(sitting, "どのようなご用件ですか")
    await sitting.press("2")
    await asked(sitting, "ご希望をお選びください")
    await sitting.press("space", "enter")
    await asked(sitting, "前はいつでしたか")
    await write(sitting, text="去年")
    await asked(sitting, "お名前をカナで")
    await write(sitting, text="そうじゃ 春子")
    await sitting.sees("カタカナかひらがなで入力してください")
    await write(sitting, text="そうじゃ はるこ")
    await asked(sitting, "何人で使いますか")
    await write(sitting, number="４")
    await sitting.sees("4人では使えません")
    await write(sitting, number="3人")
    await asked(sitting, "いつからですか")
    part(sitting, "date").value = "R8.12.1"
    await sitting.sees("= 2026-12-01(令和8年12月1日)")
    await sitting.press("enter")
    await asked(sitting, "いつお話しできますか")
    await write(sitting, date="R8.12.2", time="1330")
    await asked(sitting, "どこから乗りますか")
    await sitting.press("ctrl+o")
    await asked(sitting, "住所を教えてください")
    await sitting.type("7191131")
    await sitting.sees("〒719-1131")
    await sitting.press("enter")
    await sitting.until(lambda: sitting.app.focused.id == "part-rest")
    await write(sitting, rest="1-1")
    await asked(sitting, "振込口座を教えてください")
    await the_account(sitting)
    await asked(sitting, "いっしょに使う人を")
    people = {"name": "総社 夏", "kana": "ソウジャ ナツ", "birth_date": "H30.5.5"}
    await write(sitting, **{f"members__0__{field}": text for field, text in people.items()})
    await asked(sitting, "どの回にしますか")
    await write(sitting, quantity="2")
    await asked(sitting, "証明書を付けてください")
    await sitting.press("enter")
    await sitting.sees("紙のまま保管するときは ^O で飛ばします")
    await sitting.press("ctrl+o")
    await asked(sitting, "次のことに同意しますか")
    await sitting.press("pagedown")
    await sitting.sees("同意がないと進めません")
    await sitting.press("space", "pagedown")
    await asked(sitting, "署名してください")
    await sitting.press("ctrl+o")
    await sitting.sees("出す前の確認")


async def the_account(sitting: Sitting) -> None:
    """Take bank and branch from what is offered for their names."""
    part(sitting, "bank").focus()
    await sitting.type("ちゅうごく")
    await sitting.sees("中国銀行 0168")
    await sitting.press("enter")
    await sitting.until(lambda: sitting.app.focused.id == "part-branch")
    await sitting.type("総社")
    await sitting.sees("総社支店 191")
    await sitting.press("enter")
    await sitting.until(lambda: sitting.app.focused.id == "part-account_type")
    await write(sitting, account_number="1234567", holder_kana="ソウジヤ ハルコ")


async def test_a_paper_is_entered_question_by_question_mended_and_filed(
    desk: town.Town,
) -> None:
    async with sat_down(desk, "hara") as sitting:
        await begun(sitting)
        await to_the_review(sitting)
        await sitting.press("home", "down")
        assert sitting.app.focused.selected.label == "希望"
        await sitting.press("up", "enter")
        await asked(sitting, "どのようなご用件ですか")
        await sitting.press("1")
        # What was answered after it stands; what is not asked any more is gone.
        await sitting.sees("出す前の確認")
        assert "前回" not in sitting.text
        await sitting.press("pagedown")
        await sitting.until(lambda: sitting.app.focused.id == "file")
        await sitting.press("enter")
        await sitting.until(lambda: "受け付けました" in sitting.toasts)

        await begun_again(sitting)


async def begun_again(sitting: Sitting) -> None:
    """Enter it once more: the one that is there is opened instead."""
    await sitting.until(lambda: not isinstance(sitting.screen, WalkScreen))
    await sitting.press("n")
    await sitting.until(lambda: isinstance(sitting.screen, Choose))
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    await fill_in(sitting, receive_date="R8.11.24")
    await sitting.until(lambda: isinstance(sitting.screen, ApplicationScreen))
    await sitting.sees("総社 春子  物価高騰対応給付金")
    await sitting.sees("紙・郵送")


async def test_nothing_is_kept_of_what_is_left_and_going_back_keeps_the_answers(
    desk: town.Town,
) -> None:
    async with sat_down(desk, "hara") as sitting:
        await begun(sitting)
        await asked(sitting, "本人の書類を手もとに")
        await sitting.press("enter")
        await asked(sitting, "どのようなご用件ですか")
        await sitting.press("2")
        await asked(sitting, "ご希望をお選びください")
        await sitting.press("ctrl+o")
        await sitting.sees("この設問は飛ばせません")
        await sitting.press("ctrl+r")
        await sitting.sees("ここまでの答え")
        await sitting.sees("二度目")
        await sitting.press("escape")
        await asked(sitting, "ご希望をお選びください")
        await sitting.press("pageup")
        await asked(sitting, "どのようなご用件ですか")
        assert sitting.app.focused.highlighted == 1
        await sitting.press("escape")
        await sitting.sees("1問の答えを捨てます")
        await act(sitting)
        await sitting.until(lambda: not isinstance(sitting.screen, WalkScreen | Ask))
        kept = select(func.count()).select_from(Application)
        assert await desk.read(lambda s: s.scalar(kept)) == 0
