"""`todoke procedure save, publish, retire, get, export, import`: by a core, as staff."""

import sys
from datetime import datetime
from pathlib import Path

import click
from google.protobuf.timestamp_pb2 import Timestamp

from core.japan import JST
from core.procedures import yaml_places
from core.procedures.cli_signing import Desk, at_a_desk, request_id, signed_in
from todoke.client import Core, CoreError
from todoke.v1 import procedures_pb2 as pb

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
SEVERITIES = {pb.PROBLEM_SEVERITY_ERROR: "error", pb.PROBLEM_SEVERITY_WARNING: "warning"}
REASON = click.option("--reason", required=True, help="Why; it stands in the audit log.")
VERSION = click.option("--version", default=0, help="The version; else the one in force.")
OVER = click.option("--over", is_flag=True, help="Replace the draft that somebody else saved.")


@click.command("save")
@click.argument("source", metavar="FILE", type=FILE)
@OVER
@at_a_desk
def save(source: Path, *, over: bool, desk: Desk) -> None:
    """Keep FILE as the town's draft, faulty or not, and say what is wrong with it."""
    text = source.read_text(encoding="utf-8")
    draft = signed_in(desk, lambda core: _save(core, source, text, desk, over=over))
    click.echo(f"{draft.key}: the draft is saved")
    sys.exit(1 if _told(source, draft) else 0)


@click.command("publish")
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--at", help="When: 2027-04-01 or 2027-04-01T09:00, in Japan; else now.")
@REASON
@OVER
@at_a_desk
def publish(source: Path, *, at: str | None, reason: str, over: bool, desk: Desk) -> None:
    """Put FILE in force, now or at a time. What is under way keeps the version it began with."""
    moment, text = _moment(at), source.read_text(encoding="utf-8")

    async def work(core: Core) -> pb.ProcedureVersion | None:
        draft = await _save(core, source, text, desk, over=over)
        if _told(source, draft):
            return None
        request = pb.PublishProcedureRequest(
            key=draft.key,
            etag=draft.etag,
            reason=reason,
            publish_time=moment,
            request_id=request_id(),
        )
        return (await core.ask(core.procedures.PublishProcedure, request)).version

    version = signed_in(desk, work)
    if version is None:
        click.echo("the draft is saved, and not published", err=True)
        sys.exit(1)
    begins = version.publish_time.ToDatetime(JST)
    click.echo(f"{version.key} version {version.version} is in force from {begins:%Y-%m-%d %H:%M}")


@click.command("retire")
@click.argument("key")
@REASON
@at_a_desk
def retire(key: str, *, reason: str, desk: Desk) -> None:
    """Take a procedure out of force. What is under way goes on to its end."""

    async def work(core: Core) -> pb.ProcedureVersion:
        request = pb.RetireProcedureRequest(key=key, reason=reason, request_id=request_id())
        return (await core.ask(core.procedures.RetireProcedure, request)).version

    version = signed_in(desk, work)
    click.echo(f"{version.key} version {version.version} is out of force")


@click.command("get")
@click.argument("key")
@VERSION
@click.option("--draft", is_flag=True, help="The draft, instead of a version.")
@click.option("--out", type=NEW_FILE, help="Where it is written; else it is printed.")
@at_a_desk
def get_source(key: str, *, version: int, draft: bool, out: Path | None, desk: Desk) -> None:
    """Get the source of a procedure."""

    async def work(core: Core) -> pb.GetProcedureResponse:
        request = pb.GetProcedureRequest(key=key, version=version)
        return await core.ask(core.procedures.GetProcedure, request)

    answer = signed_in(desk, work)
    source = answer.draft.source if draft else answer.source
    if not source:
        raise click.ClickException(f"{key} has no {'draft' if draft else 'version in force'}")
    if out is None:
        click.echo(source, nl=False)
    else:
        out.write_text(source, encoding="utf-8")


@click.command("export")
@click.argument("key")
@VERSION
@click.option("--out", type=NEW_FILE, help="Where it is written; else by its own name, here.")
@at_a_desk
def export_package(key: str, *, version: int, out: Path | None, desk: Desk) -> None:
    """Write a version that the town published as a signed package, for other towns."""

    async def work(core: Core) -> pb.ExportProcedureResponse:
        request = pb.ExportProcedureRequest(key=key, version=version)
        return await core.ask(core.procedures.ExportProcedure, request)

    answer = signed_in(desk, work)
    path = out or Path(Path(answer.file_name).name)
    path.write_bytes(answer.package)
    click.echo(f"wrote {path}")


@click.command("import")
@click.argument("package", metavar="PACKAGE", type=FILE, required=False)
@click.option("--shipped", metavar="KEY", default="", help="Instead: what ships now of this key.")
@click.option("--out", type=NEW_FILE, help="Where the draft is written, to go on with.")
@click.option(
    "--theirs",
    metavar="PATH",
    multiple=True,
    help="A place that both changed, at which the package's text is to stand. Can be repeated.",
)
@OVER
@at_a_desk
def import_package(
    package: Path | None,
    *,
    shipped: str,
    out: Path | None,
    theirs: tuple[str, ...],
    over: bool,
    desk: Desk,
) -> None:
    """Take a package as a draft. Ends with 1 where both towns changed the same place.

    Our own text stands there, unless --theirs names the place.
    """
    if (package is None) == (not shipped):
        raise click.UsageError("name a package or --shipped, one of them")
    content = package.read_bytes() if package else b""

    async def work(core: Core) -> pb.ImportProcedureResponse:
        etag = ""
        if over:
            # Whose draft it replaces, only the core knows.
            compare = pb.ComparePackageRequest(package=content, shipped=shipped)
            etag = (await core.ask(core.procedures.ComparePackage, compare)).etag
        request = pb.ImportProcedureRequest(
            package=content, shipped=shipped, etag=etag, theirs=theirs, request_id=request_id()
        )
        return await core.ask(core.procedures.ImportProcedure, request)

    answer = signed_in(desk, work)
    click.echo(f"{answer.draft.key}: a draft is made of {answer.origin}")
    for one in answer.conflicts:
        click.echo(f"both changed {one.path}: ours stands")
        click.echo(f"  before: {one.before}\n  ours:   {one.ours}\n  theirs: {one.theirs}")
    if answer.comments_lost:
        click.echo("comments of ours went with lines that were written anew: look at the draft")
    if out is not None:
        out.write_text(answer.draft.source, encoding="utf-8")
    _told(out or Path(answer.draft.key), answer.draft)
    sys.exit(1 if answer.conflicts else 0)


async def _save(core: Core, source: Path, text: str, desk: Desk, *, over: bool) -> pb.Draft:
    """Save a file as the draft; over somebody else's only where that is said."""
    key = _key(source, text)
    etag = ""
    try:
        answer = await core.ask(core.procedures.GetProcedure, pb.GetProcedureRequest(key=key))
        etag = answer.draft.etag
        if etag and answer.draft.author != desk.name and not over:
            raise click.ClickException(
                f"{answer.draft.author} saved a draft of {key}: --over replaces it"
            )
    except CoreError as refusal:
        if refusal.reason != "PROCEDURE_UNKNOWN":
            raise
    request = pb.SaveDraftRequest(key=key, source=text, etag=etag, request_id=request_id())
    return (await core.ask(core.procedures.SaveDraft, request)).draft


def _key(source: Path, text: str) -> str:
    try:
        tree = yaml_places.read(text).value
    except yaml_places.NotYaml as wrong:
        raise click.ClickException(f"{source}:{wrong.line}:{wrong.column}: {wrong}") from None
    key = tree.get("key") if isinstance(tree, dict) else None
    if not isinstance(key, str):
        raise click.ClickException(f"{source} has no key")
    return key


def _told(source: Path, draft: pb.Draft) -> bool:
    """Say what is wrong with a draft; return whether it keeps it from being published."""
    for one in draft.problems:
        place = f"{one.path}: " if one.path else ""
        severity = SEVERITIES[one.severity]
        click.echo(f"{source}:{one.line}:{one.column}: {severity}: {place}{one.problem}")
    return any(one.severity == pb.PROBLEM_SEVERITY_ERROR for one in draft.problems)


def _moment(at: str | None) -> Timestamp | None:
    """Read a time; one that names no zone is Japan's."""
    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(
            "write 2027-04-01 or 2027-04-01T09:00", param_hint="--at"
        ) from None
    stamp = Timestamp()
    stamp.FromDatetime(moment if moment.tzinfo else moment.replace(tzinfo=JST))
    return stamp
