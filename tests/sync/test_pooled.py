"""What a pooler between a desk and its hub says is understood as what the server says: PgBouncer has its own words."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from travellr_desktop.sync.connecting import HubFull, HubSignInRefused, HubSilent, NotAHub, connect
from travellr_desktop.sync.refusals import SyncRefusal


@contextmanager
def says(words: str) -> Iterator[int]:
    """Whoever comes is told `words` as a fatal error, in the server's protocol. Gives the port."""
    fields = b"SFATAL\0VFATAL\0C08P01\0M" + words.encode() + b"\0\0"
    error = b"E" + struct.pack("!I", len(fields) + 4) + fields
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(error)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join(30)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("SASL authentication failed", HubSignInRefused),
        ("no such user: kotor", HubSignInRefused),
        ("no such database: travellr", NotAHub),
        ("no more connections allowed (max_client_conn)", HubFull),
        ("query_wait_timeout", HubSilent),
    ],
)
def test_a_poolers_words_are_understood(words: str, refusal: type[SyncRefusal]) -> None:
    with says(words) as port, pytest.raises(refusal):
        connect(f"postgresql://kotor@127.0.0.1:{port}/travellr", "secret", insecure_loopback=True)
