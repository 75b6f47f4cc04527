"""What a monitor is told of delivery, as its collector receives it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as otlp
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc

from core.server import tell_figures
from core.settings import Settings
from tests.adapter import an_adapter
from tests.core.test_dispatches import tell
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.v1 import dispatches_pb2 as pb

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Collector(metrics_service_pb2_grpc.MetricsServiceServicer):
    """Keeps the figures that were sent last, by name and what they are of."""

    def __init__(self) -> None:
        self.figures: Figures = {}

    async def Export(self, request, context):
        del context
        self.figures = {
            (metric.name, frozenset((of.key, of.value.string_value) for of in point.attributes)): (
                point.as_double if point.HasField("as_double") else point.as_int
            )
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.gauge.data_points
        }
        return otlp.ExportMetricsServiceResponse()

    def of(self, name: str, **of: str) -> float | None:
        return self.figures.get((name, frozenset({"municipality": MUNICIPALITY, **of}.items())))


@asynccontextmanager
async def a_collector() -> AsyncIterator[tuple[Collector, str]]:
    collector, server = Collector(), grpc.aio.server()
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield collector, f"http://127.0.0.1:{port}"
    await server.stop(None)


@on_sqlite
async def test_a_monitor_is_told_what_waits_and_for_how_long_what_went_out_and_what_is_left(
    a_town: Town,
) -> None:
    line = await a_town.channel()
    await tell(a_town, "o1", "r1")
    await tell(a_town, "o2", "r2")
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), pb.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    a_town.clock.pass_by(seconds=30)
    report = pb.ReportQuotaRequest(limit=200, used=120, period="2026-11", request_id=a_request_id())
    await line.ask(line.dispatches.ReportQuota, report)

    async with a_collector() as (collector, endpoint):
        settings = Settings(metric_endpoint=endpoint)
        meters = tell_figures(settings, a_town.running.db)
        assert meters is not None
        await asyncio.to_thread(meters.shutdown)  # Which sends what there is.

    of = {"channel": "line", "lane": "personal"}
    assert collector.of("todoke.delivery.recipients", state="waiting", **of) == 1
    assert collector.of("todoke.delivery.oldest_seconds", **of) == 30
    assert collector.of("todoke.delivery.sent_last_minute", **of) == 1
    assert collector.of("todoke.delivery.failed_last_minute", **of) == 0
    assert collector.of("todoke.delivery.unknown") == 0
    assert collector.of("todoke.delivery.amiss", what="nothing") == 0
    assert collector.of("todoke.quota.used", channel="line") == 120
    assert collector.of("todoke.quota.limit", channel="line") == 200


def test_nothing_is_sent_where_nobody_is_named() -> None:
    assert tell_figures(Settings(), db=None) is None  # type: ignore[arg-type]  # It needs none.
