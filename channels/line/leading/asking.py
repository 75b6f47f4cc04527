"""What a draft's author is asked for it now, with the buttons that answer or lead on."""

from channels import wording
from channels.line import limits, picking
from channels.line.leading import seats, steps
from channels.line.leading.seats import button, say
from channels.line.messages import Action, Message, card
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.procedures_pb2 import DateInput

QUORUMS = (0, 50, 67)
"""How much of the electorate must vote for it to count: none, half, two thirds."""

CHANGED = ("date", "place", "content")
"""What is corrected most, to be said by a tap."""


def show(visit: Visit, draft: pb.Circular, *told: str) -> list[Message]:
    """Ask what is asked for a draft now, after what is told of the step before."""
    language = visit.language
    lines = [*told, say(_question(draft), language), *_so_far(draft, language)]
    answers, ways = _answers(visit, draft), _ways(draft, language)
    # Of choices most are sent, and most votes are held alike: to go on comes first.
    actions = [*ways, *answers] if draft.asked in {"choices", "rules"} else [*answers, *ways]
    stop = button("stop", language, Verb.DRAFT_STOP, draft.circular_id)
    return [card(draft.content.title, lines, [*actions, stop], stands_out=seats.NOTHING)]


def _question(draft: pb.Circular) -> str:
    """Name the sentence that asks."""
    if draft.asked == "body" and draft.corrects_id:
        return "ask_body_anew"
    if draft.asked == "choices" and not draft.content.HasField("vote"):
        return "ask_choices_or_none"
    return f"ask_{draft.asked}"


def _so_far(draft: pb.Circular, language: str) -> list[str]:
    """Show the choices that were sent so far, under what they answer."""
    if draft.asked == "rules":
        return rules(draft.content.vote, language)
    if draft.asked != "choices":
        return []
    content = draft.content
    asked = [] if content.HasField("vote") else [content.questions[-1].text]
    return [*asked, *numbered(steps.options_of(content), language)]


def numbered(options: list[pb.CircularOption], language: str) -> list[str]:
    return [
        say("numbered", language, number=number, label=one.label)
        for number, one in enumerate(options, 1)
    ]


def _answers(visit: Visit, draft: pb.Circular) -> list[Action]:
    """Return what can be answered by a tap."""
    language, id = visit.language, draft.circular_id
    if draft.asked == "due":
        none = button("due_none", language, Verb.DRAFT_NO_DUE, id)
        is_vote = draft.kind == pb.CIRCULAR_KIND_VOTE
        return [due(visit, draft), *([] if is_vote else [none])]
    if draft.asked == "correction":
        return [
            button(f"changed_{what}", language, Verb.DRAFT_CHANGED, id, what) for what in CHANGED
        ]
    if draft.asked == "rules":
        return _of_rules(draft, language)
    return _of_choices(draft, language) if draft.asked == "choices" else []


def rules(vote: pb.VoteRules, language: str) -> list[str]:
    """Say how a vote is held."""
    of_members = vote.electorate == pb.ELECTORATE_MEMBERS
    quorum = vote.quorum_percent
    return [
        say("rule_members" if of_members else "rule_households", language),
        say("rule_secret" if vote.secret else "rule_open", language),
        say("rule_quorum" if quorum else "rule_no_quorum", language, percent=quorum),
    ]


def _of_rules(draft: pb.Circular, language: str) -> list[Action]:
    """Return the buttons that hold a vote otherwise; each says what shall be."""
    vote, id = draft.content.vote, draft.circular_id
    of_members = vote.electorate == pb.ELECTORATE_MEMBERS
    wanted = [
        "homes" if of_members else "members",
        "open" if vote.secret else "secret",
        *(f"quorum{percent}" for percent in QUORUMS if percent != vote.quorum_percent),
    ]
    return [button(f"to_{rule}", language, Verb.DRAFT_RULE, id, rule) for rule in wanted]


def _of_choices(draft: pb.Circular, language: str) -> list[Action]:
    id, content = draft.circular_id, draft.content
    options = steps.options_of(content)
    if not options:
        less = [] if content.HasField("vote") else [("question_none", Verb.DRAFT_LESS)]
        names = [("yes_no", Verb.DRAFT_YES_NO), *less]
        return [button(name, language, verb, id) for name, verb in names]
    last = limits.clip(options[-1].label, seats.NAME)
    actions = [button("choice_less", language, Verb.DRAFT_LESS, id, label=last)]
    if content.questions and len(options) > 1:
        is_on = content.questions[-1].several
        name, wanted = ("several_off", "off") if is_on else ("several_on", "on")
        actions.append(button(name, language, Verb.DRAFT_SEVERAL, id, wanted))
    return actions


def _ways(draft: pb.Circular, language: str) -> list[Action]:
    """Return the way back, and the way on where what is there can stand."""
    id, ways = draft.circular_id, []
    if draft.asked == "body" and draft.corrects_id:
        return [button("body_stays", language, Verb.DRAFT_NEXT, id)]
    if draft.asked == "body":
        ways.append(button("ask_back", language, Verb.DRAFT_ASK, id, "title"))
    if draft.asked == "rules":
        ways.append(button("enough", language, Verb.DRAFT_NEXT, id))
    elif draft.asked == "choices":
        if steps.can_go_on(draft.content):
            ways.append(button("enough", language, Verb.DRAFT_NEXT, id))
    elif draft.asked == "files" or not steps.lacking(draft):
        ways.append(button("enough", language, Verb.DRAFT, id))
    return ways


def due(visit: Visit, draft: pb.Circular) -> Action:
    """Return the button that picks the last day."""
    today = visit.event.time.astimezone(wording.JAPAN).date().isoformat()
    word = say("due_change" if draft.due_date else "due_choose", visit.language)
    do = Do(Verb.DRAFT_DUE, (draft.circular_id,))
    return picking.day(DateInput(first=today), draft.due_date, word, do)
