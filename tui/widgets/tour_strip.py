"""The guided tour: one strip that tells a newcomer what comes next, by the state of things."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from todoke.v1.activity_pb2 import GetOverviewResponse
from tui import roles, tour
from tui.desk import Desk


class TourStrip(Horizontal):
    """Hidden where nobody asked for the tour; closing it closes it on all screens."""

    def __init__(self, desk: Desk, subject: str) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject
        self.display = desk.tour

    def compose(self) -> ComposeResult:
        yield Static(self._desk.words("tour.begin"), id="tour-text", markup=False)
        yield Static(self._desk.words("tour.close"), id="tour-close")

    def show(self, overview: GetOverviewResponse) -> None:
        """Tell the next step, where it is done, and who does it if not this person."""
        words, person = self._desk.words, self._desk.person
        step = tour.next_step(overview)
        text = words(f"tour.{step.name}.do")
        if step.name == self._subject:
            text = words(f"tour.{step.name}.here")
        elif step.subject != self._subject:
            digit = roles.DIGITS[step.subject]
            text = words("tour.go", digit=digit, subject=words(f"subject.{step.subject}"), do=text)
        if person is not None and not person.holds(step.needs):
            text = words("tour.other", roles=roles.named(words, step.needs), do=text)
        self.query_one("#tour-text", Static).update(words("tour.next", text=text))

    @on(events.Click, "#tour-close")
    def close(self) -> None:
        self._desk.tour = False
        self.display = False
