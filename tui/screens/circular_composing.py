"""The form of the city's circulars: what is said and asked, until when, and to whose leaders."""

from collections.abc import Sequence

from todoke.v1 import circulars_pb2 as pb
from tui import associations, sending
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.desk import request_id as new_request_id
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import size_of, written_path
from tui.screens.association_dialogs import filled
from tui.wording import Words

KINDS = (
    pb.CIRCULAR_KIND_NOTICE,
    pb.CIRCULAR_KIND_ATTENDANCE,
    pb.CIRCULAR_KIND_SURVEY,
    pb.CIRCULAR_KIND_VOTE,
)
NOTICE, _, SURVEY, VOTE = map(pb.CircularKind.Name, KINDS)
ELECTORATES = (pb.ELECTORATE_HOUSEHOLDS, pb.ELECTORATE_MEMBERS)
ALL, SOME = "all", "chosen"
PASSED_ON, LEADERS_ONLY = "passed_on", "leaders_only"
TITLE, BODY, REASON = 100, 10_000, 500
BETWEEN, OR, SEVERAL = "|", "/", "*"
"""How a question is typed: `text | choice / choice`, with a star before it for several choices."""

WIDE = str.maketrans("\uff5c\uff0f\uff0a", "|/*")  # Wide forms of what is typed between.


async def ask_compose(desk: Desk, before: pb.Circular | None) -> Ask:
    """Return the form, filled with a draft where there is one. Raises CoreError."""
    words, core = desk.words, desk.core
    known = await associations.associations(core)
    given = before or pb.Circular()

    async def save(answers: Answers, request_id: str) -> pb.Circular:
        request = pb.SaveCircularRequest(
            circular_id=given.circular_id,
            kind=pb.CircularKind.Value(str(answers["circular_kind"])),
            content=_content(answers, given),
            targets=_targets(answers, known),
            due_date=_due(words, answers),
            etag=given.etag,
            request_id=request_id,
        )
        await _attach(desk, answers, request.content)
        return (await core.ask(core.circulars.SaveCircular, request)).circular

    fields = _fields(words, given, known)
    about = words("ask.compose_circular.about")
    return Ask(words, "compose_circular", save, about=about, fields=fields)


def ask_correct(desk: Desk, circular: pb.Circular) -> Ask:
    """Correct what is out; what it asks stays as it is."""
    words, core = desk.words, desk.core

    async def correct(answers: Answers, request_id: str) -> None:
        content = pb.CircularContent()
        content.CopyFrom(circular.content)
        content.title, content.body = filled(answers, "circular_title"), str(answers["body"])
        if not answers.get("keep_files"):
            del content.file_ids[:]
        await _attach(desk, answers, content)
        request = pb.CorrectCircularRequest(
            circular_id=circular.circular_id,
            content=content,
            correction=filled(answers, "correction"),
            etag=circular.etag,
            request_id=request_id,
        )
        await core.ask(core.circulars.CorrectCircular, request)

    fields = (
        *_said(words, circular),
        Field("correction", limit=REASON),
    )
    about = words("ask.correct_circular.about")
    return Ask(words, "correct_circular", correct, about=about, fields=fields, grave=True)


def _said(words: Words, given: pb.Circular) -> list[Field]:
    content, files = given.content, len(given.content.file_ids)
    keep = Field("keep_files", value=True, said=words("field.keep_files", count=files))
    return [
        Field("circular_title", content.title, part="title", limit=TITLE),
        Field("body", content.body, limit=BODY, is_long=True),
        *([keep] if files else []),
        Field("attached", hint="hint.attached", part="file_ids"),
    ]


def _fields(words: Words, given: pb.Circular, known: Sequence[pb.Association]) -> list[Field]:
    content, targets = given.content, given.targets
    kinds = [(words(f"circular_kind.{n}"), n) for n in map(pb.CircularKind.Name, KINDS)]
    voters = [(words(f"electorate.{n}"), n) for n in map(pb.Electorate.Name, ELECTORATES)]
    survey, vote = (("circular_kind", frozenset({kind})) for kind in (SURVEY, VOTE))
    some = ("whom", frozenset({SOME}))
    numbers = [one.number for one in known if one.association_id in targets.association_ids]
    chosen = pb.CircularKind.Name(given.kind) if given.kind else NOTICE
    elected = content.vote.electorate or ELECTORATES[0]
    return [
        *_said(words, given),
        Field("circular_kind", chosen, kinds, part="kind", section="section.asked"),
        Field("questions", _typed(content.questions), only=survey, is_long=True),
        Field("options", _joined(content.vote.options), only=vote, part="vote"),
        Field("electorate", pb.Electorate.Name(elected), voters, only=vote),
        Field("secret", content.vote.secret, only=vote),
        Field("quorum", str(content.vote.quorum_percent), only=vote, limit=3),
        Field("due_date", given.due_date),
        Field(
            "whom",
            SOME if numbers else ALL,
            [(words(f"whom.{one}"), one) for one in (ALL, SOME)],
            part="targets",
            section="section.leaders",
        ),
        Field("associations", " ".join(numbers), only=some),
        Field(
            "passing",
            LEADERS_ONLY if targets.leaders_only else PASSED_ON,
            [(words(f"passing.{one}"), one) for one in (PASSED_ON, LEADERS_ONLY)],
            part="leaders_only",
        ),
        Field("on_board", content.on_board),
    ]


def _content(answers: Answers, given: pb.Circular) -> pb.CircularContent:
    content = pb.CircularContent(
        title=filled(answers, "circular_title"),
        body=str(answers["body"]),
        on_board=bool(answers["on_board"]),
    )
    if answers.get("keep_files"):
        content.file_ids.extend(given.content.file_ids)
    if answers["circular_kind"] == SURVEY:
        content.questions.extend(_questions(str(answers["questions"])))
    elif answers["circular_kind"] == VOTE:
        content.vote.CopyFrom(_vote(answers))
    return content


def _questions(text: str) -> list[pb.CircularQuestion]:
    """Read questions, one a line; raise Mistyped where there is none or one says nothing."""
    lines = [line.strip() for line in text.translate(WIDE).splitlines() if line.strip()]
    questions = []
    for number, line in enumerate(lines, start=1):
        asked, _, choices = line.partition(BETWEEN)
        several = asked.startswith(SEVERAL)
        options = _options(choices)
        if not asked.strip(f"{SEVERAL} ") or len(options) == 1:
            raise Mistyped("questions")
        questions.append(
            pb.CircularQuestion(
                key=f"q{number}",
                text=asked.removeprefix(SEVERAL).strip(),
                options=options,
                several=several,
            )
        )
    if not questions:
        raise Mistyped("questions")
    return questions


def _options(text: str) -> list[pb.CircularOption]:
    labels = [label.strip() for label in text.translate(WIDE).split(OR) if label.strip()]
    return [
        pb.CircularOption(value=f"o{number}", label=label)
        for number, label in enumerate(labels, start=1)
    ]


def _due(words: Words, answers: Answers) -> str:
    """Read the last day; a vote must have one."""
    if answers["circular_kind"] == VOTE:
        filled(answers, "due_date")
    return read_date(words, answers["due_date"], "due_date")


def _vote(answers: Answers) -> pb.VoteRules:
    options, quorum = _options(str(answers["options"])), str(answers["quorum"]) or "0"
    if len(options) < 2:
        raise Mistyped("options")
    if not quorum.isdecimal() or int(quorum) > 100:
        raise Mistyped("quorum")
    return pb.VoteRules(
        electorate=pb.Electorate.Value(str(answers["electorate"])),
        secret=bool(answers["secret"]),
        quorum_percent=int(quorum),
        options=options,
    )


def _targets(answers: Answers, known: Sequence[pb.Association]) -> pb.Targets:
    """Return whose leaders get it, by number, name or area; raise Mistyped for who is unknown."""
    leaders_only = answers["passing"] == LEADERS_ONLY
    if answers["whom"] == ALL:
        return pb.Targets(all_associations=True, leaders_only=leaders_only)
    ids: dict[str, None] = {}
    for part in str(answers["associations"]).split():
        found = [one.association_id for one in known if part in {one.number, one.name, one.area}]
        if not found:
            raise Mistyped("associations")
        ids.update(dict.fromkeys(found))
    if not ids:
        raise Mistyped("associations")
    return pb.Targets(association_ids=list(ids), leaders_only=leaders_only)


async def _attach(desk: Desk, answers: Answers, content: pb.CircularContent) -> None:
    """Send the file that is named, if any. Raises CoreError, FileTrouble."""
    if not answers["attached"]:
        return
    path = written_path(str(answers["attached"]))
    size_of(path)
    header = pb.CircularFileHeader(file_name=path.name[:255], request_id=new_request_id())
    sent = await sending.attach_to_circular(desk.core, path, header)
    content.file_ids.append(sent.file_id)


def _typed(questions: Sequence[pb.CircularQuestion]) -> str:
    lines = []
    for one in questions:
        text = f"{SEVERAL}{one.text}" if one.several else one.text
        lines.append(f"{text} {BETWEEN} {_joined(one.options)}" if one.options else text)
    return "\n".join(lines)


def _joined(options: Sequence[pb.CircularOption]) -> str:
    return f" {OR} ".join(one.label for one in options)
