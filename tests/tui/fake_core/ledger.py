"""The fake core's ledger of those entitled, and the rehearsal."""

import hashlib

from tests.tui.fake_core.city import Refused, a_roster
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import ledger_pb2 as pb
from todoke.v1 import ledger_pb2_grpc, procedures_pb2


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
    def RecordContact(self, request):
        entry = self.city.ledger[request.entitlement_id]
        entry.last_way = request.way
        entry.last_time.CopyFrom(request.contact_time)
        self.city.record("ledger.contacted", request.entitlement_id)
        return pb.RecordContactResponse(entry=entry)

    @answered
    def GetProgress(self, request):
        return pb.GetProgressResponse(rows=self.city.progress)

    async def PrintLetters(self, request, context):
        try:
            check(self.city, "PrintLetters", request, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        content = self.city.file
        part = pb.PrintLettersResponse()
        letters = part.letters
        letters.letters, letters.left_out, letters.remaining = 2, 1, 0
        letters.file.file_name, letters.file.size = "letters.pdf", len(content)
        letters.file.sha256 = hashlib.sha256(content).hexdigest()
        yield part
        yield pb.PrintLettersResponse(chunk=content)

    @answered
    def ExplainEligibility(self, request):
        explanation = pb.Explanation(
            standing=self.city.standing,
            rule="not_found",
            list_date="2026-11-01",
            next_step="ask_counter",
        )
        return pb.ExplainEligibilityResponse(explanation=explanation)

    async def RehearseProgram(self, request_iterator, context):
        header = None
        async for part in request_iterator:
            header = part.header if part.HasField("header") else header
        try:
            check(self.city, "RehearseProgram", header, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        roster = a_roster()
        roster.roster_id = ""
        answer = pb.RehearseProgramResponse(
            roster=roster,
            branches={"account_on_file": 600, "letter": 384},
            problems=self.city.problems,
            problem_count=len(self.city.problems),
            samples=[
                procedures_pb2.Prompt(
                    title="物価高騰対策給付金",
                    text="30,000円を受け取れます。",
                    choices=[procedures_pb2.Choice(label="はい")],
                )
            ],
            amount=29_520_000,
            sending_cost=2_400,
            sending_seconds=95,
        )
        answer.counts.entitled, answer.counts.matched = 1000, 616
        return answer
