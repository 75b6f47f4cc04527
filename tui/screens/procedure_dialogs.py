"""What is asked before a procedure is begun, published, retired, handed on or taken in."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from textual.content import Content

from todoke.v1 import procedures_pb2 as pb
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.conflicts import sides_of
from tui.files import FileTrouble, keep_own, size_of, written_path

SOURCES = {".yaml", ".yml"}
KEY = re.compile(r"^key:\s*[\"']?([a-z][a-z0-9_]{1,63})[\"']?\s*(?:#.*)?$", re.MULTILINE)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
MOST_BYTES = 3 * 1024 * 1024
TEMPLATE = Path(__file__).with_name("new_procedure.yaml")


def ask_new(desk: Desk) -> Ask:
    """Begin a procedure: its draft has one question and can be published as it is."""
    words, core = desk.words, desk.core

    async def begin(answers: Answers, request_id: str) -> pb.Draft:
        key, title = str(answers["procedure_key"]), str(answers["procedure_title"])
        if not title:
            raise Mistyped("procedure_title")
        template = TEMPLATE.read_text(encoding="utf-8")
        quoted = title.replace("\\", "").replace('"', "")
        source = template.replace("$key", key).replace("$title", f'"{quoted}"')
        request = pb.SaveDraftRequest(key=key, source=source, request_id=request_id)
        return (await core.ask(core.procedures.SaveDraft, request)).draft

    fields = (Field("procedure_key", part="key"), Field("procedure_title"))
    about = words("ask.new_procedure.about")
    return Ask(words, "new_procedure", begin, about=about, fields=fields)


def ask_publish(desk: Desk, draft: pb.Draft) -> Ask:
    """Ask from when it is in force, and why."""
    words, core = desk.words, desk.core

    async def publish(answers: Answers, request_id: str) -> int:
        request = pb.PublishProcedureRequest(
            key=draft.key,
            reason=str(answers["reason"]),
            etag=draft.etag,
            request_id=request_id,
        )
        day = read_date(words, answers["publish_date"], "publish_date")
        if day:
            request.publish_time.CopyFrom(_moment(day, str(answers["publish_clock"])))
        answer = await core.ask(core.procedures.PublishProcedure, request)
        return answer.version.version

    fields = (
        Field("reason"),
        Field("publish_date", hint="hint.publish_date", part="publish_time"),
        Field("publish_clock", "00:00"),
    )
    about = words("ask.publish.about", procedure=draft.key)
    return Ask(words, "publish", publish, about=about, fields=fields, grave=True)


def ask_retire(desk: Desk, key: str, title: str) -> Ask:
    words, core = desk.words, desk.core

    async def retire(answers: Answers, request_id: str) -> None:
        request = pb.RetireProcedureRequest(
            key=key, reason=str(answers["reason"]), request_id=request_id
        )
        await core.ask(core.procedures.RetireProcedure, request)

    about = words("ask.retire.about", procedure=key, title=title)
    return Ask(words, "retire", retire, about=about, fields=(Field("reason"),), grave=True)


def ask_export(desk: Desk, key: str, version: int) -> Ask:
    """Ask where the signed package of a version is saved."""
    words, core = desk.words, desk.core

    async def export(answers: Answers, _: str) -> str:
        request = pb.ExportProcedureRequest(key=key, version=version)
        got = await core.ask(core.procedures.ExportProcedure, request)
        where = written_path(str(answers["path"]))
        path = await keep_own(where, Path(got.file_name).name, got.package)
        return words("note.package_text", path=path)

    about = words("ask.export_procedure.about", procedure=key, version=version)
    fields = (Field("path", ".", hint="hint.export_path"),)
    return Ask(words, "export_procedure", export, about=about, fields=fields)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A package, or what ships, beside what the town has of it; yet to be taken."""

    request: pb.ImportProcedureRequest
    compared: pb.ComparePackageResponse


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become a draft, and what is to be told of it."""

    key: str
    told: Content


def ask_import(desk: Desk, drafts: Sequence[pb.Draft]) -> Ask:
    """Ask for a YAML, which becomes the draft, or for a package or what ships, which is compared.

    Ends with Taken or with Incoming.
    """
    words, core = desk.words, desk.core
    etags = {draft.key: draft.etag for draft in drafts}

    async def take(answers: Answers, request_id: str) -> Taken | Incoming:
        shipped, written = str(answers["shipped"]), str(answers["path"])
        if bool(shipped) == bool(written):
            raise Mistyped("import_one")
        content = b""
        if written:
            path = written_path(written)
            if size_of(path) > MOST_BYTES:
                raise FileTrouble("too_large", path=path)
            content = await asyncio.to_thread(path.read_bytes)
            if path.suffix.lower() in SOURCES:
                return await _save_source(desk, content, etags, request_id)
        compare = pb.ComparePackageRequest(package=content, shipped=shipped)
        compared = await core.ask(core.procedures.ComparePackage, compare)
        request = pb.ImportProcedureRequest(
            package=content, shipped=shipped, etag=compared.etag, request_id=request_id
        )
        return Incoming(request, compared)

    fields = (
        Field("path", hint="hint.import_procedure"),
        Field("shipped", hint="hint.shipped"),
    )
    about = words("ask.import_procedure.about")
    return Ask(words, "import_procedure", take, about=about, fields=fields)


async def _save_source(
    desk: Desk, content: bytes, etags: Mapping[str, str], request_id: str
) -> Taken:
    """Keep a YAML as the draft of the procedure that it names; raise Mistyped where it is none."""
    core = desk.core
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistyped("source_file") from None
    found = KEY.search(source)
    if found is None:
        raise Mistyped("source_file")
    key = found.group(1)
    request = pb.SaveDraftRequest(
        key=key, source=source, etag=etags.get(key, ""), request_id=request_id
    )
    draft = (await core.ask(core.procedures.SaveDraft, request)).draft
    told = desk.words("note.imported_source", procedure=key, count=len(draft.problems))
    return Taken(key, Content(told))


async def take_in(desk: Desk, incoming: Incoming, theirs: Sequence[str]) -> Taken:
    """Make the draft; theirs stands at these places where both towns changed them."""
    words, core = desk.words, desk.core
    request = incoming.request
    request.theirs.extend(theirs)
    got = await core.ask(core.procedures.ImportProcedure, request)
    head = words(
        "note.imported_text",
        procedure=got.draft.key,
        origin=got.origin,
        count=len(got.draft.problems),
        ours=len(got.conflicts),
        theirs=len(theirs),
    )
    parts = [Content(head)]
    if got.comments_lost:
        parts.append(Content(words("note.comments_lost")))
    for conflict in got.conflicts:
        path = Content.styled(f"≠ {conflict.path}", "bold")
        parts.append(Content("\n").join([path, sides_of(words, conflict)]))
    return Taken(got.draft.key, Content("\n\n").join(parts))


def _moment(day: str, clock: str) -> Timestamp:
    found = CLOCK.fullmatch(clock)
    if found is None or int(found.group(1)) > 23 or int(found.group(2)) > 59:
        raise Mistyped("publish_clock")
    moment = datetime.fromisoformat(f"{day}T{int(found.group(1)):02d}:{found.group(2)}")
    return Timestamp(seconds=int(moment.replace(tzinfo=formats.TOKYO).timestamp()))
