"""The tables: what was asked for, and the register of what was issued."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class TermsColumns:
    """What a licence says, the same in a request and in the register."""

    client: Mapped[str] = mapped_column(String(16), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    product: Mapped[str] = mapped_column(String(20))
    edition: Mapped[str] = mapped_column(String(20))
    modules: Mapped[list[str]] = mapped_column(JSON)
    named_users: Mapped[int | None] = mapped_column(Integer)  # None is unlimited
    concurrent_users: Mapped[int | None] = mapped_column(Integer)  # None is unlimited
    valid_from: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date, index=True)
    maintenance_until: Mapped[date | None] = mapped_column(Date, index=True)
    version_ceiling: Mapped[str | None] = mapped_column(String(12))


class LicenseRequest(TermsColumns, Base):
    """A licence request, `R12`: the terms, who asked, who approved exactly which bytes."""

    __tablename__ = "licenses_request"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12), index=True)
    ticket: Mapped[str | None] = mapped_column(String(20))
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    serial: Mapped[int | None] = mapped_column(Integer, unique=True)
    sequence: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # the payload that is approved
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval_key_version: Mapped[int | None] = mapped_column(Integer)
    approval: Mapped[bytes | None] = mapped_column(LargeBinary)  # Ed25519, by the approver's key


class LicenseRecord(TermsColumns, Base):
    """A line of the register, `L1042`. Never changed, never deleted: a newer one supersedes it."""

    __tablename__ = "licenses_record"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_number: Mapped[int] = mapped_column(Integer, unique=True)
    sequence: Mapped[int] = mapped_column(Integer)
    signed: Mapped[bytes] = mapped_column(LargeBinary)  # body and signature: the key itself
    issued_by: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
