"""Which passwords people may choose: long and unusual ones, of any characters."""

import hashlib
import re
from typing import Any

import pytest
from django.conf.global_settings import PASSWORD_HASHERS
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.test import Client

from admin_ui import settings as product_settings
from admin_ui.accounts.models import User
from admin_ui.accounts.services import save_account
from tests.conftest import Cast

NEW = "new-password"
PASSWORD = "seven green bottles"
OLGA = User(email="olga.petersen@example.com", name="Olga Petersen-Lindqvist")


@pytest.mark.parametrize(
    "password",
    [
        "849301726455",
        "only lower case",
        "ALLCAPITALLETTERS",
        "æøå üöß 日本語 пароль",
        " begins and ends with blanks ",
        "x y" * 100,
        "assistants of the moon are late",
    ],
)
def test_any_characters_and_any_length_will_do(password: str) -> None:
    validate_password(password, OLGA)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("24121985", "too short"),
        ("1234567890", "too common"),
        ("Sunshine1", "too common"),
        ("olga.petersen1", "too similar to the email"),
        ("petersen-lindqvist", "too similar to the name"),
        ("assistants-admin-1", "mostly made of"),
        ("Assistant!Publisher", "mostly made of"),
        ("gateway.example.7", "mostly made of"),
    ],
)
def test_what_others_guess_first_is_refused(settings: Any, password: str, sentence: str) -> None:
    settings.SITE_URL = "https://dash.example.org"
    with pytest.raises(ValidationError) as refused:
        validate_password(password, OLGA)
    assert sentence in " ".join(refused.value.messages)


def test_the_list_has_enough_passwords_that_are_long_enough() -> None:
    """3,000 are what ASVS asks for; a higher `min_length` needs a longer list."""
    (shortest,) = [one for one in get_default_password_validators() if hasattr(one, "min_length")]
    common = CommonPasswordValidator().passwords
    assert sum(len(password) >= shortest.min_length for password in common) > 3000


def test_a_password_is_taken_as_it_was_typed(cast: Cast) -> None:
    chosen = "  Blanks at both ends, 日本  "
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client, email = Client(), cast.editor.user.email
    client.force_login(User.objects.get(email=email))
    form = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    assert client.post("/accounts/password/change/", form).status_code == 302
    for typed, status in ((chosen.strip(), 200), (chosen.lower(), 200), (chosen, 302)):
        answer = Client().post("/accounts/login/", {"login": email, "password": typed})
        assert answer.status_code == status


def test_fields_hide_what_is_typed_and_name_their_purpose(cast: Cast) -> None:
    """So a password manager fills them in."""
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client()
    client.force_login(User.objects.get(pk=cast.editor.user.pk))
    pages = {
        "/accounts/login/": (Client(), ["current-password"]),
        "/accounts/password/change/": (client, ["current-password"] + 2 * [NEW]),
    }
    for address, (browser, purposes) in pages.items():
        page = browser.get(address).content.decode()
        inputs = [tag for tag in re.findall(r"<input[^>]*>", page) if "password" in tag]
        assert [re.findall(r'autocomplete="([^"]*)"', tag)[0] for tag in inputs] == purposes
        assert all('type="password"' in tag for tag in inputs)


def test_the_hash_is_slow() -> None:
    """Tests have a quick one; the product has the first of Django's."""
    assert not hasattr(product_settings, "PASSWORD_HASHERS")
    assert PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert PBKDF2PasswordHasher.digest is hashlib.sha256
