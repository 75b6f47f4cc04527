"""The fake core's ledger of those entitled, and the rehearsal."""

import hashlib

from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import ledger_pb2 as pb
from todoke.v1 import ledger_pb2_grpc
from todoke.v1.files_pb2 import FileHeader


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

    async def PrintLetters(self, request, context):
        content = self.city.file
        yield pb.PrintLettersResponse(progress=pb.LettersSet(done=1_000, letters=2_000))
        await self.city.letters_set.wait()
        digest = hashlib.sha256(content).hexdigest()
        file = FileHeader(file_name="letters.pdf", size=len(content), sha256=digest)
        yield pb.PrintLettersResponse(letters=pb.PrintedLetters(file=file, letters=2_000))
        yield pb.PrintLettersResponse(chunk=content)

    @answered
    def GetProgress(self, request):
        return pb.GetProgressResponse(rows=self.city.progress)
