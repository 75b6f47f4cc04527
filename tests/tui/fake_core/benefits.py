"""The fake core's applications."""

from tests.tui.fake_core.bulks import Bulks
from tests.tui.fake_core.city import Refused
from tests.tui.fake_core.door import answered
from todoke.v1 import applications_pb2 as applications
from todoke.v1 import applications_pb2_grpc


class ApplicationServicer(Bulks, applications_pb2_grpc.ApplicationServiceServicer):
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
            if (not request.states or application.state in request.states)
            and request.program_id in {"", application.program_id}
            and not (request.held and (not application.left_version or application.kept_by))
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
    def ListNotes(self, request):
        del request
        return applications.ListNotesResponse()

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

    @answered
    def KeepApplication(self, request):
        state = self.city.applications[request.application_id].state
        kept = self.move(request, state, "kept")
        kept.kept_by = "hanako"
        return applications.KeepApplicationResponse(application=kept)

    def move(self, request, state, verb):
        application = self.city.applications[request.application_id]
        if request.etag != application.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": application.etag})
        application.state = state
        application.etag += "+"
        self.city.count(application.program_id)
        self.city.record(f"application.{verb}", application.application_id)
        return application
