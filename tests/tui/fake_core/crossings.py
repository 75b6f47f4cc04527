"""The fake core's crossings between the networks."""

import hashlib

from tests.tui.fake_core.city import Refused
from tests.tui.fake_core.claims import at
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import crossings_pb2 as pb
from todoke.v1 import crossings_pb2_grpc


class CrossingServicer(Servicer, crossings_pb2_grpc.CrossingServiceServicer):
    @answered
    def SetSealingKey(self, request):
        return pb.SetSealingKeyResponse(
            fingerprint=hashlib.sha256(request.public_key.encode()).hexdigest()
        )

    @answered
    def ProposeCrossing(self, request):
        program = self.city.programs[request.program_id]
        crossing = self.city.add_crossing(program, proposer=self.city.who)
        self.city.record("crossing.proposed", crossing.crossing_id)
        return pb.ProposeCrossingResponse(crossing=crossing)

    @answered
    def ApproveCrossing(self, request):
        crossing = self.moved(request, pb.CROSSING_STATE_APPROVED, "approved")
        crossing.approver = self.city.who
        return pb.ApproveCrossingResponse(crossing=crossing)

    @answered
    def CancelCrossing(self, request):
        crossing = self.moved(request, pb.CROSSING_STATE_CANCELLED, "cancelled")
        return pb.CancelCrossingResponse(crossing=crossing)

    async def ExportRegistrations(self, request, context):
        try:
            check(self.city, "ExportRegistrations", request, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        crossing = self.city.crossings[request.crossing_id]
        crossing.state = pb.CROSSING_STATE_DONE
        self.city.record("crossing.exported", crossing.crossing_id)
        content = self.city.file
        part = pb.ExportRegistrationsResponse()
        part.file.file_name, part.file.size = "registrations.todoke", len(content)
        part.file.sha256 = hashlib.sha256(content).hexdigest()
        yield part
        yield pb.ExportRegistrationsResponse(chunk=content)

    async def ImportLinks(self, request_iterator, context):
        header = None
        async for part in request_iterator:
            header = part.header if part.HasField("header") else header
        try:
            check(self.city, "ImportLinks", header, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        export = self.city.crossings[header.export_id]
        crossing = self.city.add_crossing(
            self.city.programs[export.program_id],
            proposer=self.city.who,
            direction=pb.CROSSING_DIRECTION_IMPORT,
            export_id=header.export_id,
        )
        self.city.record("crossing.imported", crossing.crossing_id)
        return pb.ImportLinksResponse(crossing=crossing, links=940, to_review=12)

    @answered
    def ListCrossings(self, request):
        return pb.ListCrossingsResponse(crossings=reversed(self.city.crossings.values()))

    def moved(self, request, state, verb):
        crossing = self.city.crossings[request.crossing_id]
        if request.etag != crossing.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": crossing.etag})
        crossing.etag += "+"
        crossing.state = state
        crossing.done_time.CopyFrom(at())
        self.city.record(f"crossing.{verb}", crossing.crossing_id)
        return crossing
