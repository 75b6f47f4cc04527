"""Dispatches, the audit log, the tour, help and the palette."""

import pytest

from tests.tui.fake_core import City
from tests.tui.sitting import signed_in
from todoke.v1.activity_pb2 import GetOverviewResponse
from todoke.v1.dispatches_pb2 import (
    DISPATCH_STATE_FAILED,
    DISPATCH_STATE_SENT,
    DISPATCH_STATE_UNKNOWN,
)
from tui import tour
from tui.dialogs.help import Help
from tui.dialogs.note import Note
from tui.screens.applications import ApplicationsScreen


def sending(city: City) -> None:
    city.add_dispatch(DISPATCH_STATE_SENT)
    city.add_dispatch(DISPATCH_STATE_FAILED, message="Not found")
    city.add_dispatch(DISPATCH_STATE_UNKNOWN)


def logged(city: City) -> None:
    program = city.add_program()
    city.record("program.created", program.program_id, "staff:mika", code="bukka1")
    city.record("roster.imported", program.program_id, "staff:mika", rows="1000")
    city.record("staff.signed_in", "s1", "staff:hanako")


async def test_an_unknown_outcome_says_that_a_person_must_look() -> None:
    async with signed_in(sending) as sitting:
        await sitting.sees("1 件 結果不明")
        await sitting.open("5")
        await sitting.sees("! 結果不明")
        await sitting.sees("自動では再送しません")
        await sitting.press("s", "s", "s", "s")
        await sitting.until(lambda: sitting.city.calls("ListDispatches")[-1].state == 4)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        await sitting.sees("Not found")


async def test_the_log_is_read_in_words_newest_first() -> None:
    async with signed_in(logged) as sitting:
        await sitting.open("6")
        first, second, third = sitting.screen.live.shown
        assert [first.seq, second.seq, third.seq] == [3, 2, 1]
        await sitting.press("down")
        await sitting.sees("rows=1000")
        await sitting.press("s")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)


@pytest.mark.parametrize(
    ("broken_at", "words"),
    [(0, "3件の記録がすべてつながっています"), (2, "番号 2 の記録が前とつながりません")],
)
async def test_the_chain_is_verified_and_the_outcome_told(broken_at: int, words: str) -> None:
    async with signed_in(logged) as sitting:
        sitting.city.broken_at = broken_at
        await sitting.open("6")
        await sitting.press("c")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees(words)


async def test_the_audit_log_is_closed_to_who_does_not_audit() -> None:
    async with signed_in(logged, name="jiro") as sitting:
        await sitting.press("6")
        await sitting.until(lambda: "「監査」の権限が必要" in sitting.toasts)
        assert not sitting.city.calls("ListEvents")


async def test_the_tour_follows_the_state_and_says_whose_turn_it_is() -> None:
    async with signed_in(tour=True, name="mika") as sitting:
        await sitting.sees("次は ▶ 2 を押して「給付」へ: n で給付を新しく作ります")
        program = sitting.city.add_program()
        sitting.city.add_application(program)
        sitting.city.record("application.submitted", actor="channel:line")
        await sitting.sees("「審査担当」の人の仕事です")
        await sitting.pilot.click("#tour-close")
        await sitting.until(lambda: "次は" not in sitting.text)
        await sitting.open("3")
        assert "次は" not in sitting.text


def test_the_tour_ends_with_nothing_left_to_do() -> None:
    city = City()
    program = city.add_program()
    assert tour.next_step(GetOverviewResponse()).name == "create"
    steps = []
    for states in (
        {"submitted": 1},
        {"approved": 1},
        {"in_payment": 1},
        {"invited": 1},
        {"paid": 1},
    ):
        program.counts.applications.clear()
        program.counts.applications.update(states)
        steps.append(tour.next_step(GetOverviewResponse(programs=[program])).name)
    assert steps == ["decide", "propose", "release", "wait", "done"]


async def test_help_names_the_keys_and_why_a_greyed_one_is_greyed() -> None:
    async with signed_in(logged, name="mika") as sitting:
        await sitting.open("3")
        await sitting.press("question_mark")
        await sitting.until(lambda: isinstance(sitting.screen, Help))
        await sitting.sees("a 承認 — この操作には「審査担当」の権限が必要です")
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, ApplicationsScreen))


async def test_the_palette_opens_screens() -> None:
    async with signed_in(logged) as sitting:
        await sitting.press("ctrl+p")
        await sitting.press("申", "請")
        await sitting.sees("届いた申請を")
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, ApplicationsScreen))
