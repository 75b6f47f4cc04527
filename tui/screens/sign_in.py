"""Signing in: municipality, name, password; what was wrong is not told, as the core does not."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Button, Input, Label, Static

from todoke.client import CoreError
from todoke.v1.staff_pb2 import GetCallerRequest, SignInRequest
from tui.desk import Desk, Person
from tui.messages import SignedIn


class SignInScreen(Screen[None]):
    """Prefilled with what is known; signs in by itself where all three are given."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        *,
        municipality: str = "",
        name: str = "",
        password: str = "",
        why: str = "",
    ) -> None:
        super().__init__()
        self.desk = desk
        self._given = {"municipality": municipality, "name": name, "password": password}
        self._why = why

    def compose(self) -> ComposeResult:
        words = self.desk.words
        with Vertical(id="sign-in"):
            yield Label(words("product"), id="product")
            yield Label(words("sign_in.lead"), id="lead")
            for name, value in self._given.items():
                with Horizontal(classes="dialog-field"):
                    yield Label(words(f"field.{name}"))
                    yield Input(
                        value,
                        placeholder=words.find(f"hint.{name}") or "",
                        password=name == "password",
                        id=name,
                        compact=True,
                    )
            yield Static(self._why, id="why", markup=False)
            yield Button(words("sign_in.act"), id="act", variant="primary", compact=True)
            yield Static(
                words("sign_in.core", address=self.desk.address), id="address", markup=False
            )

    def on_mount(self) -> None:
        empty = next((name for name, value in self._given.items() if not value), None)
        if empty is None:
            self.sign_in()
        else:
            self.query_one(f"#{empty}").focus()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if event.input.id == "password":
            self.sign_in()
        else:
            self.focus_next()

    @on(Button.Pressed, "#act")
    def press(self) -> None:
        self.sign_in()

    @work(exclusive=True, group="sign_in")
    async def sign_in(self) -> None:
        """Sign in; a refusal is said, and the field that is wrong, or the password, asked again."""
        core, words = self.desk.core, self.desk.words
        request = SignInRequest(
            municipality=self.query_one("#municipality", Input).value.strip(),
            name=self.query_one("#name", Input).value.strip(),
            password=self.query_one("#password", Input).value,
        )
        self._say(words("sign_in.running"))
        try:
            answer = await core.ask(core.staff.SignIn, request)
            core.token = answer.token
            caller = await core.ask(core.staff.GetCaller, GetCallerRequest())
        except CoreError as error:
            core.token = ""
            refusal = words.refusal(error)
            self._say(str(refusal))
            self.query_one("#password", Input).value = ""
            wrong = next((name for name in self._given if name in refusal.fields), "password")
            self.query_one(f"#{wrong}").focus()
            return
        self.desk.person = Person(
            caller.municipality or request.municipality, caller.municipality_name, answer.staff
        )
        self.post_message(SignedIn())

    def _say(self, text: str) -> None:
        self.query_one("#why", Static).update(text)
