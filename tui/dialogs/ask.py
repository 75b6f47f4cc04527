"""The dialog that asks before anything is done: names what, and focuses the safe answer.

The request id is made when it opens and is the same for every press, so that a press after a lost
answer changes nothing twice.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Label, Select, Static, TextArea

from todoke.client import CoreError
from tui.dates import Mistyped
from tui.desk import request_id
from tui.dialogs.overtaken import OVERTAKEN
from tui.files import FileTrouble
from tui.widgets.remembered import Remembered
from tui.widgets.tick import Tick
from tui.wording import Words

Answers = Mapping[str, str | bool]

LONG = 12
"""A dialog with more fields takes the whole screen."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in; `choices` as (label, value) make it a list, a bool value a box.

    `name` is that of the contract's field; `label` and `hint` are keys of the catalogue where they
    are not told by the name; no more than `limit` characters can be typed, where it is set. `part`
    is the contract's field that this one is a part of: what is wrong with that is told here.
    `section` is the key of a heading above it, to which page up and page down go.
    `before` is what was written into it earlier, the last first, and offered again. `said` is the
    label where it is no word of the catalogue. `only` is another field and its values with which
    alone this one is shown. `is_long` makes it a text of many lines.
    """

    name: str
    value: str | bool = ""
    choices: Sequence[tuple[str, str]] = ()
    label: str = ""
    hint: str = ""
    limit: int = 0
    part: str = ""
    before: Sequence[str] = ()
    section: str = ""
    said: str = ""
    only: tuple[str, frozenset[str]] | None = None
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a dialog ended, other than by backing out: with the core's answer, or its refusal.

    `typed` is what stood in the fields when it was refused.
    """

    answer: object = None
    refused: CoreError | None = None
    typed: Answers | None = None


class Ask(ModalScreen[Ended | None]):
    """`do(answers, request_id)` is called when the person says so; None means backed out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
        Binding("pageup", "section(-1)", show=False, priority=True),
        Binding("pagedown", "section(1)", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        words: Words,
        what: str,
        do: Callable[[Answers, str], Awaitable[object]],
        *,
        about: str = "",
        fields: Sequence[Field] = (),
        grave: bool = False,
    ) -> None:
        super().__init__()
        self._words = words
        self._what = what
        self._do = do
        self._about = about
        self._fields = fields
        self._grave = grave
        self._request_id = request_id()
        self._busy = False

    def compose(self) -> ComposeResult:
        words = self._words
        long = " -long" if len(self._fields) > LONG else ""
        with Vertical(classes=f"dialog{long}"):
            yield Label(words(f"ask.{self._what}.title"), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(self._about, classes="dialog-about", markup=False)
                for field in self._fields:
                    yield from self._compose_field(field)
            yield Static(classes="dialog-error", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words(f"ask.{self._what}.safe"), id="safe", compact=True)
                tone: Literal["error", "primary"] = "error" if self._grave else "primary"
                yield Button(words(f"ask.{self._what}.act"), id="act", compact=True, variant=tone)
            keys = "ask.section_keys" if any(f.section for f in self._fields) else "ask.keys"
            yield Static(words(keys), classes="dialog-keys")

    def on_mount(self) -> None:
        self._show_only()
        first = f"#field-{self._fields[0].name}" if self._fields else "#safe"
        self.query_one(first).focus()

    def action_leave(self) -> None:
        """Leave; a text of many lines that was typed is thrown away only by a person's word."""
        if self._busy:
            return
        if any(field.is_long for field in self._fields) and self._has_typed():
            self.app.push_screen(ask_whether_to_leave(self._words), self._leave_typed)
        else:
            self.dismiss(None)

    def _leave_typed(self, ended: Ended | None) -> None:
        if ended is not None:
            self.dismiss(None)

    def _has_typed(self) -> bool:
        answers = self._answers()
        return any(
            answers[field.name] != str(field.value).strip()
            for field in self._fields
            if not field.choices and not isinstance(field.value, bool)
        )

    def action_section(self, by: int) -> None:
        """Go to the first field of the section before or after."""
        places = [f"field-{field.name}" for field in self._fields]
        heads = [at for at, field in enumerate(self._fields) if field.section]
        focused = self.focused.id if self.focused and self.focused.id else ""
        now = places.index(focused) if focused in places else len(places)
        later = [at for at in heads if at > now] if by > 0 else [at for at in heads if at < now]
        if later:
            self.query_one(f"#{places[later[0 if by > 0 else -1]]}").focus()

    @on(Button.Pressed, "#safe")
    def leave(self) -> None:
        self.action_leave()

    @on(Button.Pressed, "#act")
    def act(self) -> None:
        if not self._busy:
            self._busy = True
            self.run_it()

    @on(Select.Changed)
    def choose(self) -> None:
        self._show_only()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter never does the thing itself: it goes on, at the end to a button."""
        last = event.input.id == f"field-{self._fields[-1].name}"
        if last:
            self.query_one("#safe" if self._grave else "#act").focus()
        else:
            self.focus_next()

    @work(exclusive=True, group="do")
    async def run_it(self) -> None:
        """Do it; a refusal that can be mended stays in the dialog, at its field if it has one."""
        self._say(self._words("ask.running"), {})
        answers = self._answers()
        try:
            answer = await self._do(answers, self._request_id)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values), {})
        except Mistyped as mistyped:
            rule = self._words.rule_of(mistyped.field)
            self._say(rule, {mistyped.field: rule})
        except CoreError as error:
            if error.reason in OVERTAKEN:
                self.dismiss(Ended(refused=error, typed=answers))
                return
            refusal = self._words.refusal(error)
            self._say(str(refusal), refusal.fields)
        else:
            self.dismiss(Ended(answer=answer))
        finally:
            self._busy = False

    def come_to(self, text: str) -> None:
        """Say how far what is being done has come."""
        self.query_one(".dialog-error", Static).update(text)

    def _answers(self) -> Answers:
        answers: dict[str, str | bool] = {}
        for field in self._fields:
            widget = self.query_one(f"#field-{field.name}")
            match widget:
                case Input():
                    answers[field.name] = widget.value.strip()
                case TextArea():
                    answers[field.name] = widget.text.strip()
                case Checkbox():
                    answers[field.name] = widget.value
                case Select():
                    answers[field.name] = "" if widget.is_blank() else str(widget.value)
        return answers

    def _show_only(self) -> None:
        """Show the fields that go with what is chosen in others."""
        for field in self._fields:
            if field.only is not None:
                name, values = field.only
                chosen = str(self.query_one(f"#field-{name}", Select).value)
                widget = self.query_one(f"#field-{field.name}")
                line = widget if isinstance(widget, Checkbox) else widget.parent
                if isinstance(line, Widget):
                    line.display = chosen in values

    def _label(self, field: Field) -> str:
        return field.said or self._words(field.label or f"field.{field.name}")

    def _say(self, text: str, fields: Mapping[str, str]) -> None:
        self.query_one(".dialog-error", Static).update(text)
        wrong = {path.rpartition(".")[2] for path in fields}
        widgets = [
            (self.query_one(f"#field-{field.name}"), bool(wrong & {field.name, field.part}))
            for field in self._fields
        ]
        for widget, is_wrong in widgets:
            widget.set_class(is_wrong, "-wrong")
        first = next((widget for widget, is_wrong in widgets if is_wrong), None)
        if first is not None:
            first.focus()

    def _compose_field(self, field: Field) -> ComposeResult:
        id, label = f"field-{field.name}", self._label(field)
        if field.section:
            yield Static(self._words(field.section), classes="dialog-section", markup=False)
        if isinstance(field.value, bool):
            yield Tick(label, field.value, id=id, compact=True)
            return
        if field.is_long:
            with Vertical(classes="dialog-long"):
                yield Label(label)
                yield TextArea(str(field.value), id=id, compact=True, tab_behavior="focus")
            return
        with Horizontal(classes="dialog-field"):
            yield Label(label)
            if field.choices:
                chosen = field.value or field.choices[0][1]
                yield Select(field.choices, value=chosen, allow_blank=False, id=id, compact=True)
                return
            hint = self._words.find(field.hint or f"hint.{field.name}") or ""
            if field.before:
                yield Remembered(field.before, id=id, placeholder=hint)
            else:
                yield Input(
                    field.value,
                    placeholder=hint,
                    id=id,
                    compact=True,
                    max_length=field.limit,
                )
        if field.before:
            written = "\n".join(f"  {reason}" for reason in field.before)
            text = self._words("ask.before", written=written)
            yield Static(text, classes="dialog-before", markup=False)


def ask_whether_to_leave(words: Words) -> Ask:
    """Ask whether what was typed is thrown away; None where it is gone on with."""

    async def nothing(_: object, __: str) -> None:
        """Nothing is to be done: nothing was kept."""

    about = words("ask.leave_typed.about")
    return Ask(words, "leave_typed", nothing, about=about, grave=True)
