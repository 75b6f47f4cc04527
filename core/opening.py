"""The database as the core opens it, to serve or to keep house.

Apart from the server: who adds a person or an adapter need not load every service.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from core import events
from core.crypto import Vault
from core.db import Database
from core.settings import Settings
from core.wire import mutation

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_database(settings: Settings, vault: Vault, clock: Clock | None = None) -> Database:
    """Return the database with what every writing transaction begins and ends with."""
    prepare = (mutation.look_up,)
    finish = (events.append, mutation.keep_answers)
    return Database(settings.database, vault, prepare=prepare, finish=finish, clock=clock)
