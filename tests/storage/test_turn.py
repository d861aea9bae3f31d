"""Turns at writing: one at a time, all come to it, and a program that dies gives its turn back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.storage.turn import Turn


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Turn]:
    """Patient for ten seconds."""
    with closing(Turn(tmp_path / "writer.lock", 10_000)) as made:
        yield made


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Turn]:
    """That of another program, which waits for a moment only."""
    with closing(Turn(tmp_path / "writer.lock", 20)) as made:
        yield made


def test_one_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def write() -> None:
        nonlocal inside, most
        with closing(Turn(tmp_path / "writer.lock", 10_000)) as turn:  # as another program has one
            for _ in range(50):
                with turn.taken():
                    with guard:
                        inside += 1
                        most = max(most, inside)
                    with guard:
                        inside -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_too_long_is_told_so(turn: Turn, hasty: Turn) -> None:
    with turn.taken(), pytest.raises(DatabaseBusy), hasty.taken():
        pytest.fail("had its turn while another wrote")
    with hasty.taken():
        pass


def test_a_turn_ends_with_an_error(turn: Turn, hasty: Turn) -> None:
    with pytest.raises(ZeroDivisionError), turn.taken():
        raise ZeroDivisionError
    with hasty.taken():
        pass


def test_a_program_that_is_killed_gives_its_turn_back(tmp_path: Path, turn: Turn, hasty: Turn) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with Turn(tmp_path / "writer.lock", 1_000).taken():
            os.write(writer, b"has it")
            signal.pause()
        os._exit(0)
    assert os.read(reader, 10) == b"has it"
    with pytest.raises(DatabaseBusy), hasty.taken():
        pytest.fail("had its turn while the child wrote")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    with turn.taken():
        pass


def test_closing_again_is_harmless(turn: Turn) -> None:
    turn.close()
    turn.close()


def test_a_turn_is_given_back_before_its_block_ends(tmp_path: Path, turn: Turn, hasty: Turn) -> None:
    with turn.taken() as give:
        give()
        with hasty.taken():
            give()  # it is the other's now
            third = Turn(tmp_path / "writer.lock", 20)
            with closing(third), pytest.raises(DatabaseBusy), third.taken():
                pytest.fail("had its turn while another wrote")
