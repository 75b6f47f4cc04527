"""What is asked before a file crosses between the networks, and what is read aloud."""

from todoke.v1 import crossings_pb2 as pb
from todoke.v1.eligibility_pb2 import Program
from todoke.v1.files_pb2 import FileHeader
from tui import formats, sending
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_stream, size_of, written_path

GROUP = 4
GROUPS_A_LINE = 8

TAKING_SECONDS = 120.0
"""A hundred thousand links take some ten seconds."""

PARCELS = (pb.CROSSING_PARCEL_REGISTRATIONS, pb.CROSSING_PARCEL_DECISIONS)
"""What may be asked to cross into the closed network."""


def ask_sealing_key(desk: Desk) -> Ask:
    """Set the key; the answer is its fingerprint, to be read aloud against the kit's."""
    words, core = desk.words, desk.core

    async def set_key(answers: Answers, request_id: str) -> str:
        request = pb.SetSealingKeyRequest(
            public_key=str(answers["public_key"]),
            reason=str(answers["reason"]),
            request_id=request_id,
        )
        answer = await core.ask(core.crossings.SetSealingKey, request)
        return words("note.sealing_key_text", fingerprint=aloud(answer.fingerprint))

    fields = (Field("public_key", limit=4096), Field("reason"))
    about = words("ask.sealing_key.about")
    return Ask(words, "sealing_key", set_key, about=about, fields=fields, grave=True)


def ask_propose(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    async def propose(answers: Answers, request_id: str) -> None:
        request = pb.ProposeCrossingRequest(
            program_id=program.program_id,
            parcel=pb.CrossingParcel.Value(str(answers["parcel"])),
            reason=str(answers["reason"]),
            request_id=request_id,
        )
        await core.ask(core.crossings.ProposeCrossing, request)

    about = words("ask.propose_crossing.about", title=program.title)
    parcels = [pb.CrossingParcel.Name(one) for one in PARCELS]
    fields = (
        Field("parcel", choices=[(words(f"parcel.{one}"), one) for one in parcels]),
        Field("reason"),
    )
    return Ask(words, "propose_crossing", propose, about=about, fields=fields)


def ask_approve(desk: Desk, crossing: pb.Crossing) -> Ask:
    core = desk.core
    imported = crossing.direction == pb.CROSSING_DIRECTION_IMPORT
    decided = crossing.parcel == pb.CROSSING_PARCEL_DECISIONS
    name = "approve_links" if imported else "approve_decisions" if decided else "approve_export"

    async def approve(_: Answers, request_id: str) -> None:
        request = pb.ApproveCrossingRequest(
            crossing_id=crossing.crossing_id, etag=crossing.etag, request_id=request_id
        )
        await core.ask(core.crossings.ApproveCrossing, request, seconds=TAKING_SECONDS)

    return Ask(desk.words, name, approve, about=_about(desk, name, crossing), grave=True)


def ask_cancel(desk: Desk, crossing: pb.Crossing) -> Ask:
    core = desk.core

    async def cancel(answers: Answers, request_id: str) -> None:
        request = pb.CancelCrossingRequest(
            crossing_id=crossing.crossing_id,
            reason=str(answers["reason"]),
            etag=crossing.etag,
            request_id=request_id,
        )
        await core.ask(core.crossings.CancelCrossing, request)

    about = _about(desk, "cancel_crossing", crossing)
    fields = (Field("reason"),)
    return Ask(desk.words, "cancel_crossing", cancel, about=about, fields=fields, grave=True)


def ask_export(desk: Desk, crossing: pb.Crossing) -> Ask:
    """Fetch the sealed file to a path; the answer tells where it lies and its SHA-256."""
    words, core = desk.words, desk.core

    async def export(answers: Answers, request_id: str) -> str:
        request = pb.ExportRegistrationsRequest(
            crossing_id=crossing.crossing_id, request_id=request_id
        )
        told, where = FileHeader(), written_path(str(answers["path"]) or ".")
        parts = core.watch(core.crossings.ExportRegistrations, request)
        path = await keep_stream(parts, told, where)
        size = formats.count(told.size)
        return words("note.exported_record_text", path=path, size=size, sha256=told.sha256)

    field = Field("path", value=".", hint="hint.export_path")
    about = _about(desk, "export_crossing", crossing)
    return Ask(words, "export_crossing", export, about=about, fields=(field,))


def ask_import(desk: Desk, crossing: pb.Crossing) -> Ask:
    """Send what the kit wrote; the answer tells how many pairs it would link."""
    words = desk.words

    async def take(answers: Answers, request_id: str) -> str:
        path = written_path(str(answers["path"]))
        size_of(path)
        header = pb.ImportLinksHeader(
            export_id=crossing.crossing_id, file_name=path.name[:255], request_id=request_id
        )
        answer = await sending.import_links(desk.core, path, header)
        return words(
            "note.imported_links_text",
            links=formats.count(answer.links),
            to_review=formats.count(answer.to_review),
            hash=aloud(answer.crossing.content_hash),
        )

    field = Field("path", hint="hint.links_path")
    about = _about(desk, "import_links", crossing)
    return Ask(words, "import_links", take, about=about, fields=(field,))


def aloud(hexadecimal: str) -> str:
    """Write a fingerprint in groups, as it is read aloud, eight groups a line."""
    groups = [hexadecimal[at : at + GROUP] for at in range(0, len(hexadecimal), GROUP)]
    return "\n".join(
        "  ".join(groups[at : at + GROUPS_A_LINE]) for at in range(0, len(groups), GROUPS_A_LINE)
    )


def _about(desk: Desk, name: str, crossing: pb.Crossing) -> str:
    return desk.words(
        f"ask.{name}.about",
        rows=formats.count(crossing.rows),
        proposer=crossing.proposer,
        time=formats.moment(crossing.propose_time),
        hash=crossing.content_hash[:16],
    )
