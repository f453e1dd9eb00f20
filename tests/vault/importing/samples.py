"""The credentials that every form of file holds in these tests."""

from collections.abc import Mapping

from tests.support.keepass_files import Sample

PASSWORD = "correct horse battery staple"
NASTY = 'été "quoted" {braces}; <tag> & 日本'
SEED = "JBSWY3DPEHPK3PXP"
NAMES = {"DELEZE": "Délèze Outillage SA", "PERRET": "Perret & Fils", "MOSER": "Moser AG"}
OVPN = b"client\nremote vpn.deleze.example\x00\xff"

GROUPS: Mapping[str, list[Sample]] = {
    "DELEZE - Délèze Outillage SA/PROD": [
        Sample(
            title="VPN PROD",
            username="pcadmin",
            password=NASTY,
            url="https://vpn.deleze.example",
            notes='Compte "admin",\nne pas supprimer',
            hidden={"PIN": "5231", "otp": f"otpauth://totp/x?secret={SEED}&digits=8"},
            raw={"Jump host": "jump.deleze.example"},
            files={"client.ovpn": OVPN},
            tags="vpn;Service clients",
        ),
        Sample(
            title="DB", username="SYSTEM", password="p", url="oracle://db.deleze.example:1521/P"
        ),
    ],
    "DELEZE - Délèze Outillage SA/TEST": [
        Sample(
            title="RDP",
            username="DOM\\admin",
            password="p",
            url="rdp://srv:3389",
            hidden={"TimeOtp-Secret-Base32": SEED},
        ),
    ],
    "Corbeille": [Sample(title="old", password="old")],
}
