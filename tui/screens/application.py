"""One application whole: what was answered, what the city holds, and what staff note and tick."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.activity_pb2 import Event
from todoke.v1.procedures_pb2 import Answer, GetProcedureRequest, GivenAnswer
from tui import formats, roles
from tui.desk import Desk, request_id
from tui.dialogs.choose import Choose
from tui.listing import Page
from tui.messages import RowsRead
from tui.screens.application_deeds import ApplicationDeeds
from tui.screens.application_dialogs import ask_attachment, ask_note
from tui.screens.application_lines import SECTIONS, Line, Whole, lines_of, panel_of
from tui.screens.application_states import DECIDABLE, state_of
from tui.screens.question import QuestionScreen
from tui.screens.still import Still
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

NOTES = 200


class ApplicationScreen(ApplicationDeeds, Still[Line]):
    """Every reading is a look that the audit log records."""

    SUBJECT = "application"
    KINDS: ClassVar[tuple[str, ...]] = ("application.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = ApplicationDeeds.NEEDS | dict.fromkeys(
        ("note", "tick", "compare"), roles.REVIEW
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *ApplicationDeeds.DEEDS,
        Binding("n", "note", "key.note"),
        Binding("c", "compare", "key.compare"),
        Binding("space", "tick", "key.tick"),
        Binding("d", "open_line", "key.open_line"),
        Binding("tab", "section(1)", "key.section"),
        Binding("shift+tab", "section(-1)", show=False),
    ]

    def __init__(self, desk: Desk, application_id: str) -> None:
        super().__init__(desk)
        self._application_id = application_id
        self._whole: Whole | None = None
        self._compared = False

    @property
    def chosen(self) -> pb.Application | None:
        return self._whole.application if self._whole is not None else None

    def table(self) -> LiveTable[Line]:
        words = self.words
        return LiveTable(
            [
                Column("", 3),
                Column(words("column.question"), 24, grow=1),
                Column(words("column.answer"), 30, grow=2),
            ],
            key=lambda line: line.key,
            cells=self._cells,
            empty=words("empty.application"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Line]:
        del token  # There is one page: an application has few lines.
        core, person = self.desk.core, self.desk.person
        request = pb.GetApplicationRequest(application_id=self._application_id)
        got = await core.ask(core.applications.GetApplication, request)
        whole = Whole(got.application, list(got.history))
        whole.prompts = {prompt.step: prompt for prompt in got.staff_prompts}
        if got.application.procedure:
            version = GetProcedureRequest(
                key=got.application.procedure, version=got.application.procedure_version
            )
            procedure = await core.ask(core.procedures.GetProcedure, version)
            whole.checklist = list(procedure.procedure.checklist)
        if person is not None and person.holds(roles.REVIEW):
            notes = pb.ListNotesRequest(application_id=self._application_id, page_size=NOTES)
            whole.notes = list((await core.ask(core.applications.ListNotes, notes)).notes)
            if self._compared:
                beside = pb.CompareApplicationRequest(application_id=self._application_id)
                told = await core.ask(core.applications.CompareApplication, beside)
                whole.facts = list(told.facts)
        self._whole = whole
        return Page(list(lines_of(self.words, whole)), "")

    def changed(self, events: Sequence[Event]) -> None:
        super().changed([one for one in events if one.subject == self._application_id])

    def heading(self) -> str:
        one = self.chosen
        if one is None:
            return ""
        approvals = ""
        if one.approvals_needed > 1 or one.approvers:
            names = self.words("comma").join(one.approvers) or self.words("none")
            approvals = self.words(
                "heading.approvals",
                names=names,
                count=len(one.approvers),
                needed=one.approvals_needed,
            )
        source = self.words(f"source.{pb.EntrySource.Name(one.source)}") if one.source else ""
        amount = self.words("yen", amount=formats.count(one.amount)) if one.amount else ""
        assignee = self.words("heading.assignee", name=one.assignee_name or self.words("none"))
        parts = (
            one.resident_name or self.words("unregistered"),
            one.program_title or one.procedure_title,
            amount,
            state_of(self.words, one),
            source,
            assignee,
            approvals,
        )
        return "  ".join(formats.plain(part) for part in parts if part)

    def panel(self, row: Line) -> Content:
        one = self.chosen
        if row.is_head and one is not None:
            left = ""
            if one.left_version:
                key = "KEPT" if one.kept_by else "LEFT"
                left = self.words(
                    f"state.APPLICATION_{key}", version=one.left_version, by=one.kept_by
                )
            lines = (
                self.facts(
                    ("fact.reference", one.reference),
                    ("fact.receipt", one.receipt_number),
                    ("fact.account", one.masked_account),
                    ("fact.roster_left", left),
                ),
                self.facts(
                    ("fact.submitted_at", formats.moment(one.submit_time)),
                    ("fact.decided_at", formats.moment(one.decide_time)),
                    ("fact.notice", one.notice_number),
                ),
            )
            return Content("\n").join(line for line in lines if line)
        return panel_of(self.words, row, self.size.width - 2)

    def why_not(self, action: str) -> str | None:
        line = self.row
        if action == "tick" and (line is None or line.item is None):
            return self.words("why.no_item")
        if action == "open_line" and (line is None or not self._opens(line)):
            return self.words("why.opens_nothing")
        if action in {"note", "compare", "tick"} and self.chosen is None:
            return self.words("why.not_read")
        return super().why_not(action)

    @on(RowsRead)
    def show_keys(self) -> None:
        self.refresh_bindings()

    @work(group="act", exclusive=True)
    async def action_note(self) -> None:
        if self.chosen is not None:
            await self.ask_for(ask_note(self.desk, self.chosen), "application.noted")

    def action_compare(self) -> None:
        """Put what the city holds beside it, which the audit log records; only when asked."""
        self._compared = True
        self.touch()

    @work(group="act", exclusive=True)
    async def action_tick(self) -> None:
        line, one = self.row, self.chosen
        if one is None or line is None or line.item is None:
            return
        checked = set(one.checked) ^ {line.item.key}
        request = pb.TickChecklistRequest(
            application_id=one.application_id,
            checked=sorted(checked),
            etag=one.etag,
            request_id=request_id(),
        )
        core = self.desk.core
        try:
            await core.ask(core.applications.TickChecklist, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        self.touch()

    @work(group="act", exclusive=True)
    async def action_open_line(self) -> None:
        """Save the files of an answer, or answer what staff are asked."""
        line = self.row
        if line is None or line.answer is None:
            return
        if line.answer.attachment_ids:
            ids = list(line.answer.attachment_ids)
            chosen: str | None = ids[0]
            if len(ids) > 1:
                names = [(f"{line.label} {at}", id) for at, id in enumerate(ids, start=1)]
                title = self.words("note.attachments")
                chosen = await self.app.push_screen_wait(Choose(title, names))
            if chosen is not None:
                await self.save(ask_attachment(self.desk, chosen, line.label))
        else:
            await self._answer(line.answer.step)

    def action_section(self, by: int) -> None:
        """Go to the heading of the section before or after."""
        lines = list(self.live.shown)
        heads = [at for at, line in enumerate(lines) if line.is_head]
        now = lines.index(self.row) if self.row in lines else 0
        later = [at for at in heads if at > now] if by > 0 else [at for at in heads if at < now]
        if later or heads:
            self.live.choose(later[0 if by > 0 else -1] if later else heads[0 if by > 0 else -1])

    async def _answer(self, step: str) -> None:
        one, whole = self.chosen, self._whole
        if one is None or whole is None or step not in whole.prompts:
            return

        async def answer(given: Answer, request_id: str) -> None:
            request = pb.AnswerForStaffRequest(
                application_id=one.application_id,
                answer=GivenAnswer(step=step, answer=given),
                etag=one.etag,
                request_id=request_id,
            )
            core = self.desk.core
            await core.ask(core.applications.AnswerForStaff, request)

        screen = QuestionScreen(self.desk, whole.prompts[step], answer)
        ended = await self.app.push_screen_wait(screen)
        if ended is not None:
            if ended.refused is not None:
                self.tell(str(self.words.refusal(ended.refused)), severity="error")
            else:
                self.tell(self.words("done.application.answered"))
            self.touch()

    def _opens(self, line: Line) -> bool:
        answer, whole, one = line.answer, self._whole, self.chosen
        if answer is None or whole is None or one is None:
            return False
        if answer.attachment_ids:
            return True
        return answer.staff and answer.step in whole.prompts and one.state in DECIDABLE

    def _cells(self, line: Line) -> Sequence[Cell]:
        if line.is_head:
            number = SECTIONS.index(line.section) + 1
            return "■", Toned(line.label, "head"), self.words.find(f"section_hint.{number}") or ""
        if line.item is not None:
            return line.mark, line.label, ""
        return line.mark, line.label, Toned(line.value, line.tone) if line.tone else line.value
