"""The fake core's rosters: inspected, mapped, looked at, frozen, replaced."""

from tests.tui.fake_core.city import Refused, a_roster
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import rosters_pb2 as pb
from todoke.v1 import rosters_pb2_grpc


class RosterServicer(Servicer, rosters_pb2_grpc.RosterServiceServicer):
    async def ImportRoster(self, request_iterator, context):
        header = None
        async for told in self.taken("ImportRoster", pb.ImportRosterResponse, request_iterator):
            if isinstance(told, pb.RosterHeader):
                header = told
            else:
                yield told
        try:
            check(self.city, "ImportRosterEnd", header, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        roster = a_roster()
        roster.file_name = header.file_name
        if header.preview:
            roster.roster_id = ""
            problems = self.city.problems
            if problems:
                yield pb.ImportRosterResponse(problems=pb.RosterProblems(problems=problems))
            result = pb.ImportedRoster(roster=roster, problem_count=len(problems))
            yield pb.ImportRosterResponse(result=result)
            return
        self.freeze(header.program_id, roster, "imported")
        yield pb.ImportRosterResponse(result=pb.ImportedRoster(roster=roster))

    async def ReplaceRoster(self, request_iterator, context):
        header = None
        async for told in self.taken("ReplaceRoster", pb.ReplaceRosterResponse, request_iterator):
            if isinstance(told, pb.ReplaceRosterHeader):
                header = told
            else:
                yield told
        try:
            check(self.city, "ReplaceRosterEnd", header, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        roster, difference = a_roster(1009), self.city.difference
        roster.file_name, roster.version = header.file_name, 2
        if header.difference_hash:
            self.freeze(header.program_id, roster, "replaced")
        else:
            roster.roster_id = ""
        result = pb.ReplacedRoster(roster=roster, difference=difference)
        yield pb.ReplaceRosterResponse(result=result)

    @answered
    def ListRosters(self, request):
        return pb.ListRostersResponse(rosters=reversed(self.city.rosters))

    @answered
    def ListRosterDifferences(self, request):
        rows = [row for row in self.city.difference_rows if request.kind in {0, row.kind}]
        return pb.ListRosterDifferencesResponse(rows=rows)

    async def taken(self, method, response, request_iterator):
        """Tell the header, then how far the bytes have come."""
        size = 0
        async for part in request_iterator:
            if part.HasField("header"):
                header = part.header
                self.city.asked.append((method, header))
                yield header
            else:
                size += len(part.chunk)
                progress = pb.RosterProgress(bytes=size, file_size=header.file_size, rows=10)
                yield response(progress=progress)

    def freeze(self, program_id, roster, verb):
        program = self.city.programs[program_id]
        program.roster.CopyFrom(roster)
        program.counts.entitled = roster.rows
        program.counts.unmatched = roster.rows
        self.city.rosters.append(roster)
        self.city.record(f"roster.{verb}", program.program_id)
