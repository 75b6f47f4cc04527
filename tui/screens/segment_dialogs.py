"""A segment's name is asked where it is kept."""

from todoke.v1 import campaigns_pb2 as pb
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field

NAME = 64


def ask_save(desk: Desk, segment: pb.Segment, condition: pb.Condition) -> Ask:
    """Keep a tree under a name, in the place of what the segment held, or as one of its own."""
    core = desk.core

    async def save(answers: Answers, request_id: str) -> pb.Segment:
        name = str(answers["segment_name"])
        made = pb.Segment(name=name, condition=condition)
        if segment.segment_id and not answers["anew"]:
            made.segment_id, made.etag = segment.segment_id, segment.etag
        request = pb.SaveSegmentRequest(segment=made, request_id=request_id)
        return (await core.ask(core.campaigns.SaveSegment, request)).segment

    fields = [Field("segment_name", segment.name, limit=NAME, part="name")]
    if segment.segment_id:
        fields.append(Field("anew", value=False))
    about = desk.words("ask.save_segment.about")
    return Ask(desk.words, "save_segment", save, about=about, fields=fields)
