"""A program tried on a list such as last year's: nothing is written, nothing is sent."""

from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label, Static

from todoke.client import CoreError
from todoke.v1.eligibility_pb2 import Program
from todoke.v1.ledger_pb2 import RehearsalHeader, RehearseProgramResponse
from todoke.v1.procedures_pb2 import Prompt
from tui import formats, mappings, sending
from tui.desk import Desk
from tui.dialogs.listed import ListDialog
from tui.dialogs.mapping import MappingDialog
from tui.dialogs.problems import problems_table
from tui.files import FileTrouble, size_of
from tui.widgets.live_table import LiveTable
from tui.wording import Words

SECONDS_A_MINUTE = 60


class RehearsalDialog(ListDialog[None]):
    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program
        self._mapping = ""

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog -wide"):
            title = words("rehearsal.title", title=self._program.title)
            yield Label(title, classes="dialog-title", markup=False)
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.path"))
                yield Input(placeholder=words("roster.path_hint"), id="path", compact=True)
            with VerticalScroll(id="rehearsed"):
                yield Static(words("rehearsal.begin"), id="found", markup=False)
            yield problems_table(words)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("close"), id="safe", compact=True)
                yield Button(words("roster.columns"), id="columns", compact=True)
                yield Button(words("rehearsal.act"), id="act", compact=True, variant="primary")
            yield Static(words("rehearsal.keys"), classes="dialog-keys")

    @on(Button.Pressed, "#safe")
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Changed, "#path")
    def forget_the_columns(self) -> None:
        self._mapping = ""

    @on(Button.Pressed, "#columns")
    @work(exclusive=True, group="send")
    async def map_columns(self) -> None:
        path = self.path
        try:
            size_of(path)
            found = await sending.inspect(self._desk.core, path)
            kept = await mappings.kept(self._desk.core, found)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
        else:
            mapping = await self.app.push_screen_wait(MappingDialog(self._desk, path, found, kept))
            if mapping is not None:
                self._mapping = mapping.mapping_id
                self.rehearse()

    @on(Input.Submitted, "#path")
    @on(Button.Pressed, "#act")
    @work(exclusive=True, group="send")
    async def rehearse(self) -> None:
        """Try the program on the file, and show what would happen."""
        path = self.path
        try:
            size_of(path)
            self._say(self._words("rehearsal.running"))
            answer = await self._rehearsed(path)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
            if error.reason in mappings.COLUMNS_IN_THE_WAY:
                self.query_one("#columns").focus()
        else:
            self.problems = list(answer.problems)
            self._say(rehearsed(self._words, answer))
            self.query_one("#rehearsed").focus()

    async def _rehearsed(self, path: Path) -> RehearseProgramResponse:
        """Send the list; where its columns are not understood, by the kept mapping that fits it."""
        core, header = self._desk.core, RehearsalHeader(program_id=self._program.program_id)
        header.mapping_id = self._mapping
        try:
            return await sending.rehearse(core, path, header)
        except CoreError as error:
            if self._mapping or error.reason not in mappings.COLUMNS_IN_THE_WAY:
                raise
            mapping = await mappings.fitting(core, path)
            if mapping is None:
                raise
        self._mapping = header.mapping_id = mapping.mapping_id
        return await sending.rehearse(core, path, header)

    def _say(self, text: str) -> None:
        self.query_one("#found", Static).update(text)
        table = self.query_one(LiveTable)
        table.display = bool(self.problems)
        keys = "rehearsal.keys_problems" if self.problems else "rehearsal.keys"
        self.query_one(".dialog-keys", Static).update(self._words(keys))
        table.show(self.problems, complete=True)


def rehearsed(words: Words, answer: RehearseProgramResponse) -> str:
    """Say what would happen: how many which way, what it costs, how long it takes, the messages."""
    minutes, seconds = divmod(answer.sending_seconds, SECONDS_A_MINUTE)
    parts = [
        words(
            "rehearsal.figures",
            rows=formats.count(answer.roster.rows),
            matched=formats.count(answer.counts.matched),
            to_review=formats.count(answer.counts.to_review),
            problems=formats.count(answer.problem_count),
            amount=formats.count(answer.amount),
            cost=formats.count(answer.sending_cost),
            minutes=minutes,
            seconds=seconds,
        ),
        words("rehearsal.branches"),
        *(
            words("rehearsal.branch", way=_way(words, way), count=formats.count(number))
            for way, number in sorted(answer.branches.items())
        ),
        words("rehearsal.samples", count=len(answer.samples)),
        *(_message(words, number, prompt) for number, prompt in enumerate(answer.samples, 1)),
    ]
    return "\n".join(parts)


def _way(words: Words, way: str) -> str:
    return words.find(f"branch_way.{way}") or way


def _message(words: Words, number: int, prompt: Prompt) -> str:
    facts = "".join(f"\n   {fact.label} {fact.value}" for fact in prompt.facts)
    buttons = " ".join(f"[{choice.label}]" for choice in prompt.choices)
    text = formats.plain(prompt.text)
    return words(
        "rehearsal.message",
        number=number,
        title=formats.plain(prompt.title),
        text=text,
        facts=facts,
        buttons=buttons,
    )
