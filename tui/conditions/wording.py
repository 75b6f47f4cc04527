"""A condition in words, in one line."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import circulars_pb2
from todoke.v1.applications_pb2 import ApplicationState
from todoke.v1.residents_pb2 import Sex
from tui import formats
from tui.conditions import tree
from tui.conditions.known import Known
from tui.wording import Words

YOUNGEST, OLDEST = 0, 150
EVERYBODY = pb.Condition(age=pb.AgeRange(from_age=YOUNGEST, to_age=OLDEST))
NAMED = 3
"""Of more names than this the number is told."""


def worded(words: Words, known: Known, condition: pb.Condition) -> str:  # noqa: PLR0911 - one case a kind.
    """Word a condition; a group without its parts."""
    kind = tree.kind_of(condition)
    match kind:
        case "age":
            return _age(words, condition.age)
        case "sex":
            return words(f"sex.{Sex.Name(condition.sex)}")
        case "area":
            area = condition.area
            return words(
                "condition.block" if area.block else "condition.town",
                town=area.town,
                block=area.block,
            )
        case "association":
            return _association(words, known, condition.association)
        case "program":
            return _program(words, known, condition.program)
        case "answer":
            return _answer(words, known, condition.answer)
        case "registered":
            days = condition.registered
            return words("condition.registered", first=days.begin_date, last=days.end_date)
        case "campaign":
            outcome = condition.campaign
            said = words(f"engagement.{pb.Engagement.Name(outcome.engagement)}")
            title = known.campaigns.get(outcome.campaign_id, outcome.campaign_id)
            return words("condition.campaign", campaign=title, engagement=said)
        case "residents":
            ids = condition.residents.resident_ids
            return words(
                "condition.residents", who=_several(words, known.named(ids, known.residents))
            )
    return _plain(words, known, condition, kind)


def tree_lines(words: Words, known: Known, condition: pb.Condition | None) -> list[str]:
    """Word a tree, a line a condition, as deep as it stands."""
    return [
        "  " * len(node.place) + formats.plain(worded(words, known, node.condition))
        for node in tree.nodes(condition)
    ]


def _plain(words: Words, known: Known, condition: pb.Condition, kind: str) -> str:
    """Word a group, or what is one key."""
    match kind:
        case "segment_id":
            kept = known.segments.get(condition.segment_id)
            return words("condition.segment", name=kept.name if kept else condition.segment_id)
        case "topic":
            return words(
                "condition.topic", topic=known.topics.get(condition.topic, condition.topic)
            )
        case "language":
            name = words.find(f"language.{condition.language}") or condition.language
            return words("condition.language", language=name)
        case "channel":
            name = words.channel(condition.channel)
            return words("condition.channel", channel=name)
    return words(f"condition.{kind}")


def _age(words: Words, age: pb.AgeRange) -> str:
    if age.from_age == YOUNGEST and age.to_age >= OLDEST:
        return words("condition.everybody")
    if age.to_age >= OLDEST:
        return words("condition.age_from", first=age.from_age)
    return words("condition.age", first=age.from_age, last=age.to_age)


def _association(words: Words, known: Known, part: pb.AssociationPart) -> str:
    of = part.association_id
    said = [known.associations.get(of, of)]
    if part.group_id:
        said.append(known.groups.get(of, {}).get(part.group_id, part.group_id))
    if part.household_ids:
        said.append(_several(words, known.named(part.household_ids, known.households.get(of, {}))))
    if part.offices:
        said.append(_several(words, [office(words, kind) for kind in part.offices]))
    return words("condition.association", part=" ".join(said))


def _program(words: Words, known: Known, standing: pb.ProgramStanding) -> str:
    states = [words(f"state.{ApplicationState.Name(one)}") for one in standing.states]
    title = known.programs.get(standing.program_id, standing.program_id)
    said = _several(words, states) if states else words("condition.entitled")
    return words("condition.program", program=title, standing=said)


def _answer(words: Words, known: Known, answer: pb.MarkedAnswer) -> str:
    procedure, step, value = answer.procedure, answer.step, answer.value
    for marked, asked in known.marked():
        if (marked.key, asked.key) == (answer.procedure, answer.step):
            procedure, step = known.said(marked.title), known.said(asked.text)
            labels = {one.value: known.said(one.label) for one in asked.choices}
            value = labels.get(answer.value, answer.value)
    return words("condition.answer", procedure=procedure, step=step, value=value)


def _several(words: Words, names: list[str]) -> str:
    if len(names) > NAMED:
        shown = words("comma").join(names[:NAMED])
        return words("condition.and_more", names=shown, count=len(names) - NAMED)
    return words("comma").join(names)


def office(words: Words, kind: circulars_pb2.OfficeKind.ValueType) -> str:
    return words(f"office.{circulars_pb2.OfficeKind.Name(kind)}")
