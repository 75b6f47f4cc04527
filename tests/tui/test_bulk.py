"""Bulk decisions: what is listed is counted, decided at once, watched, and stopped."""

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from todoke.v1 import applications_pb2 as pb
from tui.dialogs.ask import Ask
from tui.screens.bulk import BulkScreen


def two_programs(city: City) -> None:
    for title in ("物価高騰対策給付金", "子育て応援給付"):
        program = city.add_program(title)
        for _ in range(4):
            city.add_application(program)


async def narrowed(sitting: Sitting) -> None:
    program = next(iter(sitting.city.programs))
    await sitting.press("f")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    sitting.screen.query_one("#field-program_id").value = program
    await act(sitting)
    await sitting.until(lambda: not isinstance(sitting.screen, Ask))
    await sitting.until(lambda: len(sitting.screen.live.shown) == 4)


async def test_a_program_must_be_chosen_before_many_are_decided() -> None:
    async with signed_in(two_programs) as sitting:
        await sitting.open("3")
        await sitting.press("v")
        await sitting.until(lambda: "先に f で給付を選び" in sitting.toasts)
        assert not sitting.city.calls("BeginBulkDecision")


async def test_rejecting_many_takes_a_reason_and_can_be_stopped() -> None:
    async with signed_in(two_programs) as sitting:
        await sitting.open("3")
        await narrowed(sitting)
        await sitting.press("v")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await sitting.sees("見えている 4件")
        sitting.screen.query_one("#field-verb").value = "BULK_VERB_REJECT"
        await act(sitting)
        await sitting.sees("却下には、住民が読む理由が要ります")
        sitting.screen.query_one("#field-bulk_reason").value = "対象外のため"
        await act(sitting)
        await sitting.sees("却下を試しました(まだ何も変わっていません)")
        await sitting.sees("4件のうち 4件を見て、決められるもの 3件")
        sitting.screen.query_one("#field-bulk_count").value = "40"
        await act(sitting)
        await sitting.sees("決める件数と違います")
        sitting.screen.query_one("#field-bulk_count").value = "４"
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, BulkScreen))
        await sitting.sees("… 進行中")
        await sitting.sees("3/4")
        (begun,) = sitting.city.calls("BeginBulkDecision")
        assert (begun.expected_count, begun.verb) == (4, pb.BULK_VERB_REJECT)
        assert not begun.application_ids

        await sitting.press("x")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        sitting.screen.query_one("#field-reason").value = "数え直す"
        await act(sitting)
        await sitting.sees("― 中止")
        await sitting.sees("1件 ")


async def test_what_came_meanwhile_is_counted_anew() -> None:
    async with signed_in(two_programs) as sitting:
        await sitting.open("3")
        await narrowed(sitting)
        await sitting.press("v")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        program = next(iter(sitting.city.programs.values()))
        sitting.city.add_application(program)
        await act(sitting)
        await sitting.until(lambda: sitting.screen.query("#field-bulk_count"))
        sitting.screen.query_one("#field-bulk_count").value = "4"
        await act(sitting)
        await sitting.sees("見ていたときと件数が変わりました(いま 5件)")
