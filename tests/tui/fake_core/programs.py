"""The fake core's programs and their terms."""

from tests.tui.fake_core.city import Refused
from tests.tui.fake_core.claims import at, some_terms
from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import eligibility_pb2_grpc


class EligibilityServicer(Servicer, eligibility_pb2_grpc.EligibilityServiceServicer):
    @answered
    def CreateProgram(self, request):
        if any(p.code == request.code for p in self.city.programs.values()):
            raise Refused("PROGRAM_EXISTS", metadata={"code": request.code})
        program = self.city.add_program(request.title, roster=False)
        program.code, program.unit = request.code, request.unit
        program.amount, program.budget = request.amount, request.budget
        program.required_assurance = request.required_assurance
        self.lay_down(program, request.terms if request.HasField("terms") else some_terms())
        self.city.record("program.created", program.program_id)
        return pb.CreateProgramResponse(program=program)

    @answered
    def GetProgram(self, request):
        return pb.GetProgramResponse(program=self.city.programs[request.program_id])

    @answered
    def ListPrograms(self, request):
        programs = reversed(self.city.programs.values())
        return pb.ListProgramsResponse(programs=programs)

    @answered
    def ReviseProgram(self, request):
        program = self.current(request)
        version = self.lay_down(program, request.terms)
        self.city.record("program.revised", program.program_id)
        return pb.ReviseProgramResponse(program=program, version=version)

    @answered
    def ListProgramVersions(self, request):
        versions = self.city.versions.get(request.program_id, [])
        return pb.ListProgramVersionsResponse(versions=reversed(versions))

    @answered
    def CloseProgram(self, request):
        program = self.current(request)
        program.state = pb.PROGRAM_STATE_CLOSED
        self.city.record("program.closed", program.program_id)
        return pb.CloseProgramResponse(program=program)

    def lay_down(self, program, terms):
        versions = self.city.versions.setdefault(program.program_id, [])
        number = len(versions) + 1
        version = pb.ProgramVersion(
            version=number, terms=terms, author=self.city.who, create_time=at(number)
        )
        versions.append(version)
        program.terms.CopyFrom(terms)
        program.version = number
        return version

    def current(self, request):
        program = self.city.programs[request.program_id]
        if request.etag != program.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": program.etag})
        program.etag += "+"
        return program
