"""The fake core's crossings between the networks."""

from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import crossings_pb2 as pb
from todoke.v1 import crossings_pb2_grpc


class CrossingServicer(Servicer, crossings_pb2_grpc.CrossingServiceServicer):
    @answered
    def ListCrossings(self, request):
        return pb.ListCrossingsResponse(crossings=reversed(self.city.crossings.values()))
