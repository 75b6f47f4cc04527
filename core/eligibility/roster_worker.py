"""A process that reads and seals parts of rosters for the core: a frame in, a frame out.

It is given the path of the keys, and which of them seals: the one that the core began with. It ends
with its input, and so with the core, however that ends.
"""

import os
import pickle
import signal
import struct
import sys
from dataclasses import replace
from pathlib import Path

from core.crypto import load_keys
from core.eligibility import roster_parts

LENGTH = struct.Struct(">I")
_GIVES_WAY = 5
"""Nice: residents who wait for the core come first."""


def frame(content: object) -> bytes:
    data = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def main(keys: str, active: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVES_WAY)
    vault = replace(load_keys(Path(keys)), active=bytes.fromhex(active))
    given, told = sys.stdin.buffer, sys.stdout.buffer
    while length := given.read(LENGTH.size):
        task, block = pickle.loads(given.read(*LENGTH.unpack(length)))  # noqa: S301 - the core's own.
        try:
            answer: object = roster_parts.read(vault, task, block)
        except Exception as error:  # noqa: BLE001 - raised in the core.
            answer = error
        told.write(frame(answer))
        told.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
