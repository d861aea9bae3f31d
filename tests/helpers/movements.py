"""What is done to the provider's movements behind everybody's back."""

from __future__ import annotations

from helpers.desk import Desk
from helpers.tampering import by_hand


def twice_there(desk: Desk) -> None:
    """The provider's one movement is there a second time."""
    with by_hand(desk.profile.sandbox) as file:
        (row,) = file.execute("SELECT * FROM balance_transactions").fetchall()
        columns = [name for name in row.keys() if name != "seq"]  # noqa: SIM118 - a row's own
        values = {**{name: row[name] for name in columns}, "id": "txn_once_more"}
        marks = ", ".join("?" * len(columns))
        file.execute(
            f"INSERT INTO balance_transactions ({', '.join(columns)}) VALUES ({marks})",
            [values[name] for name in columns],
        )
