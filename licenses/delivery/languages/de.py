"""German as Switzerland writes it, without the letter ß."""

from licenses.delivery.wording import Wording
from licenses.payload import LicenseKind

WORDING = Wording(
    code="de",
    colon=":",
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    day="{day}. {month} {year}",
    first_day="{day}. {month} {year}",
    certificate="Lizenzzertifikat",
    withdrawal="Rückzug einer Lizenz",
    kinds={
        LicenseKind.PRODUCTION: "Produktion",
        LicenseKind.TEST: "Test",
        LicenseKind.DEMO: "Demo",
        LicenseKind.TEMPORARY: "vorläufig",
    },
    client="Kunde",
    client_number="Kundennummer",
    license="Lizenz",
    reference="Referenz",
    kind="Art",
    product="Produkt",
    modules="Module",
    no_modules="keine",
    named_users="Benannte Benutzer",
    concurrent_users="Gleichzeitige Benutzer",
    unlimited="unbegrenzt",
    none="keine",
    issued_on="Ausgestellt am",
    valid_from="Gültig ab",
    last_day="Letzter Tag",
    without_end="unbefristet",
    not_before="Nicht vor dem {day} eingeben: Früher eingegeben, hält sie das Programm an.",
    last_day_note="Der letzte Tag zählt mit: Die Lizenz gilt bis Mitternacht, überall auf der "
    "Welt.",
    grace="Nachfrist in Tagen",
    grace_note="nach dem letzten Tag, mit einer Warnung",
    maintenance="Wartung bis",
    maintenance_note="für Versionen, die bis und mit diesem Tag erscheinen",
    ceiling="Höchste Version",
    any_version="alle Versionen",
    ceiling_note="und ihre Korrekturen",
    site="Installation",
    any_site="alle Installationen des Kunden",
    entering="Eingabe des Schlüssels",
    typing_step="Öffnen Sie in der Software die Lizenzeingabe und tippen Sie die Zeilen zwischen "
    "den beiden Marken der Reihe nach ein.",
    entering_steps=(
        (
            "Öffnen Sie in der Software die Lizenzeingabe. Lesen Sie dann den QR-Code, wählen Sie "
            "die erhaltene Datei, oder tippen Sie die Zeilen der Reihe nach ab."
        ),
        (
            "Gross- und Kleinschreibung, Striche und Leerschläge zählen nicht; O gilt als 0, "
            "I und L als 1."
        ),
        "Bei einem Tippfehler nennt die Software die Nummer der Zeile.",
    ),
    code_caption="Derselbe Schlüssel als QR-Code",
    whom_to_call="Haben Sie Fragen?",
    call_note="Nennen Sie am Telefon die Referenz {reference}. Sie ersetzt den Schlüssel nicht.",
    usual_contact="Ihre gewohnte Ansprechperson",
    phone="Telefon",
    email="E-Mail",
    mail_subject="Ihre Lizenz {license} ({kind}), {client}",
    greeting="Guten Tag",
    mail_body="Im Anhang erhalten Sie Ihre Lizenz {license} ({kind}) für {product}, {period}.",
    mail_withdrawal="Mit dieser Nachricht erhalten Sie den Rückzug {license}. Sobald er in der "
    "Software eingegeben ist, endet die bisherige Lizenz. Ihre Daten bleiben lesbar.",
    attached="Anhänge",
    attached_file="die Lizenzdatei, die Sie in der Software wählen",
    attached_page="eine Seite zum Abtippen, wo keine Datei hineinkommt",
    attached_certificate="das Zertifikat für Ihre Unterlagen, mit QR-Code",
    period_open="gültig ab {start}, unbefristet",
    period="gültig vom {start} bis und mit {end}",
    closing="Freundliche Grüsse",
    digits=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    spelt="{letter} wie {word}",
    emergency="Öffnen Sie in der Software die Lizenzeingabe und tippen Sie diese zwanzig Zeichen "
    "für die Lizenz {license} ein. Heute eingegeben, verlängert dieser Code sie bis und mit {day}. "
    "Er zählt ab dem Tag der Eingabe und gilt nur einmal.",
)
