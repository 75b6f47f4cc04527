"""What a survey or a vote offers to choose from is put together by taps, beside what is sent."""

from channels.line.leading import asking, drafts, reviewing, steps
from channels.line.leading.seats import say
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb


async def less(visit: Visit, circular_id: str) -> list[Message]:
    """Take away what was sent last."""
    return await _change(visit, circular_id, steps.take_last_away)


async def several(visit: Visit, circular_id: str, wanted: str) -> list[Message]:
    """Let several be chosen of the question that is asked last, or only one."""

    def edit(request: pb.SaveCircularRequest) -> None:
        for question in request.content.questions[-1:]:
            question.several = wanted == "on"

    return await _change(visit, circular_id, edit)


async def yes_no(visit: Visit, circular_id: str) -> list[Message]:
    """Let it be for or against, as most votes are."""

    def edit(request: pb.SaveCircularRequest) -> None:
        if not steps.options_of(request.content):
            steps.add_options(request, [say(name, visit.language) for name in ("yes", "no")])

    return await _change(visit, circular_id, edit)


async def rule(visit: Visit, circular_id: str, wanted: str) -> list[Message]:
    """Hold a vote otherwise: in secret, of members, or with so many votes needed."""

    def edit(request: pb.SaveCircularRequest) -> None:
        if not request.content.HasField("vote"):
            return
        vote, request.asked = request.content.vote, "rules"
        match wanted:
            case "secret" | "open":
                vote.secret = wanted == "secret"
                if vote.secret:
                    request.content.answers_shown = False
            case "members":
                vote.electorate = pb.ELECTORATE_MEMBERS
            case "homes":
                vote.electorate = pb.ELECTORATE_HOUSEHOLDS
            case _:
                vote.quorum_percent = int(wanted.removeprefix("quorum"))

    kept = await drafts.change(visit, circular_id, edit)
    return asking.show(visit, kept) if kept.asked else await reviewing.show(visit, circular_id)


async def enough(visit: Visit, circular_id: str) -> list[Message]:
    """Go on to what is missing still, or show the draft; an old button may come too early."""
    draft = await drafts.get(visit, circular_id)
    if not steps.can_go_on(draft.content):
        return await _change(visit, circular_id, _ask_on)

    def edit(request: pb.SaveCircularRequest) -> None:
        if request.asked == "choices" and not request.due_date and request.content.HasField("vote"):
            # Of a new vote it is asked once how it is held.
            request.asked = "rules"
            return
        missing = steps.following(request)
        request.asked = missing or ("" if request.due_date or request.corrects_id else "due")

    kept = await drafts.change(visit, circular_id, edit)
    return asking.show(visit, kept) if kept.asked else await reviewing.show(visit, circular_id)


def _ask_on(request: pb.SaveCircularRequest) -> None:
    request.asked = "choices"


async def _change(visit: Visit, circular_id: str, edit: drafts.Edit) -> list[Message]:
    """Change what is offered, and show it with what is asked for next."""

    def change(request: pb.SaveCircularRequest) -> None:
        request.asked = "choices"
        edit(request)

    kept = await drafts.change(visit, circular_id, change)
    if kept.asked == "choices" and not (kept.content.questions or kept.content.HasField("vote")):
        return await reviewing.show(visit, circular_id)
    return asking.show(visit, kept)
