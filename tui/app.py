"""The terminal UI of city staff: one sitting from signing in to signing out."""

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from todoke.v1.staff_pb2 import SignOutRequest
from tui import roles
from tui.desk import Desk
from tui.messages import SignedIn, SignedOut, SubjectOpened
from tui.screens.applications import ApplicationsScreen
from tui.screens.associations import AssociationsScreen
from tui.screens.audit import AuditScreen
from tui.screens.counter import CounterScreen
from tui.screens.dashboard import DashboardScreen
from tui.screens.dispatches import DispatchesScreen
from tui.screens.payments import PaymentsScreen
from tui.screens.procedures import ProceduresScreen
from tui.screens.programs import ProgramsScreen
from tui.screens.residents import ResidentsScreen
from tui.screens.sign_in import SignInScreen
from tui.screens.subject import SubjectScreen
from tui.stylesheet import ParsedOnce
from tui.theme import THEME

SIGN_OUT_SECONDS = 2.0

SCREENS: dict[str, Callable[[Desk], SubjectScreen]] = {
    "dashboard": DashboardScreen,
    "programs": ProgramsScreen,
    "applications": ApplicationsScreen,
    "payments": PaymentsScreen,
    "dispatches": DispatchesScreen,
    "audit": AuditScreen,
    "residents": ResidentsScreen,
    "counter": CounterScreen,
    "procedures": ProceduresScreen,
    "associations": AssociationsScreen,
}


class TodokeApp(App[None]):
    """`municipality`, `name` and `password` prefill the sign-in."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "key.quit", show=False, priority=True)
    ]

    def __init__(
        self, desk: Desk, *, municipality: str = "", name: str = "", password: str = ""
    ) -> None:
        super().__init__()
        self.stylesheet = ParsedOnce(variables=self.get_css_variables())
        self.desk = desk
        self._given = {"municipality": municipality, "name": name, "password": password}
        self.register_theme(THEME)
        self.theme = THEME.name
        self.title = desk.words("product")

    def on_mount(self) -> None:
        self.push_screen(SignInScreen(self.desk, **self._given))

    async def on_unmount(self) -> None:
        await self.desk.core.close()

    @on(SignedIn)
    def begin(self) -> None:
        self.switch_screen(DashboardScreen(self.desk))

    @on(SubjectOpened)
    def open_subject(self, message: SubjectOpened) -> None:
        self._leave_dialogs()
        self.switch_screen(SCREENS[message.subject](self.desk))

    @on(SignedOut)
    def end(self, message: SignedOut) -> None:
        if self.desk.person is None:
            return
        self._leave_dialogs()
        self.end_token(self.desk.core.token)
        person = self.desk.person
        self.desk.leave()
        # Who was signed out goes on under the same name; who left makes room for another.
        name = person.staff.name if message.why else ""
        self.switch_screen(
            SignInScreen(self.desk, municipality=person.municipality, name=name, why=message.why)
        )

    @work(group="sign_out")
    async def end_token(self, token: str) -> None:
        """Tell the core that the token has served; where it is away the token ends by itself."""
        core = self.desk.core
        call = core.staff.SignOut(
            SignOutRequest(),
            timeout=SIGN_OUT_SECONDS,
            metadata=(("authorization", f"Bearer {token}"),),
        )
        await asyncio.gather(call, return_exceptions=True)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the screens in the palette, those that may be opened."""
        words = self.desk.words
        if isinstance(screen, SubjectScreen) and self.desk.person is not None:
            for subject, needed in roles.SUBJECTS.items():
                if self.desk.person.holds(needed):
                    yield SystemCommand(
                        words(f"subject.{subject}"),
                        words(f"help.{subject}"),
                        lambda subject=subject: screen.action_open_subject(subject),
                    )
            yield SystemCommand(words("key.help"), words("palette.help"), screen.action_help)
            yield SystemCommand(words("key.tour"), words("palette.tour"), screen.action_tour)
            yield SystemCommand(
                words("key.sign_out"), words("palette.sign_out"), screen.action_sign_out
            )
        yield SystemCommand(words("key.theme"), words("palette.theme"), self.action_change_theme)
        yield SystemCommand(words("key.quit"), words("palette.quit"), self.action_quit)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=self.desk.words("palette.hint")))

    def action_help_quit(self) -> None:
        self.notify(self.desk.words("help.quit"), markup=False)

    def _leave_dialogs(self) -> None:
        while len(self.screen_stack) > 2:
            self.pop_screen()
