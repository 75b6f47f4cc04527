"""What the screens have in common: the frame, the stream they follow, and keys that say why not."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from todoke.client import CoreError
from todoke.v1.activity_pb2 import Event, GetOverviewRequest, WatchEventsRequest
from todoke.v1.staff_pb2 import GetCallerRequest
from tui import roles
from tui.compositing import WholeToasts
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.dialogs.help import Help
from tui.messages import Counted, Happened, LinkBroken, Linked, SignedOut, SubjectOpened
from tui.widgets.key_bar import KeyBar
from tui.widgets.title_bar import TitleBar
from tui.widgets.tour_strip import TourStrip

BREATH_SECONDS = 0.2
"""Between two readings, so that a burst of events is answered by one."""

DONE_SECONDS = 4.0
REFUSED_SECONDS = 10.0
"""How long a toast stays: what has to be acted on is read more slowly."""


class SubjectScreen(Screen[None]):
    """Subclasses name their `SUBJECT`, what their actions `NEEDS`, and what they `read`."""

    SUBJECT: ClassVar[str]
    NEEDS: ClassVar[dict[str, roles.Roles]] = {}
    AUTO_FOCUS = "LiveTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(digit, f"open_subject('{subject}')", show=False)
            for subject, digit in roles.DIGITS.items()
        ),
        Binding("question_mark", "help", "key.help"),
        Binding("t", "tour", "key.tour", show=False),
        Binding("u", "sign_out", "key.sign_out", show=False),
        Binding("escape", "back", "key.back", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._compositor = WholeToasts()
        self.desk = desk
        self.words = desk.words
        self._stale = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield TitleBar(self.desk, self.SUBJECT)
        yield TourStrip(self.desk, self.SUBJECT)
        yield from self.compose_body()
        yield KeyBar(self.words)

    def compose_body(self) -> ComposeResult:
        """Yield what stands between the frame's lines."""
        yield from ()

    def on_mount(self) -> None:
        self.follow()
        self.keep_current()

    async def read(self) -> None:
        """Read what the screen shows and post it; runs in a worker; may raise CoreError."""
        if self.desk.tour or self.SUBJECT == "dashboard":
            overview = await self.desk.core.ask(
                self.desk.core.activity.GetOverview, GetOverviewRequest()
            )
            self.post_message(Counted(overview))

    def concerns(self, kind: str) -> bool:
        """Whether an event of this kind changes what the screen shows."""
        return bool(kind)

    def why_not(self, action: str) -> str | None:
        """Say in words why the action cannot be done now; None where it can."""
        del action
        return None

    def show_recent(self) -> None:
        """Show the last events, where the screen does."""

    def changed(self, events: Sequence[Event]) -> None:
        """Answer events that concern the screen."""
        del events
        self.touch()

    def touch(self) -> None:
        """Have the screen read anew, soon and once."""
        self._stale.set()

    @work(exclusive=True, group="follow")
    async def follow(self) -> None:
        """Stream until the screen goes; if it breaks say so, wait, and go on from the cursor."""
        core, cursor = self.desk.core, self.desk.cursor
        while True:
            try:
                if cursor:
                    await core.ask(core.staff.GetCaller, GetCallerRequest())
                else:
                    overview = await core.ask(core.activity.GetOverview, GetOverviewRequest())
                    cursor = self.desk.cursor = overview.cursor
                self.post_message(Linked())
                async for batch in core.watch(
                    core.activity.WatchEvents, WatchEventsRequest(cursor=cursor)
                ):
                    cursor = self.desk.cursor = batch.cursor or cursor
                    self.post_message(Happened(list(batch.events)))
            except CoreError as error:
                if error.reason == "CURSOR_EXPIRED":
                    cursor = ""
                self.post_message(LinkBroken(error))
            await asyncio.sleep(self.desk.retry_seconds)

    @work(exclusive=True, group="read")
    async def keep_current(self) -> None:
        """Read whenever something has changed, one reading at a time."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                await self.read()
            except CoreError as error:
                self.post_message(LinkBroken(error))
                self._stale.set()
                await asyncio.sleep(self.desk.retry_seconds)
            await asyncio.sleep(BREATH_SECONDS)

    @on(Linked)
    def show_linked(self) -> None:
        self.desk.broken_since = None
        self.set_class(False, "-broken")
        self.query_one(TitleBar).show_link(None)
        self.touch()

    @on(LinkBroken)
    def show_broken(self, message: LinkBroken) -> None:
        if message.error.reason == "CALLER_UNKNOWN":
            self.post_message(SignedOut(str(self.words.refusal(message.error))))
            return
        self.desk.broken_since = self.desk.broken_since or datetime.now(UTC)
        self.set_class(True, "-broken")
        self.query_one(TitleBar).show_link(message.error)

    @on(Happened)
    def take_events(self, message: Happened) -> None:
        self.desk.recent.add(message.events)
        self.show_recent()
        events = [event for event in message.events if self.concerns(event.kind)]
        if events:
            self.changed(events)

    @on(Counted)
    def show_tour(self, message: Counted) -> None:
        self.query_one(TourStrip).show(message.overview)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open_subject":
            return None if self._not_allowed(roles.SUBJECTS[str(parameters[0])]) else True
        return None if self._reason_against(action) else True

    def on_key(self, event: events.Key) -> None:
        """Say why a greyed key does nothing; a key that acts never comes here."""
        active = self.active_bindings.get(event.key)
        if active is not None and not active.enabled:
            event.stop()
            self._explain(active.binding.action)

    async def action_press(self, key: str) -> None:
        """Do what the key of that name does; the key bar's keys are pressed with the mouse."""
        active = self.active_bindings.get(key)
        if active is not None and not active.enabled:
            self._explain(active.binding.action)
        elif active is not None:
            await self.app.run_action(active.binding.action, active.node)

    def action_open_subject(self, subject: str) -> None:
        self._go(SubjectOpened(subject))

    def action_help(self) -> None:
        self.app.push_screen(Help(self.words, self.SUBJECT, self.active_bindings, self._explained))

    def action_tour(self) -> None:
        self.desk.tour = not self.desk.tour
        self.query_one(TourStrip).display = self.desk.tour
        self.touch()

    def action_sign_out(self) -> None:
        self._go(SignedOut())

    def action_back(self) -> None:
        if self.SUBJECT != "dashboard":
            self.post_message(SubjectOpened("dashboard"))

    def ask_before_leaving(self) -> Ask | None:
        """Return what is asked before this is left; None where nothing is lost by that."""
        return None

    def _go(self, message: SubjectOpened | SignedOut) -> None:
        """Leave all that lies open; what was begun on any of it and not kept is asked about."""
        begun = [one for one in self.app.screen_stack if isinstance(one, SubjectScreen)]
        asks = [ask for one in begun if (ask := one.ask_before_leaving()) is not None]
        if asks:
            self.leave_for(message, asks[0])
        else:
            self.post_message(message)

    @work(group="leave", exclusive=True)
    async def leave_for(self, message: SubjectOpened | SignedOut, ask: Ask) -> None:
        if await self.app.push_screen_wait(ask) is not None:
            self.post_message(message)

    def tell(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Toast a sentence; what came from the core is never read as markup."""
        seconds = DONE_SECONDS if severity == "information" else REFUSED_SECONDS
        self.notify(text, severity=severity, markup=False, timeout=seconds)

    def _explain(self, action: str) -> None:
        self.tell(self._explained(action), severity="warning")

    def _explained(self, action: str) -> str:
        name, _, rest = action.partition("(")
        if name == "open_subject":
            return self._not_allowed(roles.SUBJECTS[rest.strip("')")]) or ""
        return self._reason_against(name) or ""

    def _reason_against(self, action: str) -> str | None:
        return self._not_allowed(self.NEEDS.get(action, frozenset())) or self.why_not(action)

    def _not_allowed(self, needed: roles.Roles) -> str | None:
        person = self.desk.person
        if person is None or person.holds(needed):
            return None
        return self.words("not_allowed", roles=roles.named(self.words, needed))
