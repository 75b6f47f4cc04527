"""RSA keys as PEM; making one takes tens of milliseconds, so that many are made on every core."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key


def new() -> bytes:
    return generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def make(count: int, *, processes: int | None = None) -> Iterator[bytes]:
    """Yield so many new keys as they are ready, made in `processes` (by default one a core)."""
    # Spawned, because the caller may have threads, whose locks a fork would copy.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for key in as_completed([pool.submit(new) for _ in range(count)]):
            yield key.result()


def load(pem: bytes) -> RSAPrivateKey:
    # Not validated: it is our own file, and proving the primes takes longer than signing.
    key = serialization.load_pem_private_key(
        pem, password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the JPKI's keys are RSA")
    return key
