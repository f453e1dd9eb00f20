"""The setting asks for a second person; whether the server can, and what is said if not."""

from tests.support.home import House
from tests.support.lesser_server import lesser_server, point_at, without_control_groups
from vault.ports import Login

UNENFORCED = "license_second_signer is set, and this safe cannot ask a second person"


def test_a_server_that_cannot_is_not_switched(own_house: House) -> None:
    settings = own_house.home.settings_file
    plain = settings.read_text()
    address = own_house.context().plug(Login).connection.address
    with lesser_server(address, without_control_groups) as lesser:
        point_at(own_house, lesser)
        own_house.done("vault", "provision")
        settings.write_text(plain + "license_second_signer = true\n")
        checked = own_house.opskit("vault", "provision", "--check")
        assert checked.code == 8
        assert checked.out == (
            "setting license_second_signer\tnot enforced: this server cannot ask a second person\n"
        )
        refused = own_house.opskit("vault", "provision")
        assert (refused.code, refused.err.split(":")[0]) == (6, "error[no-second-person]")
        assert UNENFORCED in refused.err
        examined = own_house.opskit("doctor")
        assert examined.code == 8
        assert f"vault: {UNENFORCED}" in examined.out
        settings.write_text(plain)
        own_house.done("vault", "provision", "--check")
    point_at(own_house, address)


def test_taking_the_setting_out_is_drift(own_house: House) -> None:
    settings = own_house.home.settings_file
    plain = settings.read_text()
    settings.write_text(plain + "license_second_signer = true\n")
    own_house.done("vault", "provision")
    own_house.done("vault", "provision", "--check")
    settings.write_text(plain)
    checked = own_house.opskit("vault", "provision", "--check")
    assert (checked.code, checked.out) == (
        8,
        "policy license-issuer\twas changed\npolicy admin\twas changed\n",
    )
