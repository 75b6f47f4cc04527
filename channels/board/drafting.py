"""What a leader writes: from the form to the contract, and as the form would have it."""

import unicodedata
from datetime import date

from channels.forms import UUID, Form
from todoke.v1 import circulars_pb2 as pb

KINDS = {
    "notice": pb.CIRCULAR_KIND_NOTICE,
    "attendance": pb.CIRCULAR_KIND_ATTENDANCE,
    "survey": pb.CIRCULAR_KIND_SURVEY,
    "vote": pb.CIRCULAR_KIND_VOTE,
}
OFFICES = (
    pb.OFFICE_KIND_CHAIR,
    pb.OFFICE_KIND_VICE,
    pb.OFFICE_KIND_GROUP_HEAD,
    pb.OFFICE_KIND_TREASURER,
)
MOST_TITLE = 100
MOST_BODY = 10_000
MOST_QUESTIONS = 30
MOST_OPTIONS = 20
MOST_LABEL = 100
MOST_QUESTION = 500
FIRST_ROWS = 2

Wrong = dict[str, str]
"""The name of a sentence, by field."""


def read(form: Form, kind: int) -> tuple[pb.CircularContent, Wrong]:
    """Read a circular's content, and what is wrong with it."""
    content = pb.CircularContent(
        title=form.one("title"),
        body=form.one("body").replace("\r\n", "\n"),
        file_ids=list(dict.fromkeys(one for one in form.get("file", []) if UUID.fullmatch(one))),
        answers_shown="answers_shown" in form.get("options", []),
        comments_allowed="comments_allowed" in form.get("options", []),
        on_board="on_board" in form.get("options", []),
    )
    wrong = {}
    if not 1 <= len(content.title) <= MOST_TITLE:
        wrong["title"] = "compose.title_missing"
    if len(content.body) > MOST_BODY:
        wrong["body"] = "compose.body_long"
    if not content.body and not content.file_ids:
        wrong["body"] = "compose.body_missing"
    if kind == pb.CIRCULAR_KIND_SURVEY:
        wrong |= _questions(form, content)
    if kind == pb.CIRCULAR_KIND_VOTE:
        wrong |= _vote(form, content)
    return content, wrong


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _options(lines: list[str]) -> list[pb.CircularOption]:
    return [pb.CircularOption(value=f"choice_{at}", label=one) for at, one in enumerate(lines, 1)]


def rows(form: Form) -> int:
    """How many questions the form has room for."""
    told = form.one("rows")
    most = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else FIRST_ROWS
    return min(max(most, 1), MOST_QUESTIONS)


def _questions(form: Form, content: pb.CircularContent) -> Wrong:
    wrong = {}
    for at in range(rows(form)):
        text, options = form.one(f"q.{at}.text"), _lines(form.one(f"q.{at}.options"))
        if not text and not options:
            continue
        if not 1 <= len(text) <= MOST_QUESTION:
            wrong[f"q.{at}.text"] = "compose.question_missing"
        if not _fits(options, least=0) or len(options) == 1:
            wrong[f"q.{at}.options"] = "compose.options_wrong"
        content.questions.add(
            key=f"question_{at + 1}",
            text=text,
            options=_options(options),
            several=bool(options) and f"q.{at}" in form.get("several", []),
        )
    if not content.questions:
        wrong["q.0.text"] = "compose.question_missing"
    return wrong


def _fits(options: list[str], least: int) -> bool:
    return least <= len(options) <= MOST_OPTIONS and all(len(one) <= MOST_LABEL for one in options)


def _vote(form: Form, content: pb.CircularContent) -> Wrong:
    wrong = {}
    options = _lines(form.one("vote_options"))
    quorum = unicodedata.normalize("NFKC", form.one("quorum") or "0")
    percent = int(quorum) if quorum.isascii() and quorum.isdigit() and len(quorum) < 4 else 101
    if not _fits(options, least=2):
        wrong["vote_options"] = "compose.options_wrong"
    if percent > 100:
        wrong["quorum"] = "compose.quorum_wrong"
        percent = 0
    of_members = form.one("electorate") == "members"
    content.vote.CopyFrom(
        pb.VoteRules(
            electorate=pb.ELECTORATE_MEMBERS if of_members else pb.ELECTORATE_HOUSEHOLDS,
            secret="secret" in form.get("options", []),
            quorum_percent=percent,
            options=_options(options),
        )
    )
    return wrong


def read_due(form: Form, kind: int, today: date) -> tuple[str, Wrong]:
    """Read the last day; a vote must have one."""
    due = form.one("due")
    if not due:
        is_needed = kind == pb.CIRCULAR_KIND_VOTE
        return "", {"due": "compose.due_missing"} if is_needed else {}
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return "", {"due": "compose.due_wrong"}
    return day.isoformat(), {"due": "compose.due_past"} if day < today else {}


def read_targets(form: Form) -> tuple[pb.Targets, Wrong]:
    """Read whom it is for; only what belongs to the way that was chosen counts."""
    targets, to = pb.Targets(), form.one("to")
    if to == "everybody":
        targets.everybody = True
    elif to == "groups":
        targets.group_ids.extend(_ids(form, "group"))
    elif to == "households":
        targets.household_ids.extend(_ids(form, "household"))
    elif to == "offices":
        known = {str(int(one)): one for one in OFFICES}
        targets.offices.extend(known[one] for one in form.get("office", []) if one in known)
    return targets, {} if targets.ByteSize() else {"to": "targets.to_missing"}


def _ids(form: Form, name: str) -> list[str]:
    return list(dict.fromkeys(one for one in form.get(name, []) if UUID.fullmatch(one)))


def filled(circular: pb.Circular) -> Form:
    """Return the form as it was filled in for a circular."""
    content, targets = circular.content, circular.targets
    form = Form(
        title=[content.title],
        body=[content.body],
        due=[circular.due_date],
        file=list(content.file_ids),
        options=[
            name
            for name in ("answers_shown", "comments_allowed", "on_board")
            if getattr(content, name)
        ],
        to=[_to(targets)],
        group=list(targets.group_ids),
        household=list(targets.household_ids),
        office=[str(int(one)) for one in targets.offices],
        rows=[str(max(len(content.questions), FIRST_ROWS))],
    )
    for file in circular.files:
        form[f"file_name.{file.file_id}"] = [file.file.file_name]
    for at, question in enumerate(content.questions):
        form[f"q.{at}.text"] = [question.text]
        form[f"q.{at}.options"] = ["\n".join(one.label for one in question.options)]
        if question.several:
            form.setdefault("several", []).append(f"q.{at}")
    if content.HasField("vote"):
        _fill_vote(form, content.vote)
    return form


def _fill_vote(form: Form, rules: pb.VoteRules) -> None:
    form["vote_options"] = ["\n".join(one.label for one in rules.options)]
    form["quorum"] = [str(rules.quorum_percent)]
    is_of_members = rules.electorate == pb.ELECTORATE_MEMBERS
    form["electorate"] = ["members" if is_of_members else "households"]
    if rules.secret:
        form["options"].append("secret")


def _to(targets: pb.Targets) -> str:
    if targets.group_ids:
        return "groups"
    if targets.household_ids:
        return "households"
    return "offices" if targets.offices else "everybody"
