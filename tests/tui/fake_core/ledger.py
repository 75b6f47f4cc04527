"""The fake core's ledger of those entitled, and the rehearsal."""

from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import ledger_pb2 as pb
from todoke.v1 import ledger_pb2_grpc


class LedgerServicer(Servicer, ledger_pb2_grpc.LedgerServiceServicer):
    @answered
    def ListLedger(self, request):
        found = [
            entry
            for entry in self.city.ledger.values()
            if not request.states or entry.state in request.states
        ]
        start = int(request.page_token or 0)
        end = start + (request.page_size or 50)
        return pb.ListLedgerResponse(
            entries=found[start:end],
            next_page_token=str(end) if end < len(found) else "",
            total_size=len(found),
        )

    @answered
    def GetProgress(self, request):
        return pb.GetProgressResponse(rows=self.city.progress)
