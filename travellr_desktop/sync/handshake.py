"""What is wrong with a server's certificate, where libpq says no more than that something is."""

from __future__ import annotations

import socket
import ssl
from enum import Enum, auto

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_EXPIRED, _NOT_YET, _OTHER_HOST, _OTHER_ADDRESS = 10, 9, 62, 64
"""OpenSSL's numbers of what it found."""
PATIENCE_S = 10.0


class Flaw(Enum):
    TIME = auto()  # over, or not valid yet
    HOST = auto()
    OTHER = auto()  # nobody known vouches for it, or something rarer


def flaw_of(host: str, port: int, authority: str) -> Flaw:
    """Shake hands once more, as a Postgres client does, and look why it fails. Sends nothing of ours."""
    try:
        context = ssl.create_default_context(cafile=authority)
        with socket.create_connection((host, port), PATIENCE_S) as plain:
            plain.sendall(_SSL_REQUEST)
            if plain.recv(1) != b"S":
                return Flaw.OTHER
            with context.wrap_socket(plain, server_hostname=host):
                return Flaw.OTHER
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in (_EXPIRED, _NOT_YET):
            return Flaw.TIME
        return Flaw.HOST if error.verify_code in (_OTHER_HOST, _OTHER_ADDRESS) else Flaw.OTHER
    except OSError:
        return Flaw.OTHER
