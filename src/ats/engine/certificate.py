"""The key with which the engine's command port is recognised: made once per installation, never leaves it.

Why the port speaks TLS although it is on the loopback: only that way it can be open while the engine's manager
counts as off. Switched on, the manager lets itself be told every change of every channel, puts it into words and
throws them away again because nobody reads events: 0.9 ms of CPU per call (docs/benchmarks.md).
"""

import datetime
import os
import ssl
from pathlib import Path

_NAME = "canmos-ats engine"
_FROM = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)  # clocks may be wrong at the first start
_TO = datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC)


def ensure(path: Path) -> None:
    """Make a self-signed certificate with its key in one PEM file, readable by the owner only, unless it is there."""
    if path.exists():
        return
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(_pem())
    os.replace(draft, path)


def client_context(path: Path) -> ssl.SSLContext:
    """For those who give commands: trusts this one certificate and no other.

    Raises OSError when it cannot be read, ssl.SSLError (an OSError too) when it is none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # it is this very key that is asked for, whatever it calls itself
    context.load_verify_locations(path)
    return context


def _pem() -> bytes:
    # Imported here: the launcher reads this module with the machine's own Python, which has no packages.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + private
