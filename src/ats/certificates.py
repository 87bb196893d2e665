"""The exchange's certificate: one PEM file with the chain and the key, served by the cabinet and by SIP over TLS.

It is made by itself at first, then the operator brings his own: in the cabinet, or as two files that somebody else
renews (`certificate` and `certificate_key` of config.toml), which are taken over whenever they change. What is served
is always the file of `Config.certificate_path`, replaced in one step, so a chain never meets the key of another.
"""

import datetime
import os
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID

from ats import addresses
from ats.config import Config
from ats.errors import Problem, invalid

WARN_DAYS = 30  # before its end it is spoken of everywhere, and one of our own is made anew
MAX_BYTES = 64 * 1024  # of a chain or a key
_OURS = "Canmos ATS"
_DAYS = 825  # telephones and browsers take no longer ones
_RSA_BITS = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1)  # what browsers and telephones know
_PRIVATE = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says of itself. Times are UTC, `fingerprint` is SHA-256 in hex with colons."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime.datetime
    not_after: datetime.datetime
    fingerprint: str
    self_signed: bool
    ours: bool  # made by this program

    def days_left(self, now: datetime.datetime) -> int:
        """Whole days until it ends; below 0 when it has."""
        return (self.not_after - now) // datetime.timedelta(days=1)


def facts(pem: bytes) -> Facts:
    """Of the first certificate in a PEM text. Raises ValueError when there is none."""
    found = x509.load_pem_x509_certificates(pem)[0]
    digest = found.fingerprint(hashes.SHA256()).hex()
    organisation = found.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return Facts(
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        names=_names(found),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        fingerprint=":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper(),
        self_signed=_signs_itself(found),
        ours=_signs_itself(found) and [name.value for name in organisation] == [_OURS],
    )


def present(config: Config) -> Facts | None:
    """Of the certificate that is served; None while there is none that can be read."""
    try:
        return facts(config.certificate_path.read_bytes())
    except (OSError, ValueError):
        return None


def checked(certificate: bytes, key: bytes, now: datetime.datetime) -> bytes:
    """A chain and its key as one PEM text, the key unencrypted, the certificate it belongs to first.

    Raises Invalid for the field `certificate` or `key`: no PEM, encrypted, of a kind that browsers do not know, not
    belonging together, over or not begun. An empty key is looked for in the certificate's text.
    """
    chain = _chain(certificate)
    private = _private(key if key.strip() else certificate)
    public = _der(private.public_key())
    own = [one for one in chain if _der(one.public_key()) == public]
    if not own:
        raise invalid("key", "key_mismatch")
    if now >= own[0].not_valid_after_utc:
        raise invalid("certificate", "certificate_over", day=f"{own[0].not_valid_after_utc:%Y-%m-%d}")
    if now < own[0].not_valid_before_utc:
        raise invalid("certificate", "certificate_early", day=f"{own[0].not_valid_before_utc:%Y-%m-%d}")
    return _pem([own[0], *(one for one in chain if one != own[0])], private)


def store(config: Config, pem: bytes) -> None:
    """Put the one file in place; the cabinet serves it within seconds."""
    write(config.certificate_path, pem)


def write(path: Path, pem: bytes) -> None:
    """Put a file with a key in place in one step, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(pem)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(draft, path)


def ensure(config: Config, now: datetime.datetime) -> bool:
    """See that there is one: what the operator's files hold, or one of our own, made anew before it ends.

    Says whether the file changed. Operator's files that are not good are left where they are (`trouble` tells).
    """
    found = present(config)
    if config.certificate:
        try:
            pem = _of_files(config, now)
        except Problem:
            pem = None
        if pem is not None:
            if found is not None and config.certificate_path.read_bytes() == pem:
                return False
            store(config, pem)
            return True
    if found is not None and not (found.ours and found.days_left(now) < WARN_DAYS):
        return False
    store(config, self_signed(own_names(config), now))
    return True


def trouble(config: Config, now: datetime.datetime) -> Problem | None:
    """Why the operator's files cannot be taken over; None when they can, or none are named."""
    if not config.certificate:
        return None
    try:
        _of_files(config, now)
    except Problem as problem:
        return problem
    return None


def self_signed(names: Sequence[str], now: datetime.datetime) -> bytes:
    """A new key and a certificate of our own for these names and addresses, as one PEM text."""
    day = datetime.timedelta(days=1)  # it begins one before now: clocks of telephones are not ours
    return signed_by_itself(names, now - day, now + (_DAYS - 1) * day)


def signed_by_itself(names: Sequence[str], begins: datetime.datetime, ends: datetime.datetime) -> bytes:
    """The same for a time of one's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, _OURS),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0][:64]),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    return _pem([made], key)


def own_names(config: Config) -> list[str]:
    """What this machine is called and reached at, the likeliest first."""
    host = socket.gethostname()
    reached = addresses.reached(config.listen)
    found = [host if host.isascii() else "", reached, "localhost", "127.0.0.1", "::1"]
    return list(dict.fromkeys(name for name in found if name))


def _of_files(config: Config, now: datetime.datetime) -> bytes:
    """The operator's two files, checked. Raises Invalid."""
    return checked(
        _read(config.certificate, "certificate"), _read(config.certificate_key, "key", optional=True), now
    )


def _read(path: str, field: str, *, optional: bool = False) -> bytes:
    if optional and not path:
        return b""
    try:
        with Path(path).open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise invalid(field, "file_unreadable", file=path, reason=error.strerror or "") from error


def _chain(text: bytes) -> list[x509.Certificate]:
    if len(text) > MAX_BYTES:
        raise invalid("certificate", "bad_certificate")
    try:
        return list(x509.load_pem_x509_certificates(text))
    except ValueError as error:
        raise invalid("certificate", "bad_certificate") from error


def _private(text: bytes) -> PrivateKeyTypes:
    found = _PRIVATE.search(text)
    if len(text) > MAX_BYTES or found is None:
        raise invalid("key", "bad_private_key")
    try:
        key = serialization.load_pem_private_key(found[0], password=None)
    except TypeError as error:  # a password is needed
        raise invalid("key", "key_encrypted") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise invalid("key", "bad_private_key") from error
    good = (isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, _CURVES)
    )
    if not good:
        raise invalid("key", "key_kind")
    return key


def _pem(chain: Sequence[x509.Certificate], key: PrivateKeyTypes) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain) + private


def _der(key: object) -> bytes:
    made: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)
    return (*names, *(str(address) for address in extension.value.get_values_for_type(x509.IPAddress)))


def _signs_itself(found: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(found)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
