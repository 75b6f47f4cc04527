"""The dashboard: counts that move by themselves, and the link."""

from tests.tui.fake_core import City
from tests.tui.sitting import signed_in
from todoke.v1.applications_pb2 import APPLICATION_STATE_INVITED, APPLICATION_STATE_SUBMITTED


def a_city(city: City) -> None:
    city.residents = 300
    program = city.add_program()
    for _ in range(3):
        city.add_application(program, state=APPLICATION_STATE_INVITED)


async def test_counts_move_by_themselves_when_something_happens() -> None:
    async with signed_in(a_city) as sitting:
        await sitting.sees("300 人 登録")
        await sitting.sees("0 件 審査待ち")
        application = next(iter(sitting.city.applications.values()))
        application.state = APPLICATION_STATE_SUBMITTED
        sitting.city.count(application.program_id)
        sitting.city.record("application.submitted", application.application_id, "channel:line")
        await sitting.sees("1 件 審査待ち")
        await sitting.sees("経路 line: 申請を受付")


async def test_an_event_without_words_is_told_by_its_kind() -> None:
    async with signed_in(a_city) as sitting:
        sitting.city.record("moon.risen", actor="core")
        await sitting.sees("システム: moon.risen")


async def test_a_city_without_programs_says_what_would_appear() -> None:
    async with signed_in() as sitting:
        await sitting.sees("給付はまだありません")
        await sitting.sees("まだ出来事はありません")


async def test_a_core_that_goes_away_is_told_with_what_was_last_read_and_found_again() -> None:
    async with signed_in(a_city) as sitting:
        await sitting.sees("物価高騰対策給付金")
        await sitting.fake.go_away()
        await sitting.sees("切断・再接続中")
        await sitting.sees("自動で再試行しています")
        assert "物価高騰対策給付金" in sitting.text
        sitting.city.record("program.created", actor="staff:mika")
        await sitting.fake.come()
        await sitting.sees("● 接続中")
        await sitting.sees("mika: 給付を作成")
        assert "自動で再試行" not in sitting.text


async def test_a_stale_cursor_is_given_up_and_the_counts_read_anew() -> None:
    async with signed_in(a_city) as sitting:
        await sitting.sees("300 人 登録")
        before = len(sitting.city.calls("GetOverview"))
        sitting.city.refuse("WatchEvents", "CURSOR_EXPIRED")
        sitting.city.closing = True
        sitting.city.wake()
        await sitting.until(lambda: not sitting.city.refusals["WatchEvents"])
        sitting.city.closing = False
        await sitting.until(lambda: len(sitting.city.calls("GetOverview")) > before)
        await sitting.sees("● 接続中")


async def test_a_tab_opens_its_screen_with_the_mouse() -> None:
    async with signed_in(a_city) as sitting:
        await sitting.pilot.click("#tabs", offset=(12, 0))
        await sitting.sees("受付中")
