"""The core: the only writer of state."""

import os

# The core starts processes, which for a moment are copies of it. What gRPC does in such a copy, for
# those who go on using it there, crashes one in ten that uvloop starts. gRPC reads this when it is
# loaded: before it, as this package is by the command.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
