"""The seal on a file: PAdES by the studio's own key, so that one changed byte is found by any PDF reader.

The key is an ECDSA P-256 pair with a certificate that the studio signs itself: it proves that nothing was changed since
and by whose system it was sealed, not who the studio is. A certified provider comes by `settings.SIGNATURE_PROVIDER`.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.kernel import clock

YEARS = 20
FIELD = "StudioSeal"
logging.getLogger("pyhanko").setLevel(logging.ERROR)  # a self-made certificate is expected here
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key (PKCS #8, DER) and its certificate (DER)."""

    key: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file says by itself. `ours`: sealed by one of the given certificates; `intact`: nothing changed since."""

    sealed: bool
    ours: bool = False
    intact: bool = False


def make_pair(name: str) -> Pair:
    """A new key and a certificate for it in the studio's name."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "studio")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    der, plain = serialization.Encoding.DER, serialization.NoEncryption()
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    return Pair(private, certificate.public_bytes(der))


def seal(pdf: bytes, pair: Pair, *, reason: str, place: str) -> bytes:
    """The file with a PAdES certification signature added behind it (ETSI.CAdES.detached)."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = asn1.Certificate.load(pair.certificate)
    registry = SimpleCertificateStore()
    registry.register(certificate)
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=keys.PrivateKeyInfo.load(pair.key), cert_registry=registry
    )
    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=place,
        certify=True,
        subfilter=fields.SigSeedSubFilter.PADES,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), told, signer=signer)
    return bytes(out.getvalue())


def examine(pdf: bytes, certificates: list[bytes]) -> Verdict:
    """Whether the file is sealed, by one of these certificates, and unchanged. Never raises: it may be anything."""
    try:
        return _examined(pdf, certificates)
    except Exception:  # noqa: BLE001 (a stranger's upload: whatever pyHanko stumbles over, it is no sealed file)
        return Verdict(sealed=False)


def _examined(pdf: bytes, certificates: list[bytes]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(pdf))
    embedded: list[Any] = list(reader.embedded_signatures)
    if not embedded:
        return Verdict(sealed=False)
    first = embedded[0]
    ours = first.signer_cert.dump() in certificates
    context = ValidationContext(trust_roots=[first.signer_cert], allow_fetching=False, moment=clock.now())
    status = validate_pdf_signature(first, context, skip_diff=False)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE  # nothing was written behind the seal
    return Verdict(sealed=True, ours=ours, intact=bool(whole and status.intact and status.valid and status.bottom_line))
