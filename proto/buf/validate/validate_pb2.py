"""The descriptor of protovalidate's annotations, as generated code imports it.

The protovalidate wheel carries the descriptor but no module for google.protobuf: this one puts the
descriptor into the default pool. The annotations themselves are read by protovalidate.
"""

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    timestamp_pb2,
)
from protovalidate._gen.buf.validate import validate_pb

# The files that the annotations import; loading the modules has put them into the pool.
DEPENDENCIES = (
    descriptor_pb2.DESCRIPTOR,
    duration_pb2.DESCRIPTOR,
    field_mask_pb2.DESCRIPTOR,
    timestamp_pb2.DESCRIPTOR,
)

DESCRIPTOR = descriptor_pool.Default().AddSerializedFile(validate_pb.desc().proto.to_binary())
