"""The site's own certificate authority and its server certificate, for ``--tls`` without a bought one.

::

    DATA/keys/ca.crt         what browsers are told to trust, once on each machine
    DATA/keys/ca.key         the authority's secret, mode 0600
    DATA/keys/server.crt     for the names of site.toml, by the authority; renewed at start
    DATA/keys/server.key     mode 0600

A ``server.crt`` from another authority is used as it is and never replaced.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA_DAYS, _SERVER_DAYS, _RENEWED_BEFORE = 3650, 397, 30
_Key = ec.EllipticCurvePrivateKey


def server_certificate(keys: Path, site_name: str, names: Sequence[str]) -> tuple[Path, Path]:
    """The server's certificate and key files for these host names, made or renewed where needed."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, secret = keys / "server.crt", keys / "server.key"
    if certificate.is_file() and _serves(certificate, keys, names):
        return certificate, secret
    authority, signing = _authority(keys, site_name)
    key = ec.generate_private_key(ec.SECP256R1())
    issued = _issued(key, authority, signing, names)
    _write_key(secret, key)
    certificate.write_bytes(_pem(issued) + _pem(authority))
    return certificate, secret


def _serves(file: Path, keys: Path, names: Sequence[str]) -> bool:
    """Whether the certificate is somebody else's, or ours and still good for these names."""
    kept = x509.load_pem_x509_certificate(file.read_bytes())
    ca = keys / "ca.crt"
    if not ca.is_file() or kept.issuer != x509.load_pem_x509_certificate(ca.read_bytes()).subject:
        return True
    left = kept.not_valid_after_utc - datetime.now(UTC)
    told = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return left > timedelta(days=_RENEWED_BEFORE) and set(told) == set(_alternatives(names))


def _authority(keys: Path, site_name: str) -> tuple[x509.Certificate, _Key]:
    certificate, secret = keys / "ca.crt", keys / "ca.key"
    if certificate.is_file():
        kept = serialization.load_pem_private_key(secret.read_bytes(), None)
        assert isinstance(kept, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(certificate.read_bytes()), kept
    key = ec.generate_private_key(ec.SECP256R1())
    made = _self_signed(key, site_name)
    _write_key(secret, key)
    certificate.write_bytes(_pem(made))
    return made, key


def _self_signed(key: _Key, site_name: str) -> x509.Certificate:
    # A serial in the name keeps two sites of one name apart in a browser's store.
    name = _name(f"{site_name[:40]} CA {x509.random_serial_number() % 10**8:08d}")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        _builder(name, name, key, _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _issued(key: _Key, authority: x509.Certificate, signing: _Key, names: Sequence[str]) -> x509.Certificate:
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return (
        _builder(_name(names[0]), authority.subject, key, _SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(server, critical=False)
        .add_extension(issuer, critical=False)
        .sign(signing, hashes.SHA256())
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: _Key, days: int) -> x509.CertificateBuilder:
    begin = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_alternative(name.strip("[]")) for name in dict.fromkeys(names)]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii"))


def _usage(**asked: bool) -> x509.KeyUsage:
    uses = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{use: asked.get(use, False) for use in uses})


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(file: Path, key: _Key) -> None:
    form = serialization.PrivateFormat.PKCS8
    written = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(written)
