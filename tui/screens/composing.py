"""The composer: what a campaign says, in which languages, to whom and how often."""

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_BULK, Lane
from tui import formats, roles
from tui.conditions import tree
from tui.conditions.known import read_named
from tui.conditions.wording import tree_lines, worded
from tui.desk import Desk, request_id
from tui.dialogs.choose import Choose
from tui.dialogs.choose_several import ChooseSeveral
from tui.dialogs.note import Note
from tui.screens.campaign_plan import plan_text
from tui.screens.composing_dialogs import (
    ask_letters,
    ask_repeat,
    ask_title,
    lane_choices,
)
from tui.screens.condition_dialogs import CHANNELS
from tui.screens.segment import SegmentScreen
from tui.screens.template_dialogs import ask_keep, choose_template
from tui.screens.testers import Testers
from tui.screens.writing import WritingScreen
from tui.screens.writing_parts import Part, sending_parts


class ComposingScreen(WritingScreen):
    """With a plan it is a draft that is revised; else a new one."""

    SUBJECT = "composing"
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        **WritingScreen.NEEDS,
        **dict.fromkeys(("begin_from", "keep_text", "plan", "test"), roles.MESSENGERS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *WritingScreen.WRITING,
        Binding("b", "begin_from", "key.begin_from_template"),
        Binding("m", "keep_text", "key.keep_as_template"),
        Binding("v", "plan", "key.campaign_plan"),
        Binding("y", "test", "key.test_campaign"),
    ]

    def __init__(self, desk: Desk, plan: pb.CampaignPlan | None = None) -> None:
        self.plan = plan
        self.draft = pb.CampaignDraft(lane=LANE_BULK)
        if plan is not None:
            self.draft.CopyFrom(plan.draft)
        super().__init__(desk, self.draft.message)

    def parts(self) -> Iterator[Part]:
        words, draft, known = self.words, self.draft, self.known
        none = words("none_yet")
        yield Part("title", words("field.campaign_title"), draft.title or none)
        yield Part("topic", words("field.topic"), known.topics.get(draft.topic, none))
        yield Part("whom", words("section.whom"), self._whom() or none)
        yield from super().parts()
        yield from sending_parts(words, draft)

    def panel(self, row: Part) -> Content:
        """Show to whom it goes as a tree, a line a condition."""
        if row.name != "whom" or row.name in self.wrong:
            return super().panel(row)
        return Content("\n".join(tree_lines(self.words, self.known, self._recipients)))

    def heading(self) -> str:
        words = self.words
        parts = [words("heading.new_campaign")]
        if self.plan is not None:
            count = formats.count(self.plan.recipients)
            parts = [words("heading.campaign_draft", author=self.plan.author, count=count)]
            if self.plan.needs_approval:
                parts.append(words("note.campaign_needs_approval"))
        if self.unsaved:
            parts.append(words("heading.unsaved"))
        return "  ".join(parts)

    def take(self, message: pb.CampaignMessage) -> None:
        self.draft.message.CopyFrom(message)
        self.message = self.draft.message

    async def learn(self) -> None:
        """Know by name what the tree names, too; where there is one topic alone it is that."""
        await super().learn()
        await read_named(self.desk, self.known, self._recipients)
        if not self.draft.topic and len(self.known.topics) == 1:
            (self.draft.topic,) = self.known.topics

    def why_not(self, action: str) -> str | None:
        if action in {"plan", "test"} and (self.plan is None or self.unsaved):
            return self.words("why.save_first")
        return super().why_not(action)

    async def change(self, name: str, key: str) -> None:
        ways = {
            "title": self._change_title,
            "whom": self._choose_whom,
            "topic": self._choose_topic,
            "lane": self._choose_lane,
            "channels": self._choose_channels,
            "repeat": self._choose_repeat,
            "letter_after_days": self._change_letters,
        }
        await (ways[name]() if name in ways else super().change(name, key))

    async def keep(self) -> None:
        core = self.desk.core
        if self.plan is None:
            create = pb.CreateCampaignRequest(draft=self.draft, request_id=request_id())
            self.plan = (await core.ask(core.campaigns.CreateCampaign, create)).plan
        else:
            revise = pb.ReviseCampaignRequest(
                campaign_id=self.plan.campaign.campaign_id,
                draft=self.draft,
                etag=self.plan.etag,
                request_id=request_id(),
            )
            self.plan = (await core.ask(core.campaigns.ReviseCampaign, revise)).plan
        self.tell(self.words("done.campaign.saved"))

    @work(group="act", exclusive=True)
    async def action_plan(self) -> None:
        if self.plan is None:
            return
        try:
            text = await plan_text(self.desk, self.plan)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        title = self.words("note.campaign_plan", title=formats.plain(self.draft.title))
        await self.app.push_screen_wait(Note(self.words, title, text))

    @work(group="act", exclusive=True)
    async def action_begin_from(self) -> None:
        """Take over what a template says; what was written is gone, and not yet kept."""
        try:
            chosen = await choose_template(self.app, self.desk, pb.TEMPLATE_USE_MESSAGE)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if chosen is not None:
            self.written(chosen.message)

    @work(group="act", exclusive=True)
    async def action_keep_text(self) -> None:
        kept = pb.MessageTemplate(
            name=self.draft.title, message=self.message, use=pb.TEMPLATE_USE_MESSAGE
        )
        await self.ask_for(ask_keep(self.desk, kept), "template.saved")

    @work(group="act", exclusive=True)
    async def action_test(self) -> None:
        if self.plan is not None:
            try:
                sent = await Testers(self.app, self.desk).send(self.plan.campaign.campaign_id)
            except CoreError as error:
                self.tell(str(self.words.refusal(error)), severity="error")
                return
            if sent is not None:
                later = "_for_later" if sent.due_time.seconds else ""
                time = formats.moment(sent.due_time)
                self.tell(self.words(f"done.campaign.tested{later}", count=sent.queued, time=time))

    @property
    def _recipients(self) -> pb.Condition | None:
        return self.draft.recipients if self.draft.HasField("recipients") else None

    async def _change_title(self) -> None:
        ended = await self.ended(ask_title(self.desk, self.draft.title))
        if ended is not None and isinstance(ended.answer, str):
            self.draft.title = ended.answer
            self.touched()

    async def _change_letters(self) -> None:
        ended = await self.ended(ask_letters(self.desk, self.draft.letter_after_days))
        if ended is not None and isinstance(ended.answer, int):
            self.draft.letter_after_days = ended.answer
            self.touched()

    async def _choose_topic(self) -> None:
        labels = [(title, one) for one, title in self.known.topics.items()]
        if (topic := await self._one("writing.which_topic", labels, self.draft.topic)) is not None:
            self.draft.topic = topic
            self.touched()

    async def _choose_lane(self) -> None:
        labels, held = lane_choices(self.words), Lane.Name(self.draft.lane)
        if (lane := await self._one("field.lane", labels, held)) is not None:
            self.draft.lane = Lane.Value(lane)
            self.touched()

    async def _choose_whom(self) -> None:
        """Let whom it goes to be composed; the topic comes first, since who left it is not told."""
        if not self.draft.topic:
            await self._choose_topic()
        if not self.draft.topic:
            return

        def use(condition: pb.Condition) -> None:
            self.draft.recipients.CopyFrom(condition)
            self.touched()

        draft = self.draft
        counted = pb.PreviewSegmentRequest(
            topic=draft.topic, lane=draft.lane, channels=draft.channels
        )
        held = self._recipients
        self.app.push_screen(SegmentScreen(self.desk, condition=held, counted=counted, use=use))

    async def _choose_channels(self) -> None:
        labels = [(self.words.channel(one), one) for one in CHANNELS]
        dialog = ChooseSeveral(
            self.words,
            self.words("writing.channels"),
            labels,
            chosen=self.draft.channels,
            about=self.words("writing.channels_about"),
        )
        chosen: list[str] | None = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.draft.channels[:] = chosen
            self.touched()

    async def _choose_repeat(self) -> None:
        ended = await self.ended(ask_repeat(self.desk, self.draft))
        if ended is not None and isinstance(ended.answer, pb.CampaignDraft):
            for name in ("repeat", "repeat_until", "repeat_except"):
                self.draft.ClearField(name)
            self.draft.MergeFrom(ended.answer)
            self.touched()

    async def _one(self, title: str, labels: list[tuple[str, str]], held: str) -> str | None:
        dialog = Choose(self.words(title), labels, chosen=held)
        chosen: str | None = await self.app.push_screen_wait(dialog)
        return chosen

    def _whom(self) -> str:
        said = (
            worded(self.words, self.known, node.condition) for node in tree.nodes(self._recipients)
        )
        return " / ".join(said)
