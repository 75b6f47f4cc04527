"""Drafts, segments and texts are deleted by one key, asked once, and not while they are in use."""

from core.callers import Role
from tests import town
from tests.core.messaging.makers import EVERYBODY, a_draft, a_topic, create
from tests.core.segments.test_segments import save
from tests.makers import a_request_id
from tests.tui.composing import back_at_the_campaigns, the_campaigns
from tests.tui.real_core import act, asking, hire, sat_down
from todoke.v1 import campaigns_pb2 as pb
from tui.screens.segments import SegmentsScreen
from tui.screens.templates import TemplatesScreen


async def test_what_is_kept_to_write_with_is_deleted_by_one_key(hall: town.Town) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff = await hall.staff()
    await a_topic(staff)
    everybody = await save(staff, "みんな", EVERYBODY)
    await create(staff, a_draft(recipients=pb.Condition(segment_id=everybody.segment_id)))
    template = pb.MessageTemplate(name="台風", message=a_draft().message)
    request = pb.SaveTemplateRequest(template=template, request_id=a_request_id())
    await staff.ask(staff.campaigns.SaveTemplate, request)
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await sitting.press("w")
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))
        await sitting.sees("みんな")
        await asking(sitting, "delete")
        await sitting.sees("配信条件「みんな」を削除します")
        await act(sitting)
        await sitting.until(lambda: "使われています: 防災訓練のお知らせ" in sitting.toasts)
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)

        await asking(sitting, "delete")
        await act(sitting)
        await sitting.until(lambda: "下書きを削除しました" in sitting.toasts)
        await sitting.until(lambda: not sitting.screen.live.shown)
        await sitting.press("w")
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))
        await sitting.sees("みんな")
        await asking(sitting, "delete")
        await act(sitting)
        await sitting.until(lambda: "配信条件を削除しました" in sitting.toasts)
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)

        await sitting.press("m")
        await sitting.until(lambda: isinstance(sitting.screen, TemplatesScreen))
        await sitting.sees("台風")
        await asking(sitting, "delete")
        await act(sitting)
        await sitting.until(lambda: "文例を削除しました" in sitting.toasts)
        await sitting.until(lambda: not sitting.screen.live.shown)
