"""What a source would ask after some answers, as its author sees it beside the source."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.questions.walk import UNFIT, Next
from tui.wording import Words

ASSUMED = (
    *("today", "name", "birth_date", "address", "sex", "age", "registered"),
    *("program", "amount", "account", "household_size"),
)
"""What the core takes to be known, by its names."""

AUTHOR_SECONDS = 30.0
CONVERSATIONS = re.compile(r"^conversations:[^\S\n]*(\[\])?[^\S\n]*(#.*)?$", re.MULTILINE)


class Previewer:
    """Asks the core what a source would ask; nothing is filed."""

    def __init__(self, desk: Desk, source: str, assumed: Mapping[str, str]) -> None:
        self._desk = desk
        self._source = source
        self._assumed = assumed
        self.recorded = ""
        self.values: dict[str, str] = {}

    async def next(self, answers: Sequence[pb.GivenAnswer], *, file: bool) -> Next:
        del file
        request = pb.PreviewProcedureRequest(
            source=self._source,
            context=self._assumed,
            answers=answers,
            language=self._desk.words.language,
        )
        core = self._desk.core
        ask = core.procedures.PreviewProcedure
        told = await core.ask(ask, request, seconds=AUTHOR_SECONDS)
        self.recorded, self.values = told.recorded, dict(told.values)
        kind = told.WhichOneof("next")
        if kind == "prompt":
            return told.prompt
        return told.review if kind == "review" else told.closing


@dataclass(slots=True)
class Preview:
    """What comes next after the answers that still fit; `refused` where the source has faults."""

    answers: list[pb.GivenAnswer] = field(default_factory=list)
    told: Next | None = None
    values: dict[str, str] = field(default_factory=dict)
    recorded: str = ""
    refused: CoreError | None = None


async def previewed(
    desk: Desk, source: str, assumed: Mapping[str, str], answers: Sequence[pb.GivenAnswer]
) -> Preview:
    """Keep the answers that a changed source still takes; raise CoreError where the core is away.

    Where the source has faults all answers are kept until it has none.
    """
    asker, kept = Previewer(desk, source, assumed), list(answers)
    while True:
        try:
            told = await asker.next(kept, file=False)
        except CoreError as error:
            if error.reason in UNFIT and kept:
                step = error.metadata.get("step", "")
                fitting = [one for one in kept if one.step != step]
                kept = fitting if len(fitting) < len(kept) else kept[:-1]
                continue
            if not error.reason:
                raise
            return Preview(answers=list(answers), refused=error)
        return Preview(kept, told, asker.values, asker.recorded)


def preview_text(words: Words, preview: Preview) -> Content:
    """Write what is asked next as a resident would read it, and what the calculations come to."""
    if preview.refused is not None:
        return Content.styled(words("preview.faulty"), "dim")
    told, parts = preview.told, []
    if isinstance(told, pb.Prompt):
        kind = told.input.WhichOneof("kind") or "choice"
        head = words(
            "preview.prompt",
            number=told.number,
            total=told.total,
            kind=words(f"input_kind.{kind}"),
        )
        parts = [Content.styled(head, "dim"), Content(told.text)]
        parts += [Content(f"  {fact.label} {fact.value}") for fact in told.facts]
        parts += [Content(f"  ○ {one.label}") for one in told.choices]
        if told.help:
            parts.append(Content.styled(told.help, "dim"))
    elif isinstance(told, pb.Review):
        parts = [Content.styled(words("walk.review"), "dim")]
        parts += [Content(f"{line.label}  {line.value}") for line in told.lines]
    elif isinstance(told, str):
        parts = [Content.styled(words("walk.closing"), "dim"), Content(told)]
    parts.append(Content.styled(words("preview.answers", count=len(preview.answers)), "dim"))
    parts += [
        Content.styled(f"{name} = {value}", "dim") for name, value in sorted(preview.values.items())
    ]
    return Content("\n").join(parts)


def ask_assumed(desk: Desk, assumed: Mapping[str, str]) -> Ask:
    """Ask what the city is to know of the resident in the preview."""
    words = desk.words

    async def assume(answers: Answers, _: str) -> dict[str, str]:
        return {name: str(answers[name]) for name in ASSUMED if answers[name]}

    fields = [
        Field(name, assumed.get(name, ""), label=f"assumed.{name}", hint=f"assumed_hint.{name}")
        for name in ASSUMED
    ]
    return Ask(words, "assume", assume, about=words("ask.assume.about"), fields=fields)


def with_conversation(source: str, recorded: str) -> str:
    """Put a recorded conversation before the others of a source, or begin them with it."""
    if not recorded.endswith("\n"):
        recorded += "\n"
    found = CONVERSATIONS.search(source)
    if found is None:
        return f"{source.rstrip()}\nconversations:\n{recorded}"
    before, after = source[: found.start()], source[found.end() :].lstrip("\n")
    return f"{before}conversations:\n{recorded}{after}"
