"""How commands of staff reach the core: its address, who one is, and TLS."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from todoke.client import Core, CoreError, Tls
from todoke.v1 import staff_pb2

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Command = TypeVar("Command", bound=Callable[..., Any])
Result = TypeVar("Result")

OPTIONS = (
    click.option(
        "--core",
        "address",
        envvar="TODOKE_CORE",
        default="127.0.0.1:7700",
        show_default=True,
        metavar="HOST:PORT",
        help="Where the core listens.",
    ),
    click.option(
        "--municipality",
        envvar="TODOKE_MUNICIPALITY",
        required=True,
        help="Its code of six digits.",
    ),
    click.option("--name", required=True, help="The name to sign in with."),
    click.option(
        "--password-file",
        type=FILE,
        envvar="TODOKE_PASSWORD_FILE",
        help="Holds the password, alone on one line; else it is asked for.",
    ),
    click.option("--ca", type=FILE, help="PEM of who signs the core's certificate: turns TLS on."),
    click.option("--certificate", type=FILE, help="PEM of our own, where the core asks for one."),
    click.option("--key", "tls_key", type=FILE, help="PEM of the key of --certificate."),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the core is, and who signs in there."""

    address: str
    municipality: str
    name: str
    password_file: Path | None
    ca: Path | None
    certificate: Path | None
    tls_key: Path | None

    def tls(self) -> Tls | None:
        if (self.certificate is None) != (self.tls_key is None):
            raise click.UsageError("--certificate and --key go together: name both, or neither")
        if self.certificate is not None and self.ca is None:
            raise click.UsageError("--certificate needs --ca, which says whom to show it to")
        return Tls(self.ca, self.certificate, self.tls_key) if self.ca else None

    def password(self) -> str:
        if self.password_file is None:
            return str(click.prompt("password", hide_input=True, err=True))
        return self.password_file.read_text(encoding="utf-8").strip("\r\n")


def at_a_desk(command: Command) -> Command:
    """Give a command the options of a desk; it takes them as `desk`."""

    def with_desk(**given: Any) -> Any:
        fields = {name: given.pop(name) for name in Desk.__slots__}
        return command(desk=Desk(**fields), **given)

    with_desk.__doc__ = command.__doc__
    with_desk.__name__ = command.__name__
    for option in reversed(OPTIONS):
        with_desk = option(with_desk)
    with_desk.__click_params__ = [  # type: ignore[attr-defined]  # Click keeps options there.
        *getattr(with_desk, "__click_params__", []),
        *getattr(command, "__click_params__", []),
    ]
    return with_desk  # type: ignore[return-value]  # Of the same kind to whoever decorates it.


def signed_in(desk: Desk, work: Callable[[Core], Awaitable[Result]]) -> Result:
    """Sign in, work, and sign out; end with what the core refused."""
    password = desk.password()

    async def run() -> Result:
        core = Core(desk.address, tls=desk.tls())
        try:
            answer = await core.ask(
                core.staff.SignIn,
                staff_pb2.SignInRequest(
                    municipality=desk.municipality, name=desk.name, password=password
                ),
            )
            core.token = answer.token
            try:
                return await work(core)
            finally:
                await core.ask(core.staff.SignOut, staff_pb2.SignOutRequest())
        finally:
            await core.close()

    try:
        return asyncio.run(run())
    except CoreError as refusal:
        words = "; ".join(f"{one.field}: {one.description}" for one in refusal.violations)
        raise click.ClickException(f"{refusal}{f' ({words})' if words else ''}") from None


def request_id() -> str:
    return str(uuid.uuid4())
