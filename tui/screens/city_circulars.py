"""The city's circulars to leaders: write one, see whom it reaches, send, follow, take back."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from tui import formats, roles
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import circular_composing as composing
from tui.screens import circular_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.forwards import ForwardsScreen
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.rounds import circular_state, whole
from tui.widgets.live_table import Cell, Column, LiveTable

DRAFT, SCHEDULED, PUBLISHED, CLOSED = (
    pb.CIRCULAR_STATE_DRAFT,
    pb.CIRCULAR_STATE_SCHEDULED,
    pb.CIRCULAR_STATE_PUBLISHED,
    pb.CIRCULAR_STATE_CLOSED,
)
STATES_FOR = {
    "mend": (DRAFT, PUBLISHED, CLOSED),
    "preview": (DRAFT, SCHEDULED),
    "send": (DRAFT, SCHEDULED),
    "forwards": (PUBLISHED, CLOSED, pb.CIRCULAR_STATE_WITHDRAWN),
    "remind": (PUBLISHED,),
    "results": (PUBLISHED, CLOSED),
    "withdraw": (DRAFT, SCHEDULED, PUBLISHED, CLOSED),
}
"""Where a circular must be for an action to make sense; the core has the last word."""


class CityCircularsScreen(Acting, Leaf[pb.Circular]):
    SUBJECT = "city_circulars"
    KINDS: ClassVar[tuple[str, ...]] = ("circular.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        (*STATES_FOR, "compose", "details"), roles.ASSOCIATIONS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "compose", "key.create"),
        Binding("d", "details", "key.details"),
        Binding("e", "mend", "key.mend"),
        Binding("v", "preview", "key.preview_circular"),
        Binding("s", "send", "key.send_campaign"),
        Binding("w", "forwards", "key.forwards"),
        Binding("m", "remind", "key.remind"),
        Binding("o", "results", "key.circular_results"),
        Binding("x", "withdraw", "key.withdraw_circular"),
    ]

    def table(self) -> LiveTable[pb.Circular]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.went_out"), 11),
                Column(words("column.circular_title"), 18, grow=1),
                Column(words("column.circular_kind"), 10),
                Column(words("column.state"), 10),
                Column(words("column.due"), 10),
                Column(words("column.leaders"), 6, right=True),
                Column(words("column.read"), 6, right=True),
            ],
            key=lambda one: one.circular_id,
            cells=self._cells,
            empty=words("empty.city_circulars"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Circular]:
        core = self.desk.core
        request = pb.ListCircularsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.circulars.ListCirculars, request)
        return Page(answer.circulars, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.city_circulars")

    def panel(self, row: pb.Circular) -> Content:
        about = Content(self.words(f"about.{pb.CircularState.Name(row.state)}"))
        if row.targets.leaders_only:
            about = Content("\n").join([about, Content(self.words("about.leaders_only"))])
        lines = [
            about,
            self.facts(
                ("fact.author", formats.plain(row.author)),
                ("fact.version", row.version),
                ("fact.correction", formats.plain(row.correction)),
                ("fact.withdrawn", formats.plain(row.withdrawn)),
            ),
        ]
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action not in {*STATES_FOR, "details"}:
            return None
        circular, words = self.row, self.words
        if circular is None:
            return words("why.no_row")
        if action in STATES_FOR and circular.state not in STATES_FOR[action]:
            state = words(f"state.{pb.CircularState.Name(circular.state)}")
            return words("why.batch_state", state=state)
        if action == "results" and circular.kind == pb.CIRCULAR_KIND_NOTICE:
            return words("why.notice_asks_nothing")
        return None

    @work(group="act", exclusive=True)
    async def action_compose(self) -> None:
        await self._write(None)

    @work(group="act", exclusive=True)
    async def action_mend(self) -> None:
        """Change a draft, or correct what is out in a new version."""
        circular = await self._whole()
        if circular is None:
            return
        if circular.state == DRAFT:
            await self._write(circular)
        else:
            await self.ask_for(composing.ask_correct(self.desk, circular), "circular.corrected")

    async def _write(self, before: pb.Circular | None) -> None:
        """Ask what it says and to whom; then show whom it reaches."""
        try:
            dialog = await composing.ask_compose(self.desk, before)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        ended = await self.ended(dialog)
        if ended is not None and isinstance(ended.answer, pb.Circular):
            await self._show_preview(ended.answer)

    @work(group="act", exclusive=True)
    async def action_preview(self) -> None:
        if self.row is not None:
            await self._show_preview(self.row)

    async def _show_preview(self, circular: pb.Circular) -> None:
        try:
            text = await dialogs.preview_text(self.desk, circular)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        await self._note("circular_preview", circular, text)

    @work(group="act", exclusive=True)
    async def action_details(self) -> None:
        """Show what stands in it, draft or out."""
        circular = await self._whole()
        if circular is not None:
            await self._note("circular", circular, whole(self.words, circular))

    @work(group="act", exclusive=True)
    async def action_results(self) -> None:
        circular = await self._whole()
        if circular is None:
            return
        try:
            text = await dialogs.results_text(self.desk, circular)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        await self._note("circular_results", circular, text)

    @work(group="act", exclusive=True)
    async def action_send(self) -> None:
        circular = await self._whole()
        if circular is not None:
            await self.ask_for(dialogs.ask_send(self.desk, circular), "circular.sent")

    @work(group="act", exclusive=True)
    async def action_remind(self) -> None:
        if self.row is not None:
            said = await self.ask_for(dialogs.ask_remind(self.desk, self.row))
            if said:
                self.tell(said)

    @work(group="act", exclusive=True)
    async def action_withdraw(self) -> None:
        if self.row is None:
            return
        if self.row.state in {DRAFT, SCHEDULED}:
            dialog = dialogs.ask_discard(self.desk, self.row)
            await self.ask_for(dialog, "circular.discarded")
        else:
            dialog = dialogs.ask_withdraw(self.desk, self.row)
            await self.ask_for(dialog, "circular.withdrawn")

    def action_forwards(self) -> None:
        if self.row is not None:
            self.app.push_screen(ForwardsScreen(self.desk, self.row))

    async def _whole(self) -> pb.Circular | None:
        """Read the circular under the cursor with its text; say so where that is refused."""
        if self.row is None:
            return None
        core = self.desk.core
        request = pb.GetCircularRequest(circular_id=self.row.circular_id)
        try:
            return (await core.ask(core.circulars.GetCircular, request)).circular
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    async def _note(self, what: str, circular: pb.Circular, text: str | Content) -> None:
        title = self.words(f"note.{what}", title=formats.plain(circular.content.title))
        await self.app.push_screen_wait(Note(self.words, title, text))

    def _cells(self, one: pb.Circular) -> Sequence[Cell]:
        return (
            formats.moment(one.publish_time),
            one.content.title,
            self.words(f"circular_kind.{pb.CircularKind.Name(one.kind)}"),
            circular_state(self.words, one.state),
            one.due_date,
            formats.count(one.households),
            formats.count(one.read),
        )
