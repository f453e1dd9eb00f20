"""What a client reads on the page and in the answer, in the three languages of the clients.

Not in the catalogue: these are documents, in the client's language, not in that of the person
who types the command.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("fr", "de", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `{entry}`, `{ticket}`, `{on}` and `{fields}` are filled in."""

    title: str
    intro: str
    steps: tuple[str, str, str]
    paste: str
    paste_ticket: str
    until: str
    key: str
    key_help: str
    facts: str
    facts_help: str
    facts_help_new: str
    secrets: str
    secrets_help: str
    secrets_help_new: str
    remark: str
    remark_help: str
    seal: str
    show: str
    hide: str
    done: str
    copy: str
    copied: str
    copy_by_hand: str
    save: str
    again: str
    again_help: str
    no_script: str
    no_crypto: str
    expired: str
    nothing: str
    bad_port: str
    failed: str
    reply: str
    reply_signature: str
    fields: Mapping[str, str]

    def label(self, field: str) -> str:
        """How the client calls a field; a field of the team's own keeps its name."""
        return self.fields.get(field, field)


_FR: Final = Words(
    title="Données de connexion",
    intro=(
        "Cette page chiffre vos données ici, dans votre navigateur. Elle n’envoie rien : vous "
        "seul transmettez le résultat, et seul notre coffre peut l’ouvrir."
    ),
    steps=("Remplir", "Chiffrer", "Coller dans le ticket"),
    paste="Collez ce bloc dans votre ticket. Il ne contient rien de lisible.",
    paste_ticket="Collez ce bloc dans le ticket {ticket}. Il ne contient rien de lisible.",
    until="À nous retourner jusqu’au",
    key="Empreinte de notre clé",
    key_help="En cas de doute, comparez-la avec nous par téléphone.",
    facts="Connexion",
    facts_help="Ce que nous connaissons est déjà inscrit. Corrigez ce qui a changé.",
    facts_help_new="Inscrivez ce que vous connaissez ; le reste peut rester vide.",
    secrets="Accès",
    secrets_help="Laissez vide ce qui ne change pas.",
    secrets_help_new="Inscrivez au moins un accès.",
    remark="Remarque",
    remark_help="Par exemple à partir de quand ces données sont valables.",
    seal="Chiffrer",
    show="Afficher",
    hide="Masquer",
    done="C’est chiffré",
    copy="Copier le bloc",
    copied="Copié. Collez-le maintenant dans le ticket.",
    copy_by_hand="Sélectionné : copiez-le avec Ctrl+C ou ⌘C.",
    save="Enregistrer comme fichier",
    again="Corriger",
    again_help="Les accès ont été effacés de cette page et devront être inscrits à nouveau.",
    no_script=(
        "Cette page a besoin de JavaScript. Enregistrez-la sur votre ordinateur et ouvrez-la dans "
        "un navigateur. N’envoyez pas de mots de passe autrement."
    ),
    no_crypto=(
        "Ce navigateur ne peut pas chiffrer ici. Enregistrez la page sur votre ordinateur et "
        "ouvrez-la dans Firefox, Chrome, Edge ou Safari à jour. N’envoyez pas de mots de passe "
        "autrement."
    ),
    expired="Le délai de cette page est passé. Demandez-nous en une nouvelle.",
    nothing="Rien n’est rempli ou modifié.",
    bad_port="Le port est un nombre de 1 à 65535.",
    failed="Le chiffrement a échoué. Rouvrez la page, ou appelez-nous.",
    reply=(
        "Bonjour,\n\nNous avons bien reçu vos données de connexion pour {entry} et les avons "
        "enregistrées dans notre coffre le {on}.\n\nEnregistré : {fields}.\n\nLe bloc dans ce "
        "ticket ne peut être ouvert que par notre coffre ; vous n’avez rien d’autre à faire."
    ),
    reply_signature="Meilleures salutations",
    fields={
        "host": "Hôte ou adresse IP",
        "port": "Port",
        "username": "Nom d’utilisateur",
        "url": "Adresse web",
        "domain": "Domaine",
        "engine": "Base de données",
        "service": "Service ou nom de la base",
        "expires": "Valable jusqu’au",
        "password": "Mot de passe",
        "shared-key": "Clé partagée",
        "totp-seed": "Secret TOTP",
        "private-key": "Clé privée",
        "passphrase": "Phrase secrète de la clé",
        "pin": "PIN",
        "note": "Remarque",
    },
)

_DE: Final = Words(
    title="Verbindungsdaten",
    intro=(
        "Diese Seite verschlüsselt Ihre Angaben hier in Ihrem Browser. Sie sendet nichts: nur Sie "
        "geben das Ergebnis weiter, und nur unser Tresor kann es öffnen."
    ),
    steps=("Ausfüllen", "Verschlüsseln", "Ins Ticket einfügen"),
    paste="Fügen Sie diesen Block in Ihr Ticket ein. Er enthält nichts Lesbares.",
    paste_ticket="Fügen Sie diesen Block in das Ticket {ticket} ein. Er enthält nichts Lesbares.",
    until="Bitte zurück bis am",
    key="Fingerabdruck unseres Schlüssels",
    key_help="Im Zweifel vergleichen Sie ihn am Telefon mit uns.",
    facts="Verbindung",
    facts_help="Was wir kennen, steht schon da. Korrigieren Sie, was sich geändert hat.",
    facts_help_new="Tragen Sie ein, was Sie kennen; der Rest kann leer bleiben.",
    secrets="Zugang",
    secrets_help="Lassen Sie leer, was gleich bleibt.",
    secrets_help_new="Tragen Sie mindestens einen Zugang ein.",
    remark="Bemerkung",
    remark_help="Zum Beispiel, ab wann diese Angaben gelten.",
    seal="Verschlüsseln",
    show="Anzeigen",
    hide="Verbergen",
    done="Verschlüsselt",
    copy="Block kopieren",
    copied="Kopiert. Fügen Sie ihn jetzt ins Ticket ein.",
    copy_by_hand="Markiert: kopieren Sie ihn mit Strg+C oder ⌘C.",
    save="Als Datei speichern",
    again="Korrigieren",
    again_help="Die Zugänge wurden auf dieser Seite gelöscht und sind neu einzutragen.",
    no_script=(
        "Diese Seite braucht JavaScript. Speichern Sie sie auf Ihrem Computer und öffnen Sie sie "
        "in einem Browser. Senden Sie Passwörter auf keinem anderen Weg."
    ),
    no_crypto=(
        "Dieser Browser kann hier nicht verschlüsseln. Speichern Sie die Seite auf Ihrem Computer "
        "und öffnen Sie sie in einem aktuellen Firefox, Chrome, Edge oder Safari. Senden Sie "
        "Passwörter auf keinem anderen Weg."
    ),
    expired="Die Frist dieser Seite ist abgelaufen. Bitte verlangen Sie bei uns eine neue.",
    nothing="Es ist nichts ausgefüllt oder geändert.",
    bad_port="Der Port ist eine Zahl von 1 bis 65535.",
    failed="Das Verschlüsseln ist misslungen. Öffnen Sie die Seite neu, oder rufen Sie uns an.",
    reply=(
        "Guten Tag\n\nWir haben Ihre Verbindungsdaten für {entry} erhalten und am {on} in unserem "
        "Tresor gespeichert.\n\nGespeichert: {fields}.\n\nDen Block in diesem Ticket kann nur "
        "unser Tresor öffnen; Sie müssen nichts weiter tun."
    ),
    reply_signature="Freundliche Grüsse",
    fields={
        "host": "Host oder IP-Adresse",
        "port": "Port",
        "username": "Benutzername",
        "url": "Webadresse",
        "domain": "Domäne",
        "engine": "Datenbank",
        "service": "Service oder Name der Datenbank",
        "expires": "Gültig bis",
        "password": "Passwort",
        "shared-key": "Gemeinsamer Schlüssel",
        "totp-seed": "TOTP-Geheimnis",
        "private-key": "Privater Schlüssel",
        "passphrase": "Passphrase des Schlüssels",
        "pin": "PIN",
        "note": "Bemerkung",
    },
)

_EN: Final = Words(
    title="Connection data",
    intro=(
        "This page encrypts what you enter here, in your browser. It sends nothing: you alone "
        "pass the result on, and only our safe can open it."
    ),
    steps=("Fill in", "Encrypt", "Paste into the ticket"),
    paste="Paste this block into your ticket. Nothing in it can be read.",
    paste_ticket="Paste this block into the ticket {ticket}. Nothing in it can be read.",
    until="Please return it by",
    key="Fingerprint of our key",
    key_help="If in doubt, compare it with us by telephone.",
    facts="Connection",
    facts_help="What we know is filled in already. Correct what has changed.",
    facts_help_new="Enter what you know; the rest may stay empty.",
    secrets="Access",
    secrets_help="Leave empty what stays the same.",
    secrets_help_new="Enter at least one of these.",
    remark="Remark",
    remark_help="For example from when on these data are valid.",
    seal="Encrypt",
    show="Show",
    hide="Hide",
    done="Encrypted",
    copy="Copy the block",
    copied="Copied. Now paste it into the ticket.",
    copy_by_hand="Selected: copy it with Ctrl+C or ⌘C.",
    save="Save as a file",
    again="Correct",
    again_help="The secrets were cleared from this page and have to be entered again.",
    no_script=(
        "This page needs JavaScript. Save it on your computer and open it in a browser. Do not "
        "send passwords in any other way."
    ),
    no_crypto=(
        "This browser cannot encrypt here. Save the page on your computer and open it in an "
        "up-to-date Firefox, Chrome, Edge or Safari. Do not send passwords in any other way."
    ),
    expired="This page has expired. Please ask us for a new one.",
    nothing="Nothing is filled in or changed.",
    bad_port="The port is a number from 1 to 65535.",
    failed="Encrypting failed. Open the page again, or call us.",
    reply=(
        "Hello,\n\nWe have received your connection data for {entry} and stored them in our safe "
        "on {on}.\n\nStored: {fields}.\n\nOnly our safe can open the block in this ticket; there "
        "is nothing more for you to do."
    ),
    reply_signature="Kind regards",
    fields={
        "host": "Host or IP address",
        "port": "Port",
        "username": "User name",
        "url": "Web address",
        "domain": "Domain",
        "engine": "Database",
        "service": "Service or name of the database",
        "expires": "Valid until",
        "password": "Password",
        "shared-key": "Shared key",
        "totp-seed": "TOTP secret",
        "private-key": "Private key",
        "passphrase": "Passphrase of the key",
        "pin": "PIN",
        "note": "Remark",
    },
)

_WORDS: Final[Mapping[str, Words]] = {"fr": _FR, "de": _DE, "en": _EN}


def words_in(language: str) -> Words:
    """In English where the language is none of ours."""
    return _WORDS.get(language, _EN)
