"""A message being written: its parts in a list, and beside them how it stands on a phone."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from tui import formats, roles
from tui.conditions.known import Known, read_known
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.listing import Page
from tui.messages import RowsRead
from tui.phone import on_phone
from tui.screens.beside import Beside
from tui.screens.writing_dialogs import ask_button, ask_image, ask_language, ask_text
from tui.screens.writing_parts import (
    LANGUAGES,
    Part,
    message_parts,
    parts_of,
    procedure_of,
    written_in,
)
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

EMPTIED = frozenset({"text", "button", "image", "procedure"})
"""Parts that can be taken away."""


class WritingScreen(Beside[Part]):
    """Nothing is kept before `s`; what the core refuses is shown at its part."""

    LEAVES = "leave_message"
    WRITING: ClassVar[list[BindingType]] = [
        Binding("d", "change", "key.change"),
        Binding("x", "empty", "key.take_away"),
        Binding("l", "next_language", "key.next_language"),
        Binding("n", "language", "key.add_language"),
        Binding("s", "save", "key.save"),
    ]
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("change", "empty", "language", "save"), roles.MESSENGERS
    )

    def __init__(self, desk: Desk, message: pb.CampaignMessage) -> None:
        super().__init__(desk)
        self.message = message
        self.known = Known(desk.words.language)
        self.is_read = False
        self._changed = False
        self.refused: CoreError | None = None
        self._image = ""
        self._language = next(iter(written_in(message)), LANGUAGES[0])

    @property
    def unsaved(self) -> bool:
        return self._changed

    def parts(self) -> Iterator[Part]:
        """Yield the parts, from above to below."""
        yield from message_parts(self.words, self.known, self.message, self._image)

    def take(self, message: pb.CampaignMessage) -> None:
        """Let this message be the one that is written."""
        self.message = message

    async def keep(self) -> None:
        """Keep what was written; raise CoreError."""
        raise NotImplementedError

    async def change(self, name: str, key: str) -> None:
        """Change a part; `key` is what stands after its name's colon."""
        match name:
            case "text":
                self._language = key
                await self._write(ask_text(self.desk, self.message, key))
            case "button":
                await self._write(ask_button(self.desk, self.message, int(key)))
            case "image":
                await self._bring_image()
            case "procedure":
                await self._choose_procedure()

    def table(self) -> LiveTable[Part]:
        words = self.words
        return LiveTable(
            [
                Column("", 1),
                Column(words("column.part"), 18),
                Column(words("column.written"), 20, grow=1),
            ],
            key=lambda part: part.name,
            cells=self._cells,
            empty="",
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Part]:
        del token
        if not self.is_read:
            await self.learn()
            self.is_read = True
        return Page(list(self.parts()), "")

    async def learn(self) -> None:
        """Read what there is to choose from; raise CoreError."""
        self.known = await read_known(self.desk)

    def panel(self, row: Part) -> Content:
        if self.refused is not None and row.name in self.wrong:
            return Content(str(self.words.refusal(self.refused)))
        return Content(formats.plain(row.value))

    def why_not(self, action: str) -> str | None:
        row = self.row
        against = {
            "not_read": action in self.NEEDS and not self.is_read,
            "no_row": action in {"change", "empty"} and row is None,
            "not_emptied": action == "empty"
            and row is not None
            and row.name.partition(":")[0] not in EMPTIED,
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    @on(RowsRead)
    def show_phone(self) -> None:
        words, language = self.words, self._language
        named = words.find(f"language.{language}") or language
        procedure = procedure_of(words, self.known, self.message)
        shown = on_phone(words, self.message, language, image=self._image, procedure=procedure)
        head = Content.styled(words("phone.head", language=named), "dim")
        self.show_beside(Content("\n").join([head, shown]))
        self.refresh_bindings()

    @work(group="act", exclusive=True)
    async def action_change(self) -> None:
        if self.row is not None:
            name, _, key = self.row.name.partition(":")
            try:
                await self.change(name, key)
            except CoreError as error:
                self.tell(str(self.words.refusal(error)), severity="error")

    def action_empty(self) -> None:
        if self.row is None:
            return
        name, _, key = self.row.name.partition(":")
        written = pb.CampaignMessage()
        written.CopyFrom(self.message)
        match name:
            case "text":
                written.title.by_language.pop(key, None)
                written.body.by_language.pop(key, None)
            case "button":
                del written.buttons[int(key) : int(key) + 1]
            case "image":
                written.image_id = ""
            case "procedure":
                written.procedure = ""
        self.written(written)

    def action_next_language(self) -> None:
        """Show the message in the next language that it is written in."""
        written = written_in(self.message) or [LANGUAGES[0]]
        at = written.index(self._language) if self._language in written else -1
        self._language = written[(at + 1) % len(written)]
        self.show_phone()

    @work(group="act", exclusive=True)
    async def action_language(self) -> None:
        ended = await self.ended(ask_language(self.desk))
        if ended is not None and isinstance(ended.answer, str):
            await self.change("text", ended.answer)

    @work(group="act", exclusive=True)
    async def action_save(self) -> None:
        try:
            await self.keep()
        except CoreError as error:
            self.refused = error
            self.tell(str(self.words.refusal(error)), severity="error")
            names = [part.name for part in self.parts()]
            if found := [names.index(one) for one in self.wrong if one in names]:
                self.live.choose(found[0])
            self.live.refresh()
        else:
            self._changed = False
            self.show_parts()

    def written(self, message: pb.CampaignMessage) -> None:
        """Go on with a message that was changed."""
        self.take(message)
        self.touched()

    def touched(self) -> None:
        """Say that something is to be kept."""
        self._changed, self.refused = True, None
        self.show_parts()

    def show_parts(self) -> None:
        self.live.show(list(self.parts()), complete=True)
        self.show_heading()
        self.show_phone()

    @property
    def wrong(self) -> list[str]:
        """The parts that the core refused."""
        return parts_of(self.refused, self.message) if self.refused is not None else []

    async def _write(self, dialog: Ask) -> None:
        ended = await self.ended(dialog)
        if ended is not None and isinstance(ended.answer, pb.CampaignMessage):
            self.written(ended.answer)

    async def _bring_image(self) -> None:
        ended = await self.ended(ask_image(self.desk))
        if ended is not None and isinstance(ended.answer, pb.UploadImageResponse):
            self.message.image_id = ended.answer.image_id
            self._image = ended.answer.file.file_name
            self.touched()

    async def _choose_procedure(self) -> None:
        known, words = self.known, self.words
        labels = [(words("none"), "")]
        labels += [(known.said(one.title), key) for key, one in known.procedures.items()]
        dialog = Choose(
            words("writing.procedure"),
            labels,
            chosen=self.message.procedure,
            hint=words("choose.narrow"),
            nothing=words("choose.nothing"),
        )
        chosen: str | None = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.message.procedure = chosen
            self.touched()

    def _cells(self, part: Part) -> Sequence[Cell]:
        is_wrong = part.name in self.wrong
        value = Toned(part.value, "bad") if is_wrong else part.value
        return Toned("×" if is_wrong else "", "bad"), part.label, value
