"""Boxes with one thing to fill in: something to read, a text, a number, a day, an agreement."""

import re
import unicodedata

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Button, Checkbox, Input, Static, TextArea

from todoke.v1.procedures_pb2 import Answer
from tui.dates import Mistyped, birth, read_date
from tui.questions.box import Box, Unfit
from tui.questions.line import Line
from tui.widgets.tick import Tick

TIME = re.compile(r"(\d{1,2})\D(\d{1,2})\D?|(\d{2})(\d{2})|(\d{1,2})\D")
FIGURES = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)")


class ReadBox(Box):
    """Something to read aloud or to read on; enter goes on."""

    def compose(self) -> ComposeResult:
        label = self.prompt.input.read.label or self.words("question.read")
        yield Button(label, id="part-read", classes="part", compact=True)

    def given(self) -> Answer:
        return Answer(read=True)

    @on(Button.Pressed)
    def go_on(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Done())


class TextBox(Box):
    """A text in one line, or in several."""

    def compose(self) -> ComposeResult:
        wanted = self.prompt.input.text
        if wanted.lines:
            yield TextArea(self.current.text, id="part-text", classes="part", compact=True)
        else:
            hint = wanted.example or self.words.find(f"text_hint.{wanted.kind}") or ""
            yield Line("text", "", self.current.text, hint=hint)

    def given(self) -> Answer:
        if self.prompt.input.text.lines:
            text = self.query_one(TextArea).text.strip()
        else:
            text = self.query_one(Line).value
        if not text:
            raise Unfit("required")
        return Answer(text=text)

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.post_message(self.Done())


class NumberBox(Box):
    """A whole number, with its unit after it."""

    def compose(self) -> ComposeResult:
        wanted = self.prompt.input.number
        given = str(self.current.number) if self.current.HasField("number") else ""
        hint = self.words("question.between", first=f"{wanted.least:,}", last=f"{wanted.most:,}")
        label = self.words("question.number")
        yield Line("number", label, given, hint=hint if wanted.most else "", unit=wanted.unit)

    def given(self) -> Answer:
        written = unicodedata.normalize("NFKC", self.query_one(Line).value)
        written = written.removesuffix(self.prompt.input.number.unit).strip("¥円 ")
        if not written:
            raise Unfit("required")
        if not FIGURES.fullmatch(written) or len(written) > 16:
            raise Unfit("not_a_number")
        return Answer(number=int(written.replace(",", "")))

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.post_message(self.Done())


class DayBox(Box):
    """A day, and a time where one is asked; under it, what was read from what is typed."""

    @property
    def _timed(self) -> bool:
        return self.prompt.input.WhichOneof("kind") == "date_time"

    def compose(self) -> ComposeResult:
        asked = self.prompt.input
        wanted = asked.date_time if self._timed else asked.date
        day, _, time = (self.current.date_time or self.current.date).partition("T")
        words = self.words
        yield Line("date", words("question.day"), day, hint=words("hint.birth_date"))
        if self._timed:
            yield Line("time", words("question.time"), time, hint=words("question.time_hint"))
        limits = words("question.between", first=wanted.first, last=wanted.last)
        yield Static(limits if wanted.first or wanted.last else "", classes="quiet", markup=False)
        yield Static(id="read-as", classes="quiet", markup=False)

    def given(self) -> Answer:
        lines = {line.field: line.value for line in self.query(Line)}
        try:
            day = read_date(self.words, lines["date"], "date")
        except Mistyped:
            raise Unfit("not_a_date", "date") from None
        if not day:
            raise Unfit("required", "date")
        return (
            Answer(date_time=f"{day}T{_time(lines['time'])}") if self._timed else Answer(date=day)
        )

    @on(Input.Changed)
    def show_read(self) -> None:
        """Show the day in both ways of counting years, as papers have one of them."""
        try:
            day = read_date(self.words, next(iter(self.query(Line))).value, "date")
        except Mistyped:
            day = ""
        self.query_one("#read-as", Static).update(f"= {birth(self.words, day)}" if day else "")

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if self._timed and event.input.id == "part-date":
            self.query_one("#part-time").focus()
        else:
            self.post_message(self.Done())


class AgreeBox(Box):
    """A text to read aloud or to show, and a box for the agreement to it."""

    def compose(self) -> ComposeResult:
        wanted = self.prompt.input.agree
        if wanted.terms:
            with VerticalScroll(classes="terms", can_focus=False):
                yield Static(wanted.terms, markup=False)
        label = wanted.label or self.words("question.agree")
        yield Tick(label, self.current.agreed, id="part-agreed", classes="part", compact=True)

    def given(self) -> Answer:
        if not self.query_one(Checkbox).value:
            raise Unfit("must_agree")
        return Answer(agreed=True)


def _time(written: str) -> str:
    found = TIME.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", written)))
    if found is None:
        raise Unfit("not_a_time", "time")
    hour, minute, long_hour, long_minute, only = found.groups()
    hours, minutes = int(hour or long_hour or only), int(minute or long_minute or 0)
    if hours > 23 or minutes > 59:
        raise Unfit("not_a_time", "time")
    return f"{hours:02d}:{minutes:02d}"
