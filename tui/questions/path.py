"""A field for a file's path: the newest files of the folder stand under it, to take one of them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Select, Static
from textual.widgets.option_list import Option

from tui import folders
from tui.files import FileTrouble, written_path
from tui.folders import Entry, Listing
from tui.formats import plain, size
from tui.questions.line import Line
from tui.wording import Words


class PathLine(Vertical):
    """Down opens the list, enter goes into a folder or takes a file.

    Who types has the list narrowed; a path that is pasted whole is taken as it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    class Taken(Message):
        """A file was chosen."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class Empty(Message):
        """Enter was pressed where nothing is written."""

    class Trouble(Message):
        """Something on this machine is in the way."""

        def __init__(self, trouble: FileTrouble) -> None:
            super().__init__()
            self.trouble = trouble

    def __init__(
        self, words: Words, field: str, label: str, folder: Path, endings: Sequence[str]
    ) -> None:
        super().__init__(classes="path-line")
        self._words = words
        self._field = field
        self._label = label
        self._folder = folder
        self._endings = endings
        self._listed = Listing(())
        self._listed_for = ""

    def compose(self) -> ComposeResult:
        yield Line(self._field, self._label, hint=self._words("question.path_hint"))
        options = OptionList(compact=True, markup=False)
        options.can_focus = options.display = False
        yield options
        looked = Static(classes="quiet looked-into", markup=False)
        looked.display = False
        yield looked

    @property
    def written(self) -> str:
        return self.query_one(Line).value

    def clear(self, folder: Path) -> None:
        """Forget what was written; what comes next lies in the folder most likely."""
        self._folder = folder
        self.query_one(Input).value = ""
        self._show(None)

    def close(self) -> bool:
        """Close the list; tell whether one was open."""
        was_open = self.query_one(OptionList).display
        self._show(None, self.written)
        return was_open

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip():
            self._look(event.value.strip())
        else:
            self.workers.cancel_node(self)
            self._show(None)

    @work(exclusive=True, group="look")
    async def _look(self, written: str, *, told: bool = False, takes: bool = False) -> None:
        """List what fits; where enter was pressed before it was listed, take what stands first."""
        try:
            listed = await asyncio.to_thread(folders.listing, written, self._folder, self._endings)
            self._show(listed, written)
        except FileTrouble as trouble:
            self._show(None, written)
            if told:
                self.post_message(self.Trouble(trouble))
        if takes:
            self._take_first()

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        event.stop()
        if self.written and self._listed_for != self.written:
            self._look(self.written, takes=True)
        else:
            self._take_first()

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(self._listed.entries[event.option_index])

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        if self._listed.entries and options.highlighted is not None:
            options.highlighted = (options.highlighted + by) % len(self._listed.entries)
        elif by > 0:
            self._look(self.written, told=True)
        else:
            self.screen.focus_previous()

    def _take_first(self) -> None:
        at = self.query_one(OptionList).highlighted
        if self._listed.entries and at is not None:
            self._take(self._listed.entries[at])
        elif self.written:
            self.post_message(self.Taken(self._folder / written_path(self.written)))
        else:
            self.post_message(self.Empty())

    def _take(self, entry: Entry) -> None:
        if not entry.is_folder:
            self.post_message(self.Taken(entry.path))
            return
        box = self.query_one(Input)
        box.value = f"{str(folders.shown(entry.path)).rstrip('/')}/"
        box.cursor_position = len(box.value)
        box.focus()

    def _show(self, listed: Listing | None, written: str = "") -> None:
        """Open the list, under which stands whose it is; None closes it."""
        self._listed, self._listed_for = listed or Listing(()), written
        entries, options = self._listed.entries, self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._row(one)) for one in entries])
        options.display = bool(entries)
        if entries:
            options.highlighted = 0
        looked = self.query_one(".looked-into", Static)
        looked.display = listed is not None
        if listed is not None:
            name = "more" if listed.more else "looked" if entries else "nothing"
            told = {"folder": plain(folders.shown(self._looked_into())), "count": listed.more}
            looked.update(self._words(f"question.path_{name}", **told))

    def _looked_into(self) -> Path:
        return folders.looked_into(self.written, self._folder)[0]

    def _row(self, entry: Entry) -> str:
        if not entry.is_folder:
            return f"{plain(entry.path.name)}  {size(entry.size)}  {entry.changed:%m/%d %H:%M}"
        is_above = entry.path == self._looked_into().parent
        return "../" if is_above else f"{plain(entry.path.name)}/"


def closed(inside: Widget) -> bool:
    """Close every list that is open over a question; tell whether one was."""
    was_open = any(line.close() for line in inside.query(PathLine))
    for select in inside.query(Select):
        was_open = was_open or select.expanded
        select.expanded = False
    return was_open
