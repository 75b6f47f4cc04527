"""The core as a process; with an argument it commits so many calls at once."""

import sys

import core  # noqa: F401 - before gRPC, as the command does.

# isort: split
import grpc
import uvloop

from core import events, logs, opening, server
from core.crypto import load_keys
from core.db import Database
from core.residents.rpc import ResidentService
from core.settings import Settings
from core.staff.rpc import Tokens
from core.wire import mutation, services
from core.wire.door import Door
from core.wire.services import Service
from tests.bench.processes import serve
from todoke.v1 import residents_pb2


async def whole() -> tuple[grpc.aio.Server, int]:
    """Start the core as it is."""
    running = await server.start(Settings())
    return running.server, running.port


async def with_groups_of(most: int) -> tuple[grpc.aio.Server, int]:
    """Start what is called here of the core, the same but for the size of the groups."""
    settings = Settings()
    db = Database(
        settings.database,
        load_keys(settings.keys),
        prepare=(mutation.look_up,),
        finish=(events.append, mutation.keep_answers),
        group=most,
    )
    server_of_calls = grpc.aio.server(
        interceptors=[Door(Tokens(db, opening.utc_now).caller, opening.utc_now)]
    )
    descriptor = residents_pb2.DESCRIPTOR.services_by_name["ResidentService"]
    services.add(server_of_calls, Service(descriptor, ResidentService(db)))
    port = server_of_calls.add_insecure_port(settings.listen)
    await server_of_calls.start()
    return server_of_calls, port


if __name__ == "__main__":
    logs.configure("info")
    uvloop.run(serve(with_groups_of(int(sys.argv[1])) if sys.argv[1:] else whole()))
