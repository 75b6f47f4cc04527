"""What members wrote under a circular: read, and taken away by whoever leads its writer."""

from channels.line import limits
from channels.line.leading import drafts, paper, reviewing, seats
from channels.line.leading.seats import button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, texts, within
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 5
WORDS = 300
"""So much of a comment stands in a list; whole comments are on the page."""


async def listed(visit: Visit, circular_id: str, page: str) -> list[Message]:
    """Show what was written, newest first, with a button for what can be taken away."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    found = await _written(visit, circular_id)
    back = button("back", language, Verb.ROUND, circular_id)
    if not found:
        return [card(paper.titled(circular), [say("comments_none", language)], [back])]
    shown, turns = turned(found, int(page), Verb.COMMENTS, language, size=A_PAGE, of=(circular_id,))
    lines, hides = [], []
    for one in shown:
        words = limits.clip(one.text, WORDS)
        lines.append(say("comment", language, person=one.display_name, words=words))
        if one.can_hide:
            word = {"person": named(one.display_name)}
            hide = (circular_id, one.comment_id)
            hides.append(button("comment_hide", language, Verb.HIDE, *hide, **word))
    return [card(paper.titled(circular), lines, [*hides, *turns, back], stands_out=seats.NOTHING)]


async def hide(visit: Visit, circular_id: str, comment_id: str) -> list[Message]:
    """Ask before a comment is taken away; the safe answer stands out."""
    language = visit.language
    found = [one for one in await _written(visit, circular_id) if one.comment_id == comment_id]
    if not found:
        return await listed(visit, circular_id, "1")
    [comment] = found
    words = limits.clip(comment.text, WORDS)
    lines = [
        say("comment", language, person=comment.display_name, words=words),
        say("comment_hide_which", language),
    ]
    yes = button("comment_hide_yes", language, Verb.HIDE_SURE, circular_id, comment_id, visit.asked)
    back = button("back", language, Verb.COMMENTS, circular_id, "1")
    return [card(say("comments", language), lines, [back, yes])]


async def hide_surely(visit: Visit, circular_id: str, comment_id: str, asked: str) -> list[Message]:
    """Take it away."""
    if not visit.is_sure(asked):
        return await hide(visit, circular_id, comment_id)
    request = pb.HideCommentRequest(
        speaker=visit.speaker, comment_id=comment_id, request_id=visit.event.id
    )
    await visit.core.ask(visit.core.circulars.HideComment, request)
    said = texts(say("comment_hidden", visit.language))
    return within([*said, *await listed(visit, circular_id, "1")])


async def allow(visit: Visit, circular_id: str, wanted: str) -> list[Message]:
    """Let members comment under a draft once it is out, or not."""

    def edit(request: pb.SaveCircularRequest) -> None:
        request.content.comments_allowed = wanted == "on"
        request.asked = ""

    await drafts.change(visit, circular_id, edit)
    return await reviewing.show(visit, circular_id)


async def _written(visit: Visit, circular_id: str) -> list[pb.Comment]:
    request = pb.ListCommentsRequest(speaker=visit.speaker, circular_id=circular_id)
    return await seats.everything(visit, visit.core.circulars.ListComments, request, "comments")
