"""Invoices and credit notes, as they were issued: nothing of them is ever changed or deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.invoicing import InvoiceKind, Item
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length
from travellr_desktop.storage.models.sales import Sale


class Invoice(Synced):
    """An invoice, or a credit note that takes something of the invoice `of_id` back. Amounts are above zero in either.

    `issued_on` is the agency's day; `seller` and `buyer` are `services.invoices.Seller` and `Buyer` as data, frozen
    with `locale`, in which it is printed for ever; `paid` is what had been paid of it by then; `reason` is why it was
    credited."""

    __tablename__ = "invoices"
    __table_args__ = (
        one_of("kind", InvoiceKind),
        text_length("number", 40, 8),
        text_length("locale", 40, 2),
        CheckConstraint("gross > 0 AND tax BETWEEN 0 AND gross AND net = gross - tax", name="amounts_agree"),
        CheckConstraint("paid BETWEEN 0 AND gross", name="paid_of_gross"),
        CheckConstraint("(kind = 'credit_note') = (of_id IS NOT NULL)", name="credit_of_something"),
        CheckConstraint("of_id IS NULL OR of_id <> id", name="not_of_itself"),
        CheckConstraint("json_valid(seller) AND json_valid(buyer)", name="parties_are_json").ddl_if("sqlite"),
        Index("ix_invoices_issued_at", "issued_at"),
        {"info": BOTH},
    )

    number: Mapped[str] = mapped_column(unique=True)  # IV-2026-000012, CN-2026-000003
    kind: Mapped[InvoiceKind] = mapped_column(EnumText(InvoiceKind))
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    sale_id: Mapped[UUID] = mapped_column(ForeignKey("sales.id"), index=True)
    of_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    locale: Mapped[str]
    currency: Mapped[Currency]
    net: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]
    paid: Mapped[int]
    seller: Mapped[dict[str, Any]]
    buyer: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")

    sale: Mapped[Sale] = relationship(lazy="raise_on_sql")
    of: Mapped[Invoice | None] = relationship(lazy="raise_on_sql", remote_side="Invoice.id")
    lines: Mapped[list[InvoiceLine]] = relationship(
        lazy="raise_on_sql", back_populates="invoice", order_by="InvoiceLine.position"
    )


class InvoiceLine(Synced):
    """A line of an invoice, of one booking and one rate. `title` and `about` say of what, `text` for whom, as they were
    when it was issued."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        one_of("item", Item),
        CheckConstraint("position > 0 AND quantity > 0", name="counts_positive"),
        CheckConstraint("gross > 0 AND tax BETWEEN 0 AND gross AND net = gross - tax", name="amounts_agree"),
        CheckConstraint("tax_bps BETWEEN 0 AND 10000", name="tax_share"),
        {"info": BOTH},
    )

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    position: Mapped[int]
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    item: Mapped[Item] = mapped_column(EnumText(Item))
    title: Mapped[str]
    about: Mapped[str]
    text: Mapped[str]
    quantity: Mapped[int]
    net: Mapped[int]
    tax_bps: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]

    invoice: Mapped[Invoice] = relationship(lazy="raise_on_sql", back_populates="lines")
