"""The fake core's transfer batches."""

import hashlib

from tests.tui.fake_core.city import Refused
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import payments_pb2 as payments
from todoke.v1 import payments_pb2_grpc


class PaymentServicer(Servicer, payments_pb2_grpc.PaymentServiceServicer):
    @answered
    def SetOriginator(self, request):
        self.city.originator = request.originator
        return payments.SetOriginatorResponse(originator=request.originator)

    @answered
    def ProposeTransferBatch(self, request):
        batch = self.city.add_batch(self.city.programs[request.program_id])
        batch.transfer_date = request.transfer_date
        self.city.record("batch.proposed", batch.batch_id)
        return payments.ProposeTransferBatchResponse(batch=batch)

    @answered
    def ListTransferBatches(self, request):
        batches = list(reversed(self.city.batches.values()))
        return payments.ListTransferBatchesResponse(batches=batches)

    @answered
    def ListTransferLines(self, request):
        return payments.ListTransferLinesResponse(lines=self.city.lines[request.batch_id])

    @answered
    def OverrideFindings(self, request):
        batch = self.current(request)
        batch.overrides.add(staff_name="hanako", reason=request.reason)
        self.city.record("batch.overridden", batch.batch_id)
        return payments.OverrideFindingsResponse(batch=batch)

    @answered
    def ApproveTransferBatch(self, request):
        batch = self.current(request)
        batch.state = payments.TRANSFER_BATCH_STATE_APPROVED
        batch.approver = "jiro"
        self.city.record("batch.approved", batch.batch_id)
        return payments.ApproveTransferBatchResponse(batch=batch)

    @answered
    def CancelTransferBatch(self, request):
        batch = self.current(request)
        batch.state = payments.TRANSFER_BATCH_STATE_CANCELLED
        self.city.record("batch.cancelled", batch.batch_id)
        return payments.CancelTransferBatchResponse(batch=batch)

    async def ExportTransferBatch(self, request, context):
        try:
            check(self.city, "ExportTransferBatch", request, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        batch, content = self.city.batches[request.batch_id], self.city.file
        batch.state = payments.TRANSFER_BATCH_STATE_EXPORTED
        file = payments.ExportedFile(
            batch=batch,
            file_name="furikomi-20261210.txt",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        yield payments.ExportTransferBatchResponse(file=file)
        yield payments.ExportTransferBatchResponse(chunk=content[:60])
        yield payments.ExportTransferBatchResponse(chunk=content[60:])
        self.city.record("batch.exported", batch.batch_id)

    def current(self, request):
        batch = self.city.batches[request.batch_id]
        if request.etag != batch.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": batch.etag})
        batch.etag += "+"
        return batch
