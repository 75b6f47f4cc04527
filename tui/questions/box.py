"""What all boxes have in common: they read an answer from what is typed, and show what is wrong."""

from textual.containers import Vertical
from textual.message import Message

from todoke.client import CoreError
from todoke.v1.procedures_pb2 import Answer, Prompt
from tui.desk import Desk
from tui.questions.attaching import Attacher


class Unfit(Exception):  # noqa: N818 - named for the event
    """What stands in a box is no answer; `problem` is how the catalogue words it."""

    def __init__(self, problem: str, field: str = "", **metadata: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.metadata = metadata


class Box(Vertical):
    """Draws the input of a prompt. Parts of an answer are widgets with the id `part-<field>`.

    `files` sends the files of an answer, where they can be sent; in a trial it only `pretends`.
    """

    class Done(Message):
        """Enter was pressed where nothing more is to be filled in."""

    class Wrong(Message):
        """Something is wrong before the answer is given."""

        def __init__(self, text: str, field: str) -> None:
            super().__init__()
            self.text = text
            self.field = field

    class Refused(Message):
        """The core did not take a part of the answer."""

        def __init__(self, error: CoreError, field: str) -> None:
            super().__init__()
            self.error = error
            self.field = field

    class Mended(Message):
        """What was said to be wrong is not so any more."""

    def __init__(
        self, desk: Desk, prompt: Prompt, files: Attacher | None = None, *, pretends: bool = False
    ) -> None:
        super().__init__(classes="box")
        self.files = files
        self.pretends = pretends
        self.desk = desk
        self.words = desk.words
        self.prompt = prompt

    @property
    def current(self) -> Answer:
        """The answer that stands, when somebody goes back to it."""
        return self.prompt.current

    def given(self) -> Answer:
        """Read the answer; raise Unfit where what is typed is none."""
        raise NotImplementedError

    def begin(self) -> None:
        """Put the focus where typing begins."""
        for widget in self.query("*"):
            if widget.focusable:
                widget.focus()
                return

    def unmark(self) -> None:
        """Take the mark off what was wrong."""
        for part in self.query(".part"):
            part.remove_class("-wrong")

    def show_wrong(self, field: str) -> None:
        """Mark the part that is wrong and go there; a part nobody knows means the whole."""
        self.unmark()
        name = f"part-{field.replace('.', '-')}"
        found = next((part for part in self.query(".part") if part.id == name), None)
        if found is None:
            found = next(iter(self.query(".part")), None)
        if found is not None:
            found.add_class("-wrong")
            found.focus()
