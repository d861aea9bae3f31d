"""`travellr --self-test`: whether this installation is whole. Meant above all for a frozen build.

Each check uses the real part, in a folder of its own that is gone afterwards. None touches the network or a profile.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from travellr_desktop import __version__


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`said` is what was found, or what went wrong."""

    name: str
    ok: bool
    said: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    checks: tuple[CheckResult, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "version": __version__,
            "python": platform.python_version(),
            "frozen": hasattr(sys, "_MEIPASS"),
            "checks": {
                check.name: {"ok": check.ok, "said": check.said, "ms": check.milliseconds}
                for check in self.checks
            },
        }

    def as_text(self) -> str:
        lines = [f"{'ok    ' if check.ok else 'FAILED'} {check.name}: {check.said}" for check in self.checks]
        return "\n".join([*lines, "All is well." if self.ok else "This installation is not whole."])


def run_self_test() -> SelfTestReport:
    """Runs every check, whatever the others find.

    Opens no window that a person would see, unless `QT_QPA_PLATFORM` names a platform to try.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="travellr-self-test-", ignore_cleanup_errors=True) as folder:
        return SelfTestReport(tuple(_checked(name, check, Path(folder)) for name, check in CHECKS.items()))


def _checked(name: str, check: Callable[[Path], str], folder: Path) -> CheckResult:
    started = time.perf_counter()
    try:
        ok, said = True, check(folder)
    except Exception as problem:  # noqa: BLE001  whatever is broken, the other checks are still wanted
        ok, said = False, f"{type(problem).__name__}: {problem}"
    return CheckResult(name, ok, said, round((time.perf_counter() - started) * 1000))


def check_resources(folder: Path) -> str:
    """What ships beside the code is there: the look, icons, fonts, document templates, migrations."""
    from travellr_desktop.paths import migrations, resource

    counted = []
    for kind, pattern in (("icons", "*.svg"), ("fonts", "*.?tf"), ("templates", "*.typ")):
        found = sum(1 for _ in resource(kind).rglob(pattern))
        if not found:
            raise FileNotFoundError(f"nothing like {pattern} in {resource(kind)}")
        counted.append(f"{found} {kind}")
    for single in (("style", "tokens.json"), ("tax", "thresholds.toml")):
        resource(*single).read_bytes()
    versions = sum(1 for path in migrations().rglob("*.py") if path.parent.name != "__pycache__")
    return ", ".join([*counted, f"{versions} migration files"])


def check_migration(folder: Path) -> str:
    """A new database file goes through every migration."""
    from travellr_desktop.storage.startup import prepare

    path = folder / "new.db"
    prepare(path, folder / "backups")
    if prepare(path, folder / "backups") is not None:
        raise ValueError("the new file was not at the newest schema")
    return f"{path.stat().st_size} bytes"


def check_tls(folder: Path) -> str:
    """The roots by which a server is trusted are there, and are those that requests uses."""
    import ssl

    import certifi
    import requests.utils

    bundle = certifi.where()
    if bundle != requests.utils.DEFAULT_CA_BUNDLE_PATH:
        raise FileNotFoundError(f"requests looks for its roots in {requests.utils.DEFAULT_CA_BUNDLE_PATH}")
    roots = ssl.create_default_context(cafile=bundle).cert_store_stats()["x509_ca"]
    if roots < 50:
        raise ValueError(f"only {roots} roots in {bundle}")
    return f"{roots} roots, {ssl.OPENSSL_VERSION}"


def check_document(folder: Path) -> str:
    """A voucher becomes a PDF."""
    from travellr_desktop.services.voucher import VoucherAgency, VoucherData, VoucherTraveller, render_voucher

    moment = datetime(2026, 7, 3, 7, 30, tzinfo=UTC)
    voucher = VoucherData(
        agency=VoucherAgency("Travellr", "Self-test", "", ""),
        reference="BK-2026-000001",
        sale_reference="SA-2026-000001",
        trip="Old town walk",
        vendor_name="Nobody",
        vendor_phone="",
        languages=("English",),
        starts_at=moment,
        ends_at=moment + timedelta(hours=2),
        be_there_at=moment,
        zone="Europe/Belgrade",
        zone_place="Belgrade",
        meeting_place="Main square",
        travellers=(VoucherTraveller("Željko Đurić"), VoucherTraveller("محمد 王小明")),
        cancel_first="Free",
        cancel_second="",
        paid="€12.50",
        due="",
        code="0000-0000",
        qr="TRV1:SELF-TEST",
        sold_at=moment,
        sold_by="Self-test",
        printed_at=moment,
        agency_zone="Europe/Belgrade",
        sandbox=True,
    )
    pdf = render_voucher(voucher)
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("what came out is no PDF")
    (folder / "voucher.pdf").write_bytes(pdf)
    return f"{len(pdf)} bytes"


def check_zones(folder: Path) -> str:
    """Time zones, and the words of languages."""
    from zoneinfo import ZoneInfo, available_timezones

    from babel import Locale

    ZoneInfo("Europe/Belgrade")
    Locale.parse("sr_Latn_RS")
    return f"{len(available_timezones())} zones, Babel's sr_Latn_RS"


def check_payments(folder: Path) -> str:
    """The sandbox takes a payment through the payment library."""
    from travellr_desktop.domain.ids import new_id
    from travellr_desktop.domain.money import Money
    from travellr_desktop.payments.factory import open_sandbox
    from travellr_desktop.payments.gateway import PaymentRequest

    amount = Money(12_50, "EUR")
    gateway = open_sandbox(folder / "sandbox.db")
    try:
        prepared = gateway.prepare_payment(PaymentRequest(new_id(), amount, "Self-test"), key="prepare")
        card = gateway.test_cards()[0].payment_method
        paid = gateway.process_payment(prepared.ref, payment_method=card, key="pay")
    finally:
        gateway.close()
    if paid.received != amount:
        raise ValueError(f"{paid.received} of {amount} was paid")
    return f"{paid.card_label}, {paid.state}"


def check_vault(folder: Path) -> str:
    """What a vault is sealed with is there, where a system may lack a keyring."""
    from travellr_desktop.services.vault import Vault, can_seal

    if not can_seal():
        if sys.platform == "linux":
            raise ModuleNotFoundError("nothing to seal a vault with")
        return "not needed on this system"
    vault = Vault(folder / "keys.vault", lock=folder / "vault.lock")
    vault.create("a passphrase of the self-test")
    vault.put("key", "value")
    vault.close()
    vault.open("a passphrase of the self-test")
    if vault.get("key") != "value":
        raise ValueError("the vault does not give back what was put in")
    return "sealed and opened"


def check_central(folder: Path) -> str:
    """What speaks with a central database is there, compiled, with its own TLS, and what makes one."""
    from uuid import UUID

    import psycopg
    from psycopg.adapt import PyFormat, Transformer
    from psycopg.conninfo import conninfo_to_dict

    from travellr_desktop.sync.central.installing import shipped

    if psycopg.pq.__impl__ != "binary":
        raise ModuleNotFoundError(f"psycopg runs on the {psycopg.pq.__impl__} implementation, not on its own")
    asked = conninfo_to_dict("postgresql://desk@localhost/hub?sslmode=verify-full&channel_binding=require")
    if asked["sslmode"] != "verify-full":
        raise ValueError(f"{asked} was read from an address")
    value = UUID("019a2d5e-0000-7000-8000-000000000001")
    sent = Transformer().get_dumper(value, PyFormat.BINARY).dump(value)
    if sent != value.bytes:
        raise ValueError(f"{value} would be sent as {sent!r}")
    libpq = psycopg.pq.version_pretty(psycopg.pq.version())
    return f"psycopg {psycopg.__version__}, libpq {libpq}, {len(shipped())} files that make a hub"


def check_window(folder: Path) -> str:
    """A window with text and an icon is painted."""
    from travellr_desktop.ui.self_check import paint_window

    return paint_window()


CHECKS: Mapping[str, Callable[[Path], str]] = {
    "resources": check_resources,
    "migration": check_migration,
    "tls": check_tls,
    "document": check_document,
    "zones": check_zones,
    "payments": check_payments,
    "vault": check_vault,
    "central": check_central,
    "window": check_window,
}
