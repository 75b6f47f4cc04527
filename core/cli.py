"""The core's sub-commands of `todoke`: run it, and keep its database, keys, staff and adapters."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
import structlog
import uvloop
from sqlalchemy.orm import Session

from core import crypto, events, logs
from core.callers import Role, the_core
from core.db import Database
from core.opening import open_database, utc_now
from core.settings import Settings, load
from core.staff import actions
from core.staff.rules import StaffExists

# The server with its services, and what brings a database to its version, are imported where they
# run: adding somebody must not wait for them.

Result = TypeVar("Result")

config = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of settings; the environment (TODOKE_…) overrules it.",
)
municipality_option = click.option(
    "--municipality", required=True, help="Code of the municipality, six digits."
)


@click.command()
@config
@click.option("--migrate", is_flag=True, help="Bring the database to this version first.")
@click.option("--announce", type=click.Path(path_type=Path), help="Write the port into this file.")
def core(config: Path | None, *, migrate: bool, announce: Path | None) -> None:
    """Run the core."""
    from core import migrations, server  # noqa: PLC0415 - see above.

    settings = load(config)
    logs.configure(settings.log_level)
    if migrate:
        migrations.upgrade(settings.database)
    pending = migrations.pending(settings.database)
    if pending:
        raise click.ClickException(
            f"the database lacks {pending}: run `todoke db upgrade` first"
            " / 先に `todoke db upgrade` を実行してください"
        )

    def told(port: int) -> None:
        if announce:
            fresh = announce.with_suffix(".new")
            fresh.write_text(str(port), encoding="ascii")
            fresh.replace(announce)
        structlog.get_logger("core").info("serving", port=port)

    try:
        uvloop.run(server.serve(settings, told))
    except crypto.KeysUnusable as problem:
        raise click.ClickException(str(problem)) from None


@click.group()
def db() -> None:
    """Keep the database."""


@db.command("upgrade")
@config
def db_upgrade(config: Path | None) -> None:
    """Bring the database to this version."""
    from core import migrations  # noqa: PLC0415 - see above.

    migrations.upgrade(load(config).database)
    click.echo("the database is up to date")


@click.group()
def keys() -> None:
    """Keep the keys that personal data are sealed with."""


@keys.command("create")
@config
def keys_create(config: Path | None) -> None:
    """Make a new key file; never over one that is there."""
    path = load(config).keys
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        crypto.create_keys(path)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already: it is not overwritten") from None
    click.echo(f"made {path}: keep a copy apart from the database's backups")


@keys.command("rotate")
@config
def keys_rotate(config: Path | None) -> None:
    """Add a key that seals from now on. Then restart the core and run `todoke keys reseal`."""
    try:
        key_id = crypto.rotate_keys(load(config).keys)
    except crypto.KeysUnusable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"key {key_id} seals from the next start on; then run `todoke keys reseal`")


@keys.command("reseal")
@config
def keys_reseal(config: Path | None) -> None:
    """Seal with the newest key whatever an older one sealed. May be stopped and run again."""
    from core import rekeying  # noqa: PLC0415 - see above.

    async def reseal(database: Database) -> None:
        begun = time.monotonic()
        resealed: dict[str, int] = {}
        async for one in rekeying.reseal(database):
            resealed[one.column] = one.resealed
            rate = sum(resealed.values()) / max(time.monotonic() - begun, 0.001)
            click.echo(f"{one.column}: {one.done} of {one.total} values, {rate:,.0f} a second")

    _with_database(load(config), reseal)
    click.echo("everything is sealed with the newest key")


@click.group()
def municipality() -> None:
    """Keep the municipalities."""


@municipality.command("add")
@config
@click.argument("code")
@click.argument("name")
def municipality_add(config: Path | None, code: str, name: str) -> None:
    """Add a municipality by its six-digit code and its name."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise click.ClickException("the code is six digits, the last one a check digit: 332089")

    def add(session: Session) -> bool:
        if session.get(events.Municipality, code) is not None:
            return False
        now = utc_now()
        session.add(events.Municipality(municipality=code, name=name, create_time=now))
        events.record(session, the_core(code), "municipality.added", code, now)
        return True

    added = _write(load(config), add)
    click.echo(f"{name} ({code}) {'added' if added else 'is there already'}")


@click.group()
def staff() -> None:
    """Keep the people of the city hall."""


@staff.command("add")
@config
@municipality_option
@click.option("--name", required=True, help="The name to sign in with.")
@click.option("--display-name", default="", help="The name to show.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role if role != Role.CHANNEL]),
)
@click.option("--password-file", type=click.File(encoding="utf-8"), help="Else it is asked for.")
def staff_add(
    config: Path | None,
    *,
    municipality: str,
    name: str,
    display_name: str,
    roles: tuple[str, ...],
    password_file: Any,
) -> None:
    """Add a person with roles."""
    if password_file is None:
        password = click.prompt("password", hide_input=True, confirmation_prompt=True)
    else:
        password = password_file.read().strip()
    if len(password) < 12:
        raise click.ClickException("a password has 12 characters or more")
    create = partial(
        actions.create_staff,
        by=the_core(municipality),
        name=name,
        display_name=display_name or name,
        password_hash=actions.hashed(password),
        roles=[Role(role) for role in roles],
        now=utc_now(),
    )
    settings = load(config)
    _require(settings, municipality)
    try:
        _write(settings, create)
    except StaffExists as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{name} added")


@click.group()
def adapter() -> None:
    """Keep the tokens of channel adapters."""


@adapter.command("add")
@config
@municipality_option
@click.option("--channel", required=True, help="The channel's name, such as line.")
@click.option(
    "--token-file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the token is written, for its owner only.",
)
def adapter_add(config: Path | None, municipality: str, channel: str, token_file: Path) -> None:
    """Make a token for an adapter of a channel."""
    settings = load(config)
    _require(settings, municipality)
    make = partial(actions.add_channel, by=the_core(municipality), channel=channel, now=utc_now())
    token_file.touch(mode=0o600)
    token_file.write_text(_write(settings, make), encoding="ascii")
    click.echo(f"token of {channel} written to {token_file}")


@click.group()
def audit() -> None:
    """Prove the audit log."""


@audit.command("verify")
@config
@municipality_option
def audit_verify(config: Path | None, municipality: str) -> None:
    """Walk the hash chain from the first event; fail where it is broken."""
    settings = load(config)
    _require(settings, municipality)
    walked = _read(settings, partial(events.verify, municipality=municipality))
    if walked.broken_at:
        raise click.ClickException(
            f"the chain is broken at event {walked.broken_at}; {walked.events} before it are intact"
            f" / 監査記録は {walked.broken_at} 番で途切れています"
        )
    click.echo(f"{walked.events} events, unbroken; head {walked.head.hex()}")


def _require(settings: Settings, code: str) -> None:
    if _read(settings, lambda s: s.get(events.Municipality, code)) is None:
        raise click.ClickException(
            f"there is no municipality {code}: add it with `todoke municipality add`"
        )


def _read(settings: Settings, work: Callable[[Session], Result]) -> Result:
    return _with_database(settings, lambda database: database.read(work))


def _write(settings: Settings, work: Callable[[Session], Result]) -> Result:
    return _with_database(settings, lambda database: database.write(work))


def _with_database(settings: Settings, use: Callable[[Database], Awaitable[Result]]) -> Result:
    try:
        vault = crypto.load_keys(settings.keys)
    except crypto.KeysUnusable as problem:
        raise click.ClickException(str(problem)) from None

    async def run() -> Result:
        database = open_database(settings, vault)
        try:
            return await use(database)
        finally:
            database.close()

    return asyncio.run(run())
