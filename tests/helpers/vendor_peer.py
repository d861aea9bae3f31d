"""A vendor's person beside the desks: what they keep of the hub, and what they should have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg

from helpers.central_hub import HubPlace
from helpers.vendor_file import VendorFile
from travellr_desktop.sync.central.members import SignIn


@dataclass
class VendorPeer:
    """`epoch` is that of the hub from which its rows came."""

    file: VendorFile
    epoch: int = 0

    def pull(self, most: int = 500) -> int:
        """Take in what is new; all of it, from a hub that was restored. Returns how many rows were told."""
        found = self.file.connection.execute("SELECT api.hello()").fetchone()
        assert found is not None
        if found[0]["epoch"] != self.epoch:
            self.file.cursor, self.file.rows = found[0]["last_pub"], self.file.seen()
            self.epoch = found[0]["epoch"]
        return len(self.file.pull(most))


@contextmanager
def vendor_peer(place: HubPlace, sign_in: SignIn) -> Iterator[VendorPeer]:
    """With a connection of its own."""
    url = place.central.url(sign_in.login, sign_in.password)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        yield VendorPeer(VendorFile(connection, "", "", "", []))
