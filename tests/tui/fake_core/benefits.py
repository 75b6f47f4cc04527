"""The fake core's programs, rosters, matches and applications."""

from tests.tui.fake_core.city import Refused, a_roster
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import applications_pb2 as applications
from todoke.v1 import (
    applications_pb2_grpc,
    eligibility_pb2_grpc,
    matching_pb2,
    matching_pb2_grpc,
    rosters_pb2,
    rosters_pb2_grpc,
)
from todoke.v1 import eligibility_pb2 as eligibility


class EligibilityServicer(Servicer, eligibility_pb2_grpc.EligibilityServiceServicer):
    @answered
    def CreateProgram(self, request):
        if any(p.code == request.code for p in self.city.programs.values()):
            raise Refused("PROGRAM_EXISTS", metadata={"code": request.code})
        program = self.city.add_program(request.title, roster=False)
        program.code, program.unit = request.code, request.unit
        program.amount, program.budget = request.amount, request.budget
        program.required_assurance = request.required_assurance
        self.city.record("program.created", program.program_id)
        return eligibility.CreateProgramResponse(program=program)

    @answered
    def ListPrograms(self, request):
        programs = reversed(self.city.programs.values())
        return eligibility.ListProgramsResponse(programs=programs)


class RosterServicer(Servicer, rosters_pb2_grpc.RosterServiceServicer):
    async def ImportRoster(self, request_iterator, context):
        header, size = None, 0
        async for part in request_iterator:
            if part.HasField("header"):
                header = part.header
                self.city.asked.append(("ImportRoster", header))
            else:
                size += len(part.chunk)
                progress = rosters_pb2.RosterProgress(bytes=size, file_size=header.file_size)
                yield rosters_pb2.ImportRosterResponse(progress=progress)
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
                some = rosters_pb2.RosterProblems(problems=problems)
                yield rosters_pb2.ImportRosterResponse(problems=some)
            result = rosters_pb2.ImportedRoster(roster=roster, problem_count=len(problems))
            yield rosters_pb2.ImportRosterResponse(result=result)
            return
        program = self.city.programs[header.program_id]
        program.roster.CopyFrom(roster)
        program.counts.entitled = roster.rows
        program.counts.unmatched = roster.rows
        self.city.record("roster.imported", program.program_id)
        result = rosters_pb2.ImportedRoster(roster=roster)
        yield rosters_pb2.ImportRosterResponse(result=result)


class MatchingServicer(Servicer, matching_pb2_grpc.MatchingServiceServicer):
    @answered
    def MatchRoster(self, request):
        counts = self.city.programs[request.program_id].counts
        counts.matched, counts.unmatched = 284, 716
        self.city.record("roster.matched", request.program_id)
        return matching_pb2.MatchRosterResponse(accepted=284, to_review=6, counts=counts)

    @answered
    def ListMatches(self, request):
        found = [
            match
            for match in self.city.matches.values()
            if match.program_id == request.program_id and request.decision in {0, match.decision}
        ]
        return matching_pb2.ListMatchesResponse(matches=found)

    @answered
    def DecideMatch(self, request):
        match = self.city.matches[request.match_id]
        if request.etag != match.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": match.etag})
        match.decision = request.decision
        match.etag += "+"
        self.city.record("match.decided", match.match_id)
        return matching_pb2.DecideMatchResponse(match=match)


class ApplicationServicer(Servicer, applications_pb2_grpc.ApplicationServiceServicer):
    @answered
    def InviteResidents(self, request):
        program = self.city.programs[request.program_id]
        for _ in range(3):
            self.city.add_application(program, state=applications.APPLICATION_STATE_INVITED)
        self.city.record("residents.invited", program.program_id)
        return applications.InviteResidentsResponse(
            invited=3, suppressed=2, unreachable=1, assurance_too_low=4, closed=5
        )

    @answered
    def ListApplications(self, request):
        found = [
            application
            for application in self.city.applications.values()
            if not request.states or application.state in request.states
        ]
        start = int(request.page_token or 0)
        end = start + (request.page_size or 50)
        return applications.ListApplicationsResponse(
            applications=found[start:end],
            next_page_token=str(end) if end < len(found) else "",
            total_size=len(found),
        )

    @answered
    def GetApplication(self, request):
        application = self.city.applications[request.application_id]
        step = applications.ApplicationStep(
            actor="line", kind="application.submitted", time=application.submit_time
        )
        self.city.record("application.viewed", application.application_id)
        return applications.GetApplicationResponse(application=application, history=[step])

    @answered
    def ApproveApplication(self, request):
        moved = self.move(request, applications.APPLICATION_STATE_APPROVED, "approved")
        return applications.ApproveApplicationResponse(application=moved)

    @answered
    def ReturnApplication(self, request):
        moved = self.move(request, applications.APPLICATION_STATE_RETURNED, "returned")
        return applications.ReturnApplicationResponse(application=moved)

    @answered
    def RejectApplication(self, request):
        moved = self.move(request, applications.APPLICATION_STATE_REJECTED, "rejected")
        return applications.RejectApplicationResponse(application=moved)

    def move(self, request, state, verb):
        application = self.city.applications[request.application_id]
        if request.etag != application.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": application.etag})
        application.state = state
        application.etag += "+"
        self.city.count(application.program_id)
        self.city.record(f"application.{verb}", application.application_id)
        return application
