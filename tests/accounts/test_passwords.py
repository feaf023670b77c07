"""Which passwords people may choose: long and unusual ones, of any characters."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.test import Client

from admin_ui.accounts.models import User
from tests.conftest import Cast

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
    cast.editor.user.set_password(PASSWORD)
    cast.editor.user.save()
    client, email = Client(), cast.editor.user.email
    client.force_login(cast.editor.user)
    form = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    assert client.post("/accounts/password/change/", form).status_code == 302
    for typed, status in ((chosen.strip(), 200), (chosen.lower(), 200), (chosen, 302)):
        answer = Client().post("/accounts/login/", {"login": email, "password": typed})
        assert answer.status_code == status
