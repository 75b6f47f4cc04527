"""The core as a process: health, reflection, traces, logs, TLS, and how it ends."""

import asyncio
import datetime as dt
import ipaddress
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from core import server
from core.callers import Role
from core.crypto import create_keys
from core.settings import Settings
from tests.town import Clock, Town, build
from todoke.client import Core, CoreError, Tls
from todoke.v1 import (
    activity_pb2,
    dispatches_pb2,
    dispatches_pb2_grpc,
    residents_pb2,
    staff_pb2,
)

COMMAND = [sys.executable, "-c", "from todoke.command import main; main()"]


@pytest.fixture
async def town(sqlite_database: str, tmp_path: Path):
    built = await build(sqlite_database, tmp_path)
    yield built
    await built.close()


async def test_health_and_reflection_answer_without_a_token(town: Town) -> None:
    core = town.caller()
    health = health_pb2_grpc.HealthStub(core.channel)
    reflection = reflection_pb2_grpc.ServerReflectionStub(core.channel)

    answer = await health.Check(health_pb2.HealthCheckRequest(service="todoke.v1.StaffService"))
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    listed = await anext(aiter(reflection.ServerReflectionInfo(iter([question]))))

    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    names = {service.name for service in listed.list_services_response.service}
    assert "todoke.v1.ApplicationService" in names


@pytest.mark.parametrize("token", ["", "forged", "x" * 43])
async def test_no_token_in_force_is_no_caller(town: Town, token: str) -> None:
    core = town.caller(token)
    with pytest.raises(CoreError) as refused:
        await core.ask(core.activity.GetOverview, activity_pb2.GetOverviewRequest())
    assert refused.value.code is grpc.StatusCode.UNAUTHENTICATED
    assert refused.value.reason == "CALLER_UNKNOWN"


async def test_what_is_not_served_is_unimplemented_and_no_stub(town: Town) -> None:
    staff = await town.staff()
    with pytest.raises(CoreError) as refused:
        await staff.ask(staff.staff.ListSections, staff_pb2.ListSectionsRequest())
    assert refused.value.code is grpc.StatusCode.UNIMPLEMENTED


async def test_each_call_is_one_line_in_the_log_with_ids_only(town: Town) -> None:
    line = await town.channel("line")
    request = residents_pb2.GetContactRequest(external_id="U-secret")
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(CoreError):
            await line.ask(line.residents.GetContact, request)
        for _ in range(3_000):  # The line is written when the answer has gone.
            if logs:
                break
            await asyncio.sleep(0.01)

    calls = [log for log in logs if log["event"] == "call"]
    assert len(calls) == 1
    assert calls[0] | {"ms": 0} == {
        "event": "call", "log_level": "info", "method": "todoke.v1.ResidentService/GetContact",
        "code": "NOT_FOUND", "reason": "CONTACT_UNKNOWN", "municipality": "332089",
        "actor": "channel:line", "ms": 0,
    }  # fmt: skip
    assert "secret" not in json.dumps(logs)


async def test_a_call_is_a_span_of_its_callers_trace(sqlite_database: str, tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    create_keys(tmp_path / "keys.json")
    settings = Settings(database=sqlite_database, keys=tmp_path / "keys.json", listen="127.0.0.1:0")
    running = await server.start(settings, clock=Clock(), tracer=provider.get_tracer("test"))
    town = Town(running, settings, Clock())
    await town.found("332089", "総社市")
    staff = await town.staff(Role.REVIEWER)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    await staff.staff.GetCaller(
        staff_pb2.GetCallerRequest(),
        metadata=(("authorization", f"Bearer {staff.token}"), ("traceparent", parent)),
    )
    await town.close()

    (span,) = exporter.get_finished_spans()
    assert span.name == "todoke.v1.StaffService/GetCaller"
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert span.attributes["rpc.grpc.status"] == "OK"


@pytest.mark.slow
async def test_whoever_asks_whether_a_quiet_stream_stands_is_not_hung_up_on(town: Town) -> None:
    token = (await town.channel("line")).token
    # By default the fourth time would be the last; and a caller would soon ask but once a minute.
    asking = [("grpc.keepalive_time_ms", 11_000), ("grpc.http2.max_pings_without_data", 0)]
    async with grpc.aio.insecure_channel(town.address, options=asking) as channel:
        pull = dispatches_pb2_grpc.DispatchServiceStub(channel).PullDispatches
        stream = pull(metadata=[("authorization", f"Bearer {token}")])
        ready = dispatches_pb2.Ready(capacity=1)
        await stream.write(dispatches_pb2.PullDispatchesRequest(ready=ready))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stream.read(), 60)


async def test_with_tls_only_who_proves_themselves_gets_in(
    sqlite_database: str, tmp_path: Path
) -> None:
    certificate, key = a_certificate(tmp_path)
    town = await build(
        sqlite_database, tmp_path, tls_certificate=certificate, tls_key=key,
        tls_client_authority=certificate,
    )  # fmt: skip
    staff = await town.staff()
    proven = Core(town.address, staff.token, Tls(certificate, certificate, key))
    unproven = Core(town.address, staff.token, Tls(certificate))

    caller = await proven.ask(proven.staff.GetCaller, staff_pb2.GetCallerRequest())
    with pytest.raises(CoreError) as refused:
        await unproven.ask(unproven.staff.GetCaller, staff_pb2.GetCallerRequest())
    for core in (proven, unproven):
        await core.close()
    await town.close()

    assert caller.staff.name
    assert refused.value.code is grpc.StatusCode.UNAVAILABLE


async def test_sigterm_ends_watches_at_once_and_the_process_well(
    sqlite_database: str, tmp_path: Path
) -> None:
    town = await build(sqlite_database, tmp_path)
    town.clock.now = datetime.now(UTC)  # The process goes by the machine's clock.
    token = (await town.staff()).token
    await town.close()
    port_file = tmp_path / "port"
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "core", "--announce", str(port_file),
        env={
            **os.environ, "TODOKE_DATABASE": sqlite_database, "TODOKE_LISTEN": "127.0.0.1:0",
            "TODOKE_KEYS": str(tmp_path / "keys.json"),
        },
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await ends_well(process, port_file, token)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ends_well(process: asyncio.subprocess.Process, port_file: Path, token: str) -> None:
    serving = await asyncio.wait_for(process.stderr.readline(), 60)
    assert b'"event": "serving"' in serving, serving
    core = Core(announced(port_file), token)
    overview = await core.ask(core.activity.GetOverview, activity_pb2.GetOverviewRequest())
    before = str(int(overview.cursor) - 1)
    watch = core.watch(core.activity.WatchEvents, activity_pb2.WatchEventsRequest(cursor=before))
    await anext(watch)

    process.send_signal(signal.SIGTERM)
    rest = [answer async for answer in watch]
    _, log = await asyncio.wait_for(process.communicate(), 60)
    await core.close()

    assert process.returncode == 0
    assert rest == []
    assert b'"event": "stopped"' in log


def announced(port_file: Path) -> str:
    return f"127.0.0.1:{port_file.read_text()}"


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a self-signed certificate for loopback and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "todoke")])
    now = dt.datetime.now(dt.UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "tls.pem", folder / "tls.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return files
