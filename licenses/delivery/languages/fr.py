"""French."""

from licenses.delivery.wording import Wording
from licenses.payload import LicenseKind

WORDING = Wording(
    code="fr",
    colon="\u00a0:",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    day="{day} {month} {year}",
    first_day="{day}er {month} {year}",
    certificate="Certificat de licence",
    withdrawal="Retrait de licence",
    kinds={
        LicenseKind.PRODUCTION: "production",
        LicenseKind.TEST: "test",
        LicenseKind.DEMO: "démonstration",
        LicenseKind.TEMPORARY: "provisoire",
    },
    client="Client",
    client_number="Numéro de client",
    license="Licence",
    reference="Référence",
    kind="Type",
    product="Produit",
    modules="Modules",
    no_modules="aucun",
    named_users="Utilisateurs nommés",
    concurrent_users="Utilisateurs simultanés",
    unlimited="illimité",
    none="aucun",
    issued_on="Émise le",
    valid_from="Valable dès le",
    last_day="Dernier jour",
    without_end="sans échéance",
    not_before="Ne la saisissez pas avant le {day}\u00a0: saisie plus tôt, "
    "elle arrêterait le logiciel.",
    last_day_note="Le dernier jour est compris\u00a0: la licence reste valable jusqu’à minuit, "
    "partout dans le monde.",
    grace="Jours de grâce",
    grace_note="après le dernier jour, avec un avertissement",
    maintenance="Maintenance jusqu’au",
    maintenance_note="versions publiées jusqu’à ce jour compris",
    ceiling="Version maximale",
    any_version="toutes les versions",
    ceiling_note="et ses correctifs",
    site="Installation",
    any_site="toutes les installations du client",
    entering="Saisie de la clé",
    typing_step="Dans le logiciel, ouvrez la saisie de la licence et tapez les lignes entre les "
    "deux repères, dans l’ordre.",
    entering_steps=(
        (
            "Dans le logiciel, ouvrez la saisie de la licence, puis lisez le code QR, "
            "choisissez le fichier reçu, ou tapez les lignes dans l’ordre."
        ),
        (
            "Majuscules ou minuscules, tirets et espaces ne comptent pas\u00a0; O vaut 0, I et L "
            "valent 1."
        ),
        "En cas d’erreur de frappe, le logiciel indique le numéro de la ligne à revoir.",
    ),
    code_caption="La même clé, en code QR",
    whom_to_call="Une question\u00a0?",
    call_note="Indiquez la référence {reference} au téléphone. Elle ne remplace pas la clé.",
    usual_contact="Votre interlocuteur habituel",
    phone="Téléphone",
    email="Courriel",
    mail_subject="Votre licence {license} ({kind}), {client}",
    greeting="Madame, Monsieur,",
    mail_body="Veuillez trouver ci-joint votre licence {license} ({kind}) pour {product}, "
    "{period}.",
    mail_withdrawal="Ce message vous remet le retrait {license}. Une fois saisi dans le logiciel, "
    "il met fin à la licence précédente. Vos données restent lisibles.",
    attached="Pièces jointes",
    attached_file="le fichier de licence, à choisir dans le logiciel",
    attached_page="une page à recopier, là où aucun fichier ne peut entrer",
    attached_certificate="le certificat à conserver, avec le code QR",
    period_open="valable dès le {start}, sans échéance",
    period="valable du {start} au {end} compris",
    closing="Avec nos meilleures salutations",
    digits=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    spelt="{letter} comme {word}",
    emergency="Dans le logiciel, ouvrez la saisie de la licence et tapez ces vingt signes pour la "
    "licence {license}. Saisi aujourd’hui, ce code la prolonge jusqu’au {day} compris. Il compte "
    "dès le jour de la saisie et ne sert qu’une fois.",
)
