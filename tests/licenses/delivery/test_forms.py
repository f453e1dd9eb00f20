"""Each form as the bytes of a file, with its name."""

import pytest

from licenses import armour
from licenses.delivery.certificate import certificate
from licenses.delivery.content import Support, support_of
from licenses.delivery.forms import Form, file_name, rendered
from licenses.delivery.typed_page import typed_page
from licenses.document import untrue_headers
from opskit.core.config import Settings
from tests.licenses.delivery.documents import ALL, OPEN, ORDINARY


@pytest.mark.parametrize("case", ALL)
def test_the_file_says_what_was_signed(case: str) -> None:
    content = ALL[case]
    signed, claimed = armour.unwrap(rendered(content, Form.FILE, "de"))
    codes = " ".join(each.code for each in content.known_modules)
    assert signed == content.signed
    assert claimed["Client"] == content.client
    assert list(untrue_headers(claimed, content.payload, codes)) == []


def test_the_other_forms_speak_the_language() -> None:
    assert rendered(ORDINARY, Form.TYPED, "it") == typed_page(ORDINARY, "it").encode()
    assert rendered(ORDINARY, Form.PDF, "it") == certificate(ORDINARY, "it")


def test_each_form_has_its_file_name() -> None:
    assert [file_name(OPEN, form) for form in Form] == ["L1042.lic", "L1042.txt", "L1042.pdf"]


def test_whom_to_call_comes_from_the_settings() -> None:
    settings = Settings(support_phone="+41 32 000 00 00", mail_from="licences@vendor.example")
    assert support_of(settings) == Support("", "+41 32 000 00 00", "licences@vendor.example")
    assert support_of(Settings(support_email="a@b.ch", mail_from="c@d.ch")).email == "a@b.ch"
    assert support_of(Settings()) == Support()
