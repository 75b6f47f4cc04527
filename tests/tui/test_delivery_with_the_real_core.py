"""Delivery as it goes, what nobody can know, and what a campaign brought, with the real core."""

from datetime import date
from pathlib import Path

from core.callers import Role
from tests import town
from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.messaging.makers import a_draft, a_topic, people, plan_of, send, set_rules
from tests.makers import a_request_id, a_resident
from tests.tui.real_core import asking, fill_in, hire, resident_is_read, sat_down
from tests.tui.sitting import Sitting
from todoke.client import Core
from todoke.v1 import campaigns_pb2, dispatches_pb2
from todoke.v1.dispatches_pb2 import (
    LANE_BULK,
    LANE_PERSONAL,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
    OutcomeResult,
)
from tui.dialogs.note import Note
from tui.screens.campaign_results import ResultsScreen
from tui.screens.campaigns import CampaignsScreen
from tui.screens.deliveries import DeliveriesScreen
from tui.screens.live import LiveScreen
from tui.screens.unknown import UnknownScreen

TICK = 0.05


async def into(sitting: Sitting, key: str, kind: type) -> None:
    """Open the screen behind a key, and wait until it is read."""
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, kind))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def to_each(hall: town.Town, cards: Cards, number: int) -> tuple[Core, str]:
    """Begin a campaign that goes to people one by one; return the channel, and its id."""
    staff = await hall.staff()
    await a_topic(staff)
    await people(hall, cards, number)
    hall.clock.pass_by(minutes=5)
    campaign = await send(staff, a_draft("{name}様、訓練です。", lane=LANE_PERSONAL))
    await hall.do_waiting()
    return await hall.channel(), campaign


async def end(line: Core, result: OutcomeResult.ValueType, **more) -> None:
    """Take one dispatch and report what became of it."""
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), result, **more)
        assert await adapter.taken()


async def in_doubt(hall: town.Town, line: Core) -> None:
    """Let an adapter take a dispatch and say no more until its key is forgotten."""
    async with an_adapter(line) as lost:
        lost.ready(1)
        await lost.dispatch()
    hall.clock.pass_by(hours=25)
    await hall.running.jobs.run_due()


async def test_delivery_moves_by_itself_and_a_campaign_is_held_freed_and_ended_from_there(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    line, _ = await to_each(hall, cards, 2)
    async with sat_down(hall, "tanaka") as sitting:
        sitting.app.desk.tick_seconds = TICK
        await sitting.open("5")
        await into(sitting, "v", LiveScreen)
        await sitting.sees("異常 なし")
        await sitting.sees("0/2")
        await sitting.press("p")
        await sitting.sees("停止中")
        await sitting.press("r")
        await sitting.sees("配信中")
        quota = dispatches_pb2.ReportQuotaRequest(
            limit=200, used=190, period="2026-11", request_id=a_request_id()
        )
        await line.ask(line.dispatches.ReportQuota, quota)
        await sitting.sees("枠 LINE 2026-11 190/200通")  # No event tells of it: it ticks.
        await end(line, OUTCOME_RESULT_ACCEPTED)
        await sitting.sees("2/2")
        await sitting.sees("<0.1")
        await sitting.sees("···█")

        await send(await hall.staff(), a_draft("{town}の皆様", lane=LANE_BULK))
        await hall.do_waiting()
        await sitting.sees("LINE 一斉")
        await sitting.press("home")
        await asking(sitting, "x")
        await fill_in(sitting, reason="日付の誤り")
        await sitting.until(lambda: "取り消しました" in sitting.toasts)
        await sitting.sees("備考 日付の誤り")


async def test_what_was_refused_is_told_with_the_reason_and_who_may_only_look_holds_nothing(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "endo", Role.AUDITOR)
    line, _ = await to_each(hall, cards, 1)
    why = {"provider_message": "403 blocked", "blame": dispatches_pb2.BLAME_RECIPIENTS}
    await end(line, OUTCOME_RESULT_REFUSED, **why)
    async with sat_down(hall, "endo") as sitting:
        await sitting.open("5")
        await into(sitting, "v", LiveScreen)
        await sitting.sees("届かず(1時間) LINE 403 blocked 1人")
        await sitting.sees("配信の担当に見えます")  # And not that none is under way.
        await sitting.press("p")
        await sitting.until(lambda: "権限" in sitting.toasts)


async def test_of_what_nobody_knows_a_person_asks_whom_it_went_to_and_decides(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER, Role.COUNTER)
    line, _ = await to_each(hall, cards, 2)
    await in_doubt(hall, line)
    await a_resident(hall, line, cards.issue(a_holder(name="総社　花子")))
    await in_doubt(hall, line)
    async with sat_down(hall, "tanaka") as sitting:
        await sitting.sees("2 件 結果不明")
        await sitting.open("5")
        await sitting.sees("結果不明 2件(o で決める)")
        await into(sitting, "o", UnknownScreen)
        await sitting.sees("お知らせ 1人")
        await sitting.press("d")
        await resident_is_read(sitting)
        await sitting.sees("総社　花子")
        await sitting.press("escape")
        await asking(sitting, "a")
        await sitting.sees("もう送られません")
        await fill_in(sitting, reason="電話で確かめた")
        await sitting.until(lambda: "届いたものと記録しました" in sitting.toasts)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)

        await sitting.sees("配信「防災訓練のお知らせ」 2人")
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, DeliveriesScreen))
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await sitting.press("escape")
        await asking(sitting, "n")
        await sitting.sees("二度届きます")
        await fill_in(sitting, reason="電話で確かめた")
        await sitting.until(lambda: "新しい送信として並べました" in sitting.toasts)
        await sitting.sees("結果不明の送信はありません")


async def test_what_a_campaign_brought_is_seen_and_followed_up_to_whom_it_did_not_reach(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff, line = await hall.staff(), await hall.channel()
    await a_topic(staff)
    [missed] = await people(hall, cards, name="総社　花子", birth_date=date(1950, 4, 2))
    await people(hall, cards, birth_date=date(2000, 4, 2), address="岡山県総社市三須１番地")
    await send(staff)
    await hall.do_waiting()
    async with sat_down(hall, "tanaka") as sitting:
        sitting.app.desk.tick_seconds = TICK
        await sitting.open("5")
        await into(sitting, "c", CampaignsScreen)
        await into(sitting, "o", ResultsScreen)
        await sitting.sees("済んだ 0 / 2人")
        async with an_adapter(line) as adapter:
            for _ in range(3):  # Refused for its recipients, it is halved.
                adapter.ready(1)
                told = await adapter.dispatch()
                if missed.external_id in told.recipients:
                    adapter.report(told, OUTCOME_RESULT_REFUSED)
                else:
                    adapter.report(told, OUTCOME_RESULT_ACCEPTED)
                assert await adapter.taken()
        await sitting.sees("済んだ 2 / 2人")
        await sitting.sees("送れなかった 1")
        await sitting.sees("70〜79歳")

        await into(sitting, "d", DeliveriesScreen)
        await sitting.sees("総社　花子")
        await sitting.press("escape")
        await asking(sitting, "n")
        assert sitting.screen.query_one("#field-title").value == "再送: 防災訓練のお知らせ"
        await sitting.sees("届かなかった人 1人")
        await fill_in(sitting, follow="ENGAGEMENT_NOT_REACHED")
        await sitting.until(lambda: "下書きを作りました" in sitting.toasts)
    request = campaigns_pb2.ListCampaignsRequest(page_size=1)
    [again] = (await staff.ask(staff.campaigns.ListCampaigns, request)).campaigns
    draft = (await plan_of(staff, again.campaign_id)).draft
    preview = campaigns_pb2.PreviewSegmentRequest(condition=draft.recipients, topic=draft.topic)
    found = (await staff.ask(staff.campaigns.PreviewSegment, preview)).preview
    assert draft.message == a_draft().message
    assert (found.recipients + found.unreachable, again.state) == (
        1,
        campaigns_pb2.CAMPAIGN_STATE_DRAFT,
    )


async def test_nobody_is_offered_a_follow_up_where_everybody_has_it(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff, line = await hall.staff(), await hall.channel()
    await a_topic(staff)
    await people(hall, cards, 2)
    await send(staff)
    await hall.do_waiting()
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    async with sat_down(hall, "tanaka") as sitting:
        await sitting.open("5")
        await into(sitting, "c", CampaignsScreen)
        await into(sitting, "o", ResultsScreen)
        await asking(sitting, "n")
        await sitting.sees("届いたが開いていない人 2人")
        assert "届かなかった人" not in sitting.text
        await sitting.press("escape")
        await set_rules(staff, weekly_cap=1)
        await asking(sitting, "n")
        await sitting.sees("届いたが開いていない人 2人(週の上限で除く 2人)")


async def test_letters_go_to_those_whom_nothing_else_reached_and_are_counted(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    line, _ = await to_each(hall, cards, 1)
    await end(line, OUTCOME_RESULT_REFUSED, blame=dispatches_pb2.BLAME_RECIPIENTS)
    async with sat_down(hall, "tanaka") as sitting:
        sitting.app.desk.tick_seconds = TICK
        await sitting.open("5")
        await into(sitting, "v", LiveScreen)
        await into(sitting, "d", ResultsScreen)
        await sitting.sees("手紙 0通")
        await asking(sitting, "e")
        await fill_in(sitting, path=str(tmp_path))
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        assert pdfs_in(tmp_path) == [b"%PDF"]
        await sitting.press("enter")
        await sitting.sees("手紙 1通")


def pdfs_in(folder: Path) -> list[bytes]:
    """Return how the PDF files of a folder begin."""
    return [file.read_bytes()[:4] for file in folder.glob("*.pdf")]
