"""What is asked before a procedure is begun, published, retired, handed on or taken in."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from textual.content import Content

from todoke.v1 import procedures_pb2 as pb
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import FileTrouble, keep_own, size_of, written_path
from tui.wording import Words

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


def ask_import(desk: Desk, drafts: Sequence[pb.Draft]) -> Ask:
    """Ask for a YAML or a package, or for what ships; it becomes the draft.

    Ends with the key and what is to be told of it.
    """
    words, core = desk.words, desk.core
    etags = {draft.key: draft.etag for draft in drafts}

    async def take(answers: Answers, request_id: str) -> tuple[str, Content]:
        shipped, written = str(answers["shipped"]), str(answers["path"])
        if bool(shipped) == bool(written):
            raise Mistyped("import_one")
        if shipped:
            request = pb.ImportProcedureRequest(
                shipped=shipped, etag=etags.get(shipped, ""), request_id=request_id
            )
        else:
            path = written_path(written)
            if size_of(path) > MOST_BYTES:
                raise FileTrouble("too_large", path=path)
            content = await asyncio.to_thread(path.read_bytes)
            if path.suffix.lower() in SOURCES:
                return await _save(content, request_id)
            key = str(answers["replaced_key"])
            request = pb.ImportProcedureRequest(
                package=content, etag=etags.get(key, ""), request_id=request_id
            )
        got = await core.ask(core.procedures.ImportProcedure, request)
        return got.draft.key, imported_text(words, got)

    async def _save(content: bytes, request_id: str) -> tuple[str, Content]:
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
        told = words("note.imported_source", procedure=key, count=len(draft.problems))
        return key, Content(told)

    replaced = [(words("none"), ""), *((key, key) for key in etags)]
    fields = (
        Field("path", hint="hint.import_procedure"),
        Field("replaced_key", choices=replaced),
        Field("shipped", hint="hint.shipped"),
    )
    about = words("ask.import_procedure.about")
    return Ask(words, "import_procedure", take, about=about, fields=fields)


def imported_text(words: Words, got: pb.ImportProcedureResponse) -> Content:
    """Tell what came in, and each place that both towns changed, three texts under one another."""
    head = words(
        "note.imported_text",
        procedure=got.draft.key,
        origin=got.origin,
        count=len(got.draft.problems),
        conflicts=len(got.conflicts),
    )
    parts = [Content(head)]
    for conflict in got.conflicts:
        lines = [Content.styled(f"≠ {conflict.path}", "bold")]
        for side in ("before", "ours", "theirs"):
            text = str(getattr(conflict, side)).strip() or words("none")
            label = words(f"conflict.{side}")
            lines.append(Content.assemble((f"  {label} ", "dim"), text))
        parts.append(Content("\n").join(lines))
    return Content("\n\n").join(parts)


def _moment(day: str, clock: str) -> Timestamp:
    found = CLOCK.fullmatch(clock)
    if found is None or int(found.group(1)) > 23 or int(found.group(2)) > 59:
        raise Mistyped("publish_clock")
    moment = datetime.fromisoformat(f"{day}T{int(found.group(1)):02d}:{found.group(2)}")
    return Timestamp(seconds=int(moment.replace(tzinfo=formats.TOKYO).timestamp()))
