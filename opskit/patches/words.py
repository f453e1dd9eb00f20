"""What a client's paper calls the facts of a patch, in the languages of the clients."""

from collections.abc import Mapping

FROM_VERSION: Mapping[str, str] = {
    "fr": "Version actuelle",
    "de": "Jetzige Version",
    "it": "Versione attuale",
    "en": "Current version",
}
TO_VERSION: Mapping[str, str] = {
    "fr": "Nouvelle version",
    "de": "Neue Version",
    "it": "Nuova versione",
    "en": "New version",
}
PATCH_DAY: Mapping[str, str] = {
    "fr": "Jour du patch",
    "de": "Tag des Patches",
    "it": "Giorno della patch",
    "en": "Day of the patch",
}
