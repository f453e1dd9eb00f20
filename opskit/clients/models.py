"""The tables of client companies, and of the periods in which nothing may change at them."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class Client(Base):
    """A client company, known by its code; `number` is what a licence key carries."""

    __tablename__ = "clients_client"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(200))
    canton: Mapped[str | None] = mapped_column(String(2))  # unknown: holidays of all cantons count
    language: Mapped[str] = mapped_column(String(2))
    contact: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    contract: Mapped[str] = mapped_column(String(20))
    maintenance_until: Mapped[date | None] = mapped_column(Date, index=True)  # the last day covered
    erp_version: Mapped[str] = mapped_column(String(12))
    modules: Mapped[list[str]] = mapped_column(JSON)  # in the catalogue's order
    named_users: Mapped[int] = mapped_column(Integer)
    pole: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FreezePeriod(Base):
    """Days on which nobody patches a client, or any client; known by its number.

    `monthly_from` and `monthly_until` are days that come back every month; then the first and the
    last day may be open.
    """

    __tablename__ = "clients_freeze"

    id: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[str | None] = mapped_column(ForeignKey(Client.code), index=True)
    first: Mapped[date | None] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    monthly_from: Mapped[int | None] = mapped_column(Integer)
    monthly_until: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
