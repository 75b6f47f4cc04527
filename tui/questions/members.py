"""The box for people of a household: a line each, and another as soon as the last is begun."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from todoke.v1.procedures_pb2 import Answer, GivenMember, GivenMembers
from tui.dates import Mistyped, read_date
from tui.questions.box import Box, Unfit


class MembersBox(Box):
    """Lines without a name are nobody; columns are those that are asked beside the name."""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="members-head"):
            for field in self._fields:
                yield Static(self.words(f"question.member_{field}"), markup=False)
        with VerticalScroll(id="members", can_focus=False):
            given = list(self.current.members.members)
            wanted = max(self.prompt.input.members.least, len(given), 1)
            for at in range(wanted):
                yield self._line(at, given[at] if at < len(given) else GivenMember())

    @property
    def _fields(self) -> list[str]:
        return ["name", *self.prompt.input.members.fields]

    @property
    def _lines(self) -> list[dict[str, str]]:
        lines = []
        for line in self.query(".member"):
            values = {}
            for field, box in zip(self._fields, line.query(Input), strict=True):
                values[field] = box.value.strip()
            lines.append(values)
        return lines

    def given(self) -> Answer:
        members = [
            self._member(at, line) for at, line in enumerate(self._lines) if any(line.values())
        ]
        wanted = self.prompt.input.members
        if len(members) < wanted.least:
            raise Unfit("too_few", f"members.{len(members)}.name", limit=str(wanted.least))
        if wanted.most and len(members) > wanted.most:
            raise Unfit("too_many", limit=str(wanted.most))
        return Answer(members=GivenMembers(members=members))

    @on(Input.Changed)
    async def grow(self) -> None:
        """Have an empty line at the end, as long as more people may be named."""
        lines = self._lines
        most = self.prompt.input.members.most or len(lines) + 1
        if any(lines[-1].values()) and len(lines) < most:
            line = self._line(len(lines), GivenMember())
            await self.query_one("#members").mount(line)

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field; from an empty name at the end the people are all named."""
        last = self.query(Input).last()
        if event.input is last or (event.input.name == "name" and not event.value.strip()):
            self.post_message(self.Done())
        else:
            self.screen.focus_next()

    def _member(self, at: int, line: dict[str, str]) -> GivenMember:
        for field in self._fields:
            if not line[field]:
                raise Unfit("required", f"members.{at}.{field}")
        if "birth_date" in line:
            field = f"members.{at}.birth_date"
            try:
                line = line | {"birth_date": read_date(self.words, line["birth_date"], field)}
            except Mistyped:
                raise Unfit("not_a_date", field) from None
        return GivenMember(**line)

    def _line(self, at: int, member: GivenMember) -> Horizontal:
        boxes = [
            Input(
                str(getattr(member, field)),
                id=f"part-members-{at}-{field}",
                name=field,
                classes="part",
                compact=True,
                select_on_focus=False,
            )
            for field in self._fields
        ]
        return Horizontal(*boxes, classes="member")
