"""What went round in an association: kind, dates and counts; to read inside takes a reason."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import circulars_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.paper import PaperScreen
from tui.screens.paper_dialogs import Sheets, ask_sheets
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.wording import Words

REASON = 500
TONES = {
    pb.CIRCULAR_STATE_DRAFT: "quiet",
    pb.CIRCULAR_STATE_SCHEDULED: "warn",
    pb.CIRCULAR_STATE_PUBLISHED: "good",
    pb.CIRCULAR_STATE_CLOSED: "quiet",
    pb.CIRCULAR_STATE_WITHDRAWN: "bad",
}


class RoundsScreen(Acting, Leaf[pb.Round]):
    SUBJECT = "rounds"
    KINDS: ClassVar[tuple[str, ...]] = ("circular.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("inspect", "paper"), roles.ASSOCIATIONS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "inspect", "key.inspect"),
        Binding("p", "paper", "key.enter_sheets"),
    ]

    def __init__(self, desk: Desk, association: pb.Association) -> None:
        super().__init__(desk)
        self._association = association

    def table(self) -> LiveTable[pb.Round]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.went_out"), 11),
                Column(words("column.circular_kind"), 12, grow=1),
                Column(words("column.sender"), 8),
                Column(words("column.state"), 10),
                Column(words("column.due"), 10),
                Column(words("column.households"), 6, right=True),
                Column(words("column.read"), 6, right=True),
                Column(words("column.unread_share"), 5, right=True),
            ],
            key=lambda one: one.circular_id,
            cells=self._cells,
            empty=words("empty.rounds"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Round]:
        core = self.desk.core
        request = pb.ListRoundsRequest(
            association_id=self._association.association_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.circulars.ListRounds, request)
        return Page(answer.rounds, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.rounds", name=formats.plain(self._association.name))

    def panel(self, row: pb.Round) -> Content:
        words = self.words
        read = words(
            "read_by", read=formats.count(row.read), households=formats.count(row.households)
        )
        return Content("\n").join(
            [self.facts(("fact.read_by", read)), Content(words("about.round"))]
        )

    def why_not(self, action: str) -> str | None:
        if action not in {"inspect", "paper"}:
            return None
        if self.row is None:
            return self.words("why.no_row")
        is_back = self.row.state == pb.CIRCULAR_STATE_WITHDRAWN
        return self.words("why.taken_back") if action == "paper" and is_back else None

    @work(group="act", exclusive=True)
    async def action_inspect(self) -> None:
        """Look into a circular, after the reason was asked for; the chair is told."""
        if self.row is None:
            return
        ended = await self.ended(ask_inspect(self.desk, self._association, self.row))
        if ended is not None and isinstance(ended.answer, pb.Circular):
            circular, words = ended.answer, self.words
            title = words("note.circular", title=formats.plain(circular.content.title))
            await self.app.push_screen_wait(Note(words, title, whole(words, circular)))

    @work(group="act", exclusive=True)
    async def action_paper(self) -> None:
        """Enter the sheets that the association handed in, after the reason was asked for."""
        if self.row is None:
            return
        ended = await self.ended(ask_sheets(self.desk, self._association, self.row))
        if ended is not None and isinstance(ended.answer, Sheets):
            self.app.push_screen(PaperScreen(self.desk, ended.answer))

    def _cells(self, one: pb.Round) -> Sequence[Cell]:
        words = self.words
        return (
            formats.moment(one.publish_time),
            words(f"circular_kind.{pb.CircularKind.Name(one.kind)}"),
            words("from_city" if one.from_city else "from_association"),
            circular_state(words, one.state),
            one.due_date,
            formats.count(one.households),
            formats.count(one.read),
            unread(one),
        )


def circular_state(words: Words, state: pb.CircularState.ValueType) -> Cell:
    return Toned(words(f"state.{pb.CircularState.Name(state)}"), TONES.get(state, ""))


def unread(one: pb.Round) -> str:
    """Write how large a part has not read, in hundredths."""
    return f"{100 * (one.households - one.read) // one.households}%" if one.households else ""


def ask_inspect(desk: Desk, association: pb.Association, one: pb.Round) -> Ask:
    words, core = desk.words, desk.core

    async def inspect(answers: Answers, request_id: str) -> pb.Circular:
        request = pb.InspectCircularRequest(
            circular_id=one.circular_id, reason=str(answers["reason"]), request_id=request_id
        )
        return (await core.ask(core.circulars.InspectCircular, request)).circular

    about = words(
        "ask.inspect.about",
        name=formats.plain(association.name),
        time=formats.moment(one.publish_time),
    )
    fields = (Field("reason", limit=REASON),)
    return Ask(words, "inspect", inspect, about=about, fields=fields, grave=True)


def whole(words: Words, circular: pb.Circular) -> Content:
    """Write all that stands in a circular: its text, what it asks, how many files."""
    content = circular.content
    asked = [
        words("circular_question", text=formats.plain(one.text), options=_options(words, one))
        for one in content.questions
    ]
    if content.HasField("vote"):
        rules = "secret" if content.vote.secret else "open"
        asked.append(words(f"circular_vote_{rules}", options=_options(words, content.vote)))
    lines = [
        words(
            "circular_head",
            kind=words(f"circular_kind.{pb.CircularKind.Name(circular.kind)}"),
            author=formats.plain(circular.author),
            due=circular.due_date or words("none"),
            files=len(content.file_ids),
        ),
        words("withdrawn_because", reason=circular.withdrawn) if circular.withdrawn else "",
        "",
        *(formats.plain(line) for line in content.body.splitlines()),
        *asked,
    ]
    return Content("\n".join(lines))


def _options(words: Words, asked: pb.CircularQuestion | pb.VoteRules) -> str:
    labels = [formats.plain(one.label) for one in asked.options]
    return words("comma").join(labels) or words("free_text")
