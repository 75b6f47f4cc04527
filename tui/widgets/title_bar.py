"""The two lines on top: where and who, whether the core answers, the screens by digit."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from todoke.client import CoreError
from tui import formats, roles
from tui.desk import Desk


class TitleBar(Vertical):
    """`subject` is the screen it stands on."""

    def __init__(self, desk: Desk, subject: str) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject

    def compose(self) -> ComposeResult:
        with Horizontal(id="title"):
            yield Static(self._who(), id="who")
            yield Static(id="link")
        yield Static(self._tabs(), id="tabs")
        yield Static(id="broken", markup=False)

    def on_mount(self) -> None:
        self.show_link(None)

    def show_link(self, error: CoreError | None) -> None:
        """Show whether the core answers; if not, what is wrong and since when."""
        words, since = self._desk.words, self._desk.broken_since
        broken = self.query_one("#broken", Static)
        broken.display = error is not None
        link = self.query_one("#link", Static)
        link.set_class(error is not None, "-broken")
        if error is None:
            link.update(words("link.live"))
            return
        link.update(words("link.broken"))
        refusal = words.refusal(error)
        time = formats.clock(since) if since else ""
        broken.update(words("link.why", what=refusal.what, since=time, address=self._desk.address))

    def _who(self) -> Content:
        words, person = self._desk.words, self._desk.person
        if person is None:
            return Content(words("product"))
        return Content(
            words(
                "who",
                place=person.municipality_name or person.municipality,
                name=person.staff.display_name or person.staff.name,
            )
        )

    def _tabs(self) -> Content:
        parts = []
        for digit, (subject, needed) in enumerate(roles.SUBJECTS.items(), start=1):
            label = f" {digit} {self._desk.words(f'subject.{subject}')}"
            allowed = self._desk.person is None or self._desk.person.holds(needed)
            style = "reverse bold" if subject == self._subject else "" if allowed else "dim"
            tab = Content.from_markup(
                f"[@click=screen.open_subject('{subject}')]$label[/]", label=label
            )
            parts.append(tab.stylize(style) if style else tab)
        return Content("").join(parts)
