"""The keys that do something with one inquiry, in the list and over its messages alike."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.staff_pb2 import ListStaffRequest, Staff
from tui import formats, roles
from tui.desk import Desk, request_id
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.choose import Choose
from tui.phone import said
from tui.screens.acting import Acting
from tui.screens.template_dialogs import choose_template
from tui.screens.templates import TemplatesScreen

LONGEST = 5_000
ON_ONE = frozenset({"answer", "answer_with", "take", "give", "release", "close_inquiry"})


class InquiryDeeds(Acting):
    """`chosen` is the inquiry that is meant."""

    DEEDS: ClassVar[list[BindingType]] = [
        Binding("a", "answer", "key.answer_inquiry"),
        Binding("b", "answer_with", "key.answer_with_template"),
        Binding("m", "take", "key.take"),
        Binding("t", "give", "key.give_to"),
        Binding("o", "release", "key.let_go"),
        Binding("x", "close_inquiry", "key.close_inquiry"),
        Binding("w", "templates", "key.templates"),
    ]
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys((*ON_ONE, "templates"), roles.INQUIRIES)

    @property
    def chosen(self) -> pb.Inquiry | None:
        """The inquiry that is meant; None where there is none."""
        raise NotImplementedError

    @property
    def me(self) -> str:
        return self.desk.person.staff.staff_id if self.desk.person else ""

    def why_not(self, action: str) -> str | None:
        if action not in ON_ONE:
            return None
        inquiry = self.chosen
        if inquiry is None:
            return self.words("why.no_row")
        if inquiry.state == pb.INQUIRY_STATE_CLOSED:
            return self.words("why.inquiry_closed")
        if action == "take" and inquiry.assignee_id == self.me:
            return self.words("why.inquiry_mine")
        if action == "release" and not inquiry.assignee_id:
            return self.words("why.inquiry_nobodys")
        return None

    @work(group="act", exclusive=True)
    async def action_answer(self) -> None:
        if self.chosen is not None:
            await self._answer(self.chosen)

    @work(group="act", exclusive=True)
    async def action_answer_with(self) -> None:
        """Begin the answer from a kept text, which is then written on."""
        inquiry = self.chosen
        if inquiry is None:
            return
        try:
            text = await choose_template(self.app, self.desk, pb.TEMPLATE_USE_ANSWER)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if text is not None:
            begun = said(text.message.body, self.words.language)
            await self._answer(inquiry, begun)

    async def _answer(self, inquiry: pb.Inquiry, begun: str = "") -> None:
        done = await self.ask_for(ask_answer(self.desk, inquiry, begun))
        if done:
            self.tell(done)

    def action_templates(self) -> None:
        self.app.push_screen(TemplatesScreen(self.desk, pb.TEMPLATE_USE_ANSWER))

    @work(group="act", exclusive=True)
    async def action_close_inquiry(self) -> None:
        if self.chosen is not None:
            await self.ask_for(ask_close(self.desk, self.chosen), "inquiry.closed")

    @work(group="act", exclusive=True)
    async def action_take(self) -> None:
        await self._assign(self.chosen, self.me, "inquiry.taken")

    @work(group="act", exclusive=True)
    async def action_give(self) -> None:
        """Give it to a colleague; whoever has it already is not offered."""
        inquiry = self.chosen
        if inquiry is None:
            return
        try:
            colleagues = await self._colleagues()
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        choices = [
            (one.display_name or one.name, one.staff_id)
            for one in colleagues
            if one.staff_id not in {self.me, inquiry.assignee_id}
        ]
        if not choices:
            self.tell(self.words("why.inquiry_nobody_else"), severity="warning")
            return
        hint, nothing = self.words("choose.narrow"), self.words("choose.nothing")
        dialog = Choose(self.words("inquiry_give"), choices, hint=hint, nothing=nothing)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            await self._assign(inquiry, chosen, "inquiry.given")

    async def _colleagues(self) -> list[Staff]:
        """Return all who answer residents."""
        core = self.desk.core
        pages = core.pages(core.staff.ListStaff, ListStaffRequest())
        everybody = [one async for page in pages for one in page.staff]
        return [one for one in everybody if roles.INQUIRIES & set(one.roles)]

    @work(group="act", exclusive=True)
    async def action_release(self) -> None:
        await self._assign(self.chosen, "", "inquiry.released")

    async def _assign(self, inquiry: pb.Inquiry | None, staff_id: str, done: str) -> None:
        core = self.desk.core
        if inquiry is None:
            return
        request = pb.AssignInquiryRequest(
            inquiry_id=inquiry.inquiry_id,
            staff_id=staff_id,
            etag=inquiry.etag,
            request_id=request_id(),
        )
        try:
            await core.ask(core.campaigns.AssignInquiry, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            self.tell(self.words(f"done.{done}"))
        self.touch()


def ask_answer(desk: Desk, inquiry: pb.Inquiry, begun: str = "") -> Ask:
    """Ask for the answer, over the words that it answers; it may have begun."""
    core = desk.core

    async def answer(answers: Answers, request_id: str) -> str:
        request = pb.AnswerInquiryRequest(
            inquiry_id=inquiry.inquiry_id,
            text=str(answers["text"]),
            etag=inquiry.etag,
            request_id=request_id,
        )
        due = (await core.ask(core.campaigns.AnswerInquiry, request)).due_time
        if not due.seconds:
            return desk.words("done.inquiry.answered")
        return desk.words("done.inquiry.answered_for_later", time=formats.moment(due))

    about = desk.words("ask.answer_inquiry.about", text=formats.plain(inquiry.last_text))
    fields = (Field("text", begun, label="field.answer_text", limit=LONGEST, is_long=True),)
    return Ask(desk.words, "answer_inquiry", answer, about=about, fields=fields)


def ask_close(desk: Desk, inquiry: pb.Inquiry) -> Ask:
    core = desk.core

    async def close(_: Answers, request_id: str) -> None:
        request = pb.CloseInquiryRequest(
            inquiry_id=inquiry.inquiry_id, etag=inquiry.etag, request_id=request_id
        )
        await core.ask(core.campaigns.CloseInquiry, request)

    about = desk.words("ask.close_inquiry.about", text=formats.plain(inquiry.last_text))
    return Ask(desk.words, "close_inquiry", close, about=about)
