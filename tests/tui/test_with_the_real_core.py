"""The one story with the real core: from an empty town to the bank file, by keys alone."""

import hashlib
from pathlib import Path

from core.callers import Role
from tests import makers, town
from tests.cards import Cards
from tests.tui.real_core import asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.v1 import applications_pb2, dispatches_pb2
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.dialogs.roster import RosterDialog


async def test_staff_take_a_program_from_nothing_to_the_bank_file(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    a_town = await town.build(sqlite_database, tmp_path, **cards.settings)
    try:
        await hire(
            a_town,
            "hanako",
            Role.ELIGIBILITY,
            Role.REVIEWER,
            Role.PAYMENT_PROPOSER,
            Role.AUDITOR,
        )
        await hire(a_town, "jiro", Role.PAYMENT_APPROVER)
        line = await a_town.channel()
        card = cards.issue()
        resident = await makers.a_resident(a_town, line, card)
        roster = tmp_path / "roster.csv"
        roster.write_bytes(makers.a_roster(makers.a_roster_row(card.holder, 1)))

        async with sat_down(a_town, "hanako", tour=True) as sitting:
            await sitting.sees("1 人 登録")
            await sitting.sees("n で給付を新しく作ります")
            await lay_down_and_invite(sitting, roster)
            await answer(line, resident)
            await decide(sitting)
            await propose(sitting)
        async with sat_down(a_town, "jiro", tour=True) as sitting:
            saved = await release(sitting, tmp_path)
            assert saved.stat().st_size % 120 == 0
            await sitting.sees(hashlib.sha256(saved.read_bytes()).hexdigest())
        async with sat_down(a_town, "hanako", tour=True) as sitting:
            await sitting.open("6")
            await asking(sitting, "c", Note)
            await sitting.sees("改ざんは見つかりません")
    finally:
        await a_town.close()


SUMS = {"amount": "70000", "budget": "7000000", "begin_date": "R8.4.1", "end_date": "R13.3.31"}


async def lay_down_and_invite(sitting: Sitting, roster: Path) -> None:
    await sitting.open("2")
    await asking(sitting, "n")
    await fill_in(sitting, code="relief", title="給付金", description="給付です。", **SUMS)
    await sitting.sees("i で対象者名簿を取り込みます")
    await asking(sitting, "i", RosterDialog)
    sitting.screen.query_one("#path").value = str(roster)
    await sitting.press("enter")
    await sitting.sees("問題はありません。1行、合計 70,000円、文字コード cp932")
    await sitting.press("enter")
    await sitting.sees("m で名簿と登録者を突き合わせます")
    await asking(sitting, "m")
    await sitting.press("right", "enter")
    await sitting.sees("今回結ばれた組      1件")
    await sitting.press("escape")
    await asking(sitting, "p")
    await sitting.press("right", "enter")
    await sitting.sees("案内する人            1人")
    await sitting.press("escape")


async def answer(line, resident: makers.Registered) -> None:
    """Press はい on the invitation, as the resident's phone does."""

    async def ready():
        yield dispatches_pb2.PullDispatchesRequest(ready=dispatches_pb2.Ready(capacity=10))

    pulled = line.converse(line.dispatches.PullDispatches, ready())
    async for said in pulled:
        prompt = said.dispatch.prompt
        if prompt.application_id:
            break
    await pulled.aclose()
    request = applications_pb2.AnswerPromptRequest(
        external_id=resident.external_id,
        application_id=prompt.application_id,
        step=prompt.step,
        choice=prompt.choices[0].value,
        request_id=makers.a_request_id(),
    )
    await line.ask(line.applications.AnswerPrompt, request)


async def decide(sitting: Sitting) -> None:
    await sitting.open("3")
    await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
    await sitting.sees("口座の確認: はい")
    await asking(sitting, "a")
    await sitting.press("right", "enter")
    await sitting.until(lambda: not sitting.screen.live.shown)


async def propose(sitting: Sitting) -> None:
    await sitting.open("4")
    await asking(sitting, "n")
    await fill_in(sitting, transfer_date="2026-12-10")
    await sitting.sees("先に o で委託者を決めてください")
    await sitting.press("escape")
    await asking(sitting, "o")
    await fill_in(
        sitting,
        code="1234567890",
        name="ソウジャシ",
        bank="0168",
        branch="191",
        account_number="1234567",
    )
    await sitting.until(lambda: not isinstance(sitting.screen, Ask))
    await asking(sitting, "n")
    await fill_in(sitting, transfer_date="2026-12-10")
    await sitting.sees("? 承認待ち")
    await sitting.press("a")
    await sitting.until(lambda: "「支払承認」の権限が必要" in sitting.toasts)


async def release(sitting: Sitting, folder: Path) -> Path:
    await sitting.open("4")
    await asking(sitting, "a")
    await sitting.press("right", "enter")
    await sitting.sees("○ 承認済")
    await asking(sitting, "e")
    await fill_in(sitting, path=str(folder))
    await sitting.until(lambda: isinstance(sitting.screen, Note))
    return the_file_in(folder)


def the_file_in(folder: Path) -> Path:
    (saved,) = folder.glob("furikomi-*.txt")
    return saved
