"""An application as lines under headings: answers, comparison, checklist, notes, history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from textual.content import Content

from todoke.v1 import applications_pb2 as pb
from todoke.v1.activity_pb2 import Event
from todoke.v1.procedures_pb2 import CheckItem, Prompt
from tui import formats
from tui.widgets.letter_diff import DIFFERENT, SAME
from tui.widgets.side_by_side import Sides, side_by_side
from tui.wording import Words

SECTIONS = ("answers", "comparison", "checklist", "notes", "values", "history")
TICKED, EMPTY = "[X]", "[ ]"
FACT_FLAGS = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`section` is one of SECTIONS; what it is of stands in the one field that is set."""

    section: str
    key: str
    mark: str = ""
    label: str = ""
    value: str = ""
    tone: str = ""
    is_head: bool = False
    answer: pb.FiledAnswer | None = None
    fact: pb.ComparedFact | None = None
    item: CheckItem | None = None


@dataclass(slots=True)
class Whole:
    """All that was read of an application; `facts` is None until it was compared."""

    application: pb.Application = field(default_factory=pb.Application)
    history: list[pb.ApplicationStep] = field(default_factory=list)
    prompts: dict[str, Prompt] = field(default_factory=dict)
    checklist: list[CheckItem] = field(default_factory=list)
    notes: list[pb.Note] = field(default_factory=list)
    facts: list[pb.ComparedFact] | None = None


def lines_of(words: Words, whole: Whole) -> Iterator[Line]:
    """Yield every line, a heading before each kind of which there is something to say."""
    parts: dict[str, Iterable[Line]] = {
        "answers": _answers(words, whole),
        "comparison": _facts(words, whole.facts),
        "checklist": _checklist(words, whole),
        "notes": _notes(whole.notes),
        "values": _values(whole.application),
        "history": _history(words, whole.history),
    }
    for section in SECTIONS:
        lines = list(parts[section])
        if lines:
            label = words(f"heading.application_{section}")
            yield Line(section, f"{section}:", label=label, is_head=True)
            yield from lines


def panel_of(words: Words, line: Line, width: int) -> Content:
    """Say a line whole; what is compared stands letter by letter."""
    fact = line.fact
    if fact is not None:
        sides = Sides(words("side.given"), words("side.held"), words("side.both"))
        return side_by_side(line.label, sides, fact.given, fact.held, width=width)
    text = line.value
    if line.item is not None:
        text = line.label
    marks = words.find(f"mark.{_meaning(line)}") if line.answer is not None else None
    if not marks or (line.answer is not None and line.answer.missing):
        return Content(text)
    return Content("\n").join([Content.styled(marks, "dim"), Content(text)])


def _answers(words: Words, whole: Whole) -> Iterator[Line]:
    for one in whole.application.filed_answers:
        value, line = one.value, Line("answers", f"answers:{one.step}", answer=one)
        if one.attachment_ids:
            told = words("question.files_given", count=len(one.attachment_ids))
            value = "  ".join(filter(None, (value, told)))
        mark = words.find(f"mark_sign.{_meaning(line)}") or ""
        tone = "bad" if one.missing else "warn" if one.changed or one.returned else ""
        yield Line(
            "answers",
            line.key,
            mark=mark,
            label=one.label,
            value=value or words(_nothing(one)),
            tone=tone,
            answer=one,
        )


def _nothing(answer: pb.FiledAnswer) -> str:
    if not answer.missing:
        return "none"
    return "mark.missing_staff" if answer.staff else "mark.missing"


def _meaning(line: Line) -> str:
    answer = line.answer or pb.FiledAnswer()
    flags = {
        "missing": answer.missing,
        "returned": answer.returned,
        "changed": answer.changed,
        "staff": answer.staff,
    }
    return next((name for name, holds in flags.items() if holds), "plain")


def _facts(words: Words, facts: list[pb.ComparedFact] | None) -> Iterator[Line]:
    for at, fact in enumerate(facts or ()):
        value = fact.given if fact.given == fact.held else f"{fact.given} / {fact.held}"
        yield Line(
            "comparison",
            f"comparison:{at}",
            mark=SAME if fact.agrees else DIFFERENT,
            label=words.find(f"compared.{fact.fact}") or fact.fact,
            value=value,
            tone="" if fact.agrees else "warn",
            fact=fact,
        )


def _checklist(words: Words, whole: Whole) -> Iterator[Line]:
    checked = set(whole.application.checked)
    for item in whole.checklist:
        text = item.text.by_language.get(words.language) or item.text.by_language.get("ja", "")
        is_checked = item.key in checked
        mark = TICKED if is_checked else EMPTY
        yield Line("checklist", f"checklist:{item.key}", mark=mark, label=text, item=item)


def _notes(notes: Iterable[pb.Note]) -> Iterator[Line]:
    for note in notes:
        label = f"{formats.moment(note.create_time)} {note.author}"
        yield Line("notes", f"notes:{note.note_id}", label=label, value=note.text)


def _values(application: pb.Application) -> Iterator[Line]:
    for name in sorted(application.values):
        yield Line("values", f"values:{name}", label=name, value=application.values[name])


def _history(words: Words, steps: Iterable[pb.ApplicationStep]) -> Iterator[Line]:
    for at, step in enumerate(steps):
        deed = words.event(Event(actor=step.actor, kind=step.kind))
        value = f"{deed}  {step.reason}" if step.reason else deed
        label = formats.moment(step.time)
        yield Line("history", f"history:{at}", label=label, value=formats.plain(value))
