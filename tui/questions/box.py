"""What all boxes have in common: they read an answer from what is typed, and show what is wrong."""

from textual.containers import Vertical
from textual.message import Message

from todoke.v1.procedures_pb2 import Answer, Prompt
from tui.desk import Desk


class Unfit(Exception):  # noqa: N818 - named for the event
    """What stands in a box is no answer; `problem` is how the catalogue words it."""

    def __init__(self, problem: str, field: str = "", **metadata: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.metadata = metadata


class Box(Vertical):
    """Draws the input of a prompt. Parts of an answer are widgets with the id `part-<field>`."""

    class Done(Message):
        """Enter was pressed where nothing more is to be filled in."""

    def __init__(self, desk: Desk, prompt: Prompt) -> None:
        super().__init__(classes="box")
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

    def show_wrong(self, field: str) -> None:
        """Mark the part that is wrong and go there; a part nobody knows means the whole."""
        for part in self.query(".part"):
            part.remove_class("-wrong")
        name = f"part-{field.replace('.', '-')}"
        found = next((part for part in self.query(".part") if part.id == name), None)
        if found is None:
            found = next(iter(self.query(".part")), None)
        if found is not None:
            found.add_class("-wrong")
            found.focus()
