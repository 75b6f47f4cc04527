"""A field for files: where they lie, how far they are sent, which are taken, and taking one off."""

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from todoke.client import CoreError
from tui.desk import Desk
from tui.files import FileTrouble, size_of
from tui.formats import plain, size
from tui.questions.attaching import Attached, Attacher
from tui.questions.box import Box, Unfit
from tui.questions.path import PathLine
from tui.widgets.tick import Tick
from tui.wording import Words

ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
}
MEGABYTE = 1024 * 1024


class Held(OptionList):
    """The files that were taken; delete takes one off."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("delete,backspace", "take_off", show=False)]

    class TakenOff(Message):
        """One is not wanted any more."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def action_take_off(self) -> None:
        if self.highlighted is not None:
            self.post_message(self.TakenOff(self.highlighted))


class FileField(Vertical):
    """`field` is the part of the answer; at most `most` files of `media_types`.

    Where only one is taken, another takes its place.
    """

    class Finished(Message):
        """Enter was pressed where nothing is written: no more files."""

    def __init__(
        self,
        desk: Desk,
        files: Attacher,
        step: str,
        *,
        field: str,
        label: str,
        media_types: Sequence[str],
        most: int,
        most_bytes: int = 0,
        given: Sequence[str] = (),
    ) -> None:
        super().__init__(classes="file-field")
        self._desk = desk
        self._words = desk.words
        self._files = files
        self._step = step
        self._field = field
        self._label = label
        self._media_types = media_types
        self._most = most
        self._most_bytes = most_bytes
        self._sending: Path | None = None
        self._taken = [files.held.get(id, Attached(id, "", 0)) for id in given]

    def compose(self) -> ComposeResult:
        endings = [one for kind in self._media_types for one in ENDINGS.get(kind, ())]
        folder = self._desk.folder or Path.home()
        yield PathLine(self._words, self._field, self._label, folder, endings)
        progress = Static(classes="file-progress", markup=False)
        progress.display = False
        yield progress
        yield Held(compact=True, markup=False)
        yield Static(self._words("question.take_off"), classes="quiet take-off", markup=False)

    def on_mount(self) -> None:
        self._show_taken()

    @property
    def ids(self) -> list[str]:
        """The files that were taken; raise Unfit while one is under way, or was written only."""
        if self._sending is not None:
            raise Unfit("file_under_way", self._field, name=plain(self._sending.name))
        written = self.query_one(PathLine).written
        if written:
            raise Unfit("file_not_taken", self._field, name=written)
        return [one.id for one in self._taken]

    @on(PathLine.Empty)
    def finish(self, event: PathLine.Empty) -> None:
        event.stop()
        self.post_message(self.Finished())

    @on(PathLine.Trouble)
    def tell_trouble(self, event: PathLine.Trouble) -> None:
        event.stop()
        self._tell_trouble(event.trouble)

    @on(PathLine.Taken)
    def take(self, event: PathLine.Taken) -> None:
        event.stop()
        if self._sending is not None:
            self._wrong(Unfit("file_under_way", self._field, name=plain(self._sending.name)))
        elif self._most > 1 and len(self._taken) >= self._most:
            self._wrong(Unfit("files_full", self._field, limit=str(self._most)))
        else:
            self._sending = event.path
            self._send(event.path)

    @work(group="send")
    async def _send(self, path: Path) -> None:
        """Send it, and say what is wrong in words; what was written stays until it is taken."""
        try:
            total = size_of(path)
            self._check_size(total)
            self._tell(self._words("question.sending", name=plain(path.name), percent=0))
            taken = await self._files.attach(
                self._step, path, lambda sent: self._show_progress(path, sent, total)
            )
        except FileTrouble as trouble:
            self._sending = None
            self._tell_trouble(trouble)
        except Unfit as unfit:
            self._sending = None
            self._wrong(unfit)
        except CoreError as error:
            self._sending = None
            self._tell("")
            self.post_message(Box.Refused(error, self._field))
        else:
            self._sending = None
            self._keep(path, taken)

    def _keep(self, path: Path, taken: Attached) -> None:
        replaced = self._most == 1
        self._taken = [taken] if replaced else [*self._taken, taken]
        self._desk.folder = path.parent.absolute()
        self.query_one(PathLine).clear(self._desk.folder)
        self._tell("")
        self._show_taken()
        self.post_message(Box.Mended())

    @on(Held.TakenOff)
    def take_off(self, event: Held.TakenOff) -> None:
        event.stop()
        del self._taken[event.at]
        self._show_taken()
        if not self._taken:
            self.query_one(f"#part-{self._field}").focus()

    def _check_size(self, total: int) -> None:
        if self._most_bytes and total > self._most_bytes:
            limit = str(self._most_bytes // MEGABYTE)
            raise Unfit("file_too_large", self._field, limit=limit, size=size(total))

    def _show_progress(self, path: Path, sent: int, total: int) -> None:
        """Tell how far it went; once it is there, the core scans it and makes it anew."""
        if sent < total:
            percent = 100 * sent // total
            self._tell(self._words("question.sending", name=plain(path.name), percent=percent))
        else:
            self._tell(self._words("question.checking", name=plain(path.name)))

    def _show_taken(self) -> None:
        held = self.query_one(Held)
        held.clear_options()
        unnamed = self._words("question.unnamed")
        held.add_options(
            [
                Option(f"✓ {plain(one.name)}  {size(one.size)}" if one.name else f"✓ {unnamed}")
                for one in self._taken
            ]
        )
        if self._taken:
            held.highlighted = len(self._taken) - 1
        for widget in (held, self.query_one(".take-off")):
            widget.display = bool(self._taken)

    def _tell(self, text: str) -> None:
        progress = self.query_one(".file-progress", Static)
        progress.update(text)
        progress.display = bool(text)

    def _tell_trouble(self, trouble: FileTrouble) -> None:
        self._tell("")
        self.post_message(Box.Wrong(self._words(trouble.key, **trouble.values), self._field))

    def _wrong(self, unfit: Unfit) -> None:
        self._tell("")
        told = self._words(f"problems.{unfit.problem}", **unfit.metadata)
        self.post_message(Box.Wrong(told, unfit.field))


class PretendedField(Tick):
    """In a trial nothing is sent: files count as given once this is ticked."""

    def __init__(self, words: Words, field: str, *, least: int, given: Sequence[str] = ()) -> None:
        label = words("question.pretend_files")
        super().__init__(label, bool(given), id=f"part-{field}", classes="part", compact=True)
        self._given = list(given) or [str(uuid.uuid4()) for _ in range(max(1, least))]

    @property
    def ids(self) -> list[str]:
        return self._given if self.value else []
