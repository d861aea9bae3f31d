"""A voucher with a fact in every field, and travellers from many scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from travellr_desktop.services.voucher import VoucherAgency, VoucherData, VoucherTraveller

VOUCHER = VoucherData(
    agency=VoucherAgency(
        name="Orjen Travel",
        desk="Kotor, old town · Desk 2",
        legal="Orjen Travel d.o.o., Riva 4, 85330 Kotor, Montenegro",
        contact="PIB 03214567 · VAT 30/31-01234-5 · +382 32 555 100",
    ),
    reference="BK-2026-001234",
    sale_reference="SA-2026-000412",
    trip="Perast and the two islands",
    vendor_name="Sveti Nikola Boats d.o.o.",
    vendor_phone="+382 69 555 207",
    languages=("English", "French"),
    starts_at=datetime(2026, 7, 3, 7, 30, tzinfo=UTC),
    ends_at=datetime(2026, 7, 3, 11, 15, tzinfo=UTC),
    be_there_at=datetime(2026, 7, 3, 7, 10, tzinfo=UTC),
    zone="Europe/Podgorica",
    zone_place="Perast",
    meeting_place="Pier below the bell tower, Perast",
    meeting_hint="Green awning",
    travellers=(
        VoucherTraveller("Zoë Lindqvist"),
        VoucherTraveller("Đorđe Šćepanović"),
        VoucherTraveller("Ida Lindqvist", "child", 9),
    ),
    included=("Entry to the island museum", "Drinking water"),
    bring=("sun hat", "small change"),
    cancel_first="Free until Thu 2 Jul, 09:30",
    cancel_second="Since then the whole price is kept",
    paid="€84.00",
    due="€12.50",
    code="7KQ4-M2XD",
    qr="TRV1:BK-2026-001234:7KQ4M2XD",
    sold_at=datetime(2026, 6, 12, 9, 20, tzinfo=UTC),
    sold_by="Ana V.",
    printed_at=datetime(2026, 7, 1, 15, 0, tzinfo=UTC),
    agency_zone="Europe/Podgorica",
    invoice="2-2026-000388",
)

NAMES = (
    "Astrid Nyberg",
    "محمد عبد الله",
    "王小明",
    "Ana Đukić 🎉",
    "Ana Vuković",
    "דוד לוי",
    "Þórbjörg Guðmundsdóttir-Þorsteinsdóttir",
    "สมชาย ใจดี",
    "अमित कुमार",
    "გიორგი ბერიძე",
    "Արամ Հակոբյան",
    "김민준",
    "さくら 山田",
    "Wolfeschlegelsteinhausenbergerdorff Maximilian",
)


def voucher(many: int | None = None, /, **changes: Any) -> VoucherData:
    """The sample voucher, for a number of travellers taken in turn from `NAMES`, with some fields changed."""
    if many is not None:
        names = [NAMES[n % len(NAMES)] for n in range(many)]
        changes["travellers"] = tuple(VoucherTraveller(name) for name in names)
    return replace(VOUCHER, **changes)
