"""Where a hub is, as a person types it, and an invitation to it, as a person pastes it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.door import DATABASE, PORT, Address, SignIn

_WHERE = re.compile(
    r"(?:postgres(?:ql)?://)?(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/(?P<database>[\w-]+))?/?",
    re.ASCII,
)


SCHEME = "travellr-desk"
_PLAIN = "insecure-loopback"


def invitation(sign_in: SignIn) -> str:
    """A sign-in as one line, to be sent to whoever sits at the desk and pasted there. It holds the password. The file
    of a certificate goes by itself."""
    address = sign_in.address
    host = f"[{address.host}]" if ":" in address.host else address.host
    who = f"{quote(address.login, safe='')}:{quote(sign_in.password, safe='')}"
    plain = f"?{_PLAIN}" if sign_in.insecure else ""
    return f"{SCHEME}://{who}@{host}:{address.port}/{quote(address.database, safe='')}{plain}"


def invited(text: str) -> SignIn | None:
    """The sign-in of an invitation, also out of a message that was pasted whole; None where there is none in it."""
    found = re.search(rf"{SCHEME}://[^\s<>\"']+", text)
    if found is None:
        return None
    try:
        parts = urlsplit(found[0])
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        return None
    login, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not host or not login or not password:
        return None
    address = Address(host, port, unquote(parts.path.strip("/")) or DATABASE, login)
    return SignIn(address, password, insecure=_PLAIN in parse_qs(parts.query, keep_blank_values=True))


def address_of(where: str, login: str, certificate: str = "") -> Address:
    """The address of `hub.kotor.example`, `10.0.0.4:6432`, `hub.example/travellr` or the same as a URL without name
    and password. Raises `InvalidInput` naming `address`, `login` or `certificate`."""
    if SCHEME in where:
        raise InvalidInput(
            "This is an invitation, and holds the password.",
            hint="It is pasted in the window. In a command the address, --login and the password are said one by one.",
            field="address",
        )
    found = _WHERE.fullmatch(where.strip())
    port = int((found and found["port"]) or PORT)
    if found is None or not 0 < port < 65_536:
        raise InvalidInput(
            "This is no address." if where.strip() else "Enter the address.",
            hint="Write it like hub.example.com, with :port where it is another than 5432.",
            field="address",
        )
    login = login.strip()
    if not login or len(login) > 63 or not login.isprintable():
        raise InvalidInput("Enter the name that this desk was given.", field="login")
    path = Path(certificate.strip()).expanduser() if certificate.strip() else None
    if path is not None and not path.is_file():
        raise InvalidInput("There is no such file.", field="certificate")
    host = found["host"].strip("[]")
    return Address(host, port, found["database"] or DATABASE, login, path)
