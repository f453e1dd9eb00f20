"""The tables: what was asked for, the register of what was issued, and what became of it."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Date, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class TermsColumns:
    """What a licence says, the same in a request and in the register."""

    client: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(12))
    product: Mapped[str] = mapped_column(String(20))
    edition: Mapped[str] = mapped_column(String(20))
    modules: Mapped[list[str]] = mapped_column(JSON)
    named_users: Mapped[int | None] = mapped_column(Integer)  # None is unlimited
    concurrent_users: Mapped[int | None] = mapped_column(Integer)  # None is unlimited
    valid_from: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date, index=True)
    grace_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    maintenance_until: Mapped[date | None] = mapped_column(Date, index=True)
    version_ceiling: Mapped[str | None] = mapped_column(String(12))
    site: Mapped[str | None] = mapped_column(String(64))  # None is bound to no site


class LicenseRequest(TermsColumns, Base):
    """A licence request, `R12`: the terms, who asked, who approved exactly which bytes."""

    __tablename__ = "licenses_request"
    __table_args__ = (Index("ix_licenses_request_client_state", "client", "state"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12), index=True)
    action: Mapped[str] = mapped_column(String(12), default="new", server_default="new")
    replaces: Mapped[int | None] = mapped_column(BigInteger, index=True)  # the serial it follows
    order_ref: Mapped[str | None] = mapped_column(String(40), index=True)
    ticket: Mapped[str | None] = mapped_column(String(20))
    batch: Mapped[int | None] = mapped_column(Integer, index=True)
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    serial: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    sequence: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # the payload that is approved
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval_key_version: Mapped[int | None] = mapped_column(Integer)
    approval: Mapped[bytes | None] = mapped_column(LargeBinary)  # Ed25519, by the approver's key
    reason: Mapped[str | None] = mapped_column(String(500))  # why revoked, rejected, withdrawn


class LicenseRecord(TermsColumns, Base):
    """A line of the register, `L1042`. Never changed, never deleted: a newer one supersedes it."""

    __tablename__ = "licenses_record"
    __table_args__ = (
        Index("ix_licenses_record_client_serial", "client", "serial"),
        Index("ix_licenses_record_latest", "client", "kind", "sequence"),
    )

    serial: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    request_number: Mapped[int] = mapped_column(Integer, unique=True)
    action: Mapped[str] = mapped_column(String(12), default="new", server_default="new")
    replaces: Mapped[int | None] = mapped_column(BigInteger, index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    signed: Mapped[bytes] = mapped_column(LargeBinary)  # body and signature: the key itself
    issued_by: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_event: Mapped[int | None] = mapped_column(Integer)  # the event that names its digest


class LicenseBatch(Base):
    """Many requests from one file, `B3`; the digest is of the file's bytes."""

    __tablename__ = "licenses_batch"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LicenseDelivery(Base):
    """Who received a licence, in which form, when."""

    __tablename__ = "licenses_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, index=True)
    form: Mapped[str] = mapped_column(String(8))  # file, typed, pdf; `file pdf` by mail
    received_by: Mapped[str] = mapped_column(String(254))  # a name or a mail address
    mailed: Mapped[bool] = mapped_column(default=False)
    delivered_by: Mapped[str] = mapped_column(String(64))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EmergencyCode(Base):
    """That a code was read out; the code itself is nowhere but in the safe's arithmetic."""

    __tablename__ = "licenses_emergency"

    serial: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1 to 24
    ticket: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
