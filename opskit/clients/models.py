"""The table of client companies."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class Client(Base):
    """A client company, known by its code; `number` is what a licence key carries."""

    __tablename__ = "clients_client"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(200))
    canton: Mapped[str] = mapped_column(String(2))
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
