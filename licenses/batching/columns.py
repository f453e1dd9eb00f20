"""The columns of a file of licence requests, and what people call them."""

from dataclasses import dataclass

from opskit.core.tabular import Column

REMARK = "#"  # begins a row that asks for nothing, such as the example of the form


@dataclass(frozen=True, slots=True)
class Heading:
    """A column by its key and its words in our three languages; each is understood."""

    key: str
    en: str
    fr: str
    de: str
    optional: bool = False
    others: tuple[str, ...] = ()

    def in_language(self, language: str) -> str:
        """The heading in a form of that language, in English where we have none."""
        return {"fr": self.fr, "de": self.de}.get(language, self.en)


HEADINGS = (
    Heading("client", "Client", "Client", "Kunde", others=("client code", "code client")),
    Heading("kind", "Kind", "Type", "Art"),
    Heading("modules", "Modules", "Modules", "Module"),
    Heading("named_users", "Named users", "Utilisateurs nommés", "Benannte Benutzer"),
    Heading(
        "concurrent_users",
        "Concurrent users",
        "Utilisateurs simultanés",
        "Gleichzeitige Benutzer",
        optional=True,
    ),
    Heading("valid_from", "Valid from", "Valable dès", "Gültig ab", others=("valable dès le",)),
    Heading(
        "valid_until",
        "Last usable day",
        "Dernier jour d'utilisation",
        "Letzter Tag",
        optional=True,
        others=(
            "last day",
            "dernier jour",
            "valid until",
            "valable jusqu'au",
            "dernier jour utilisable",
            "gültig bis",
        ),
    ),
    Heading("maintenance_until", "Maintenance until", "Maintenance jusqu'au", "Wartung bis"),
    Heading(
        "version_ceiling",
        "Up to version",
        "Jusqu'à la version",
        "Bis Version",
        optional=True,
    ),
    Heading("product", "Product", "Produit", "Produkt", optional=True),
    Heading("edition", "Edition", "Édition", "Ausgabe", optional=True),
    Heading("grace_days", "Grace days", "Jours de grâce", "Nachfrist in Tagen", optional=True),
    Heading("site", "Site", "Installation", "Standort", optional=True),
    Heading(
        "order_ref",
        "Order",
        "Commande",
        "Bestellung",
        optional=True,
        others=("order number", "n° de commande", "bestellnummer"),
    ),
    Heading("ticket", "Ticket", "Ticket", "Ticket", optional=True),
)

COLUMNS = tuple(
    Column(each.key, (each.en, each.fr, each.de, *each.others), optional=each.optional)
    for each in HEADINGS
)
