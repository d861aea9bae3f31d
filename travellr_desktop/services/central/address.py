"""Where a hub is, as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.door import DATABASE, PORT, Address

_WHERE = re.compile(
    r"(?:postgres(?:ql)?://)?(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/(?P<database>[\w-]+))?/?",
    re.ASCII,
)


def address_of(where: str, login: str, certificate: str = "") -> Address:
    """The address of `hub.kotor.example`, `10.0.0.4:6432`, `hub.example/travellr` or the same as a URL without name
    and password. Raises `InvalidInput` naming `address`, `login` or `certificate`."""
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
