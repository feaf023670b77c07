"""The one-time link with which the first owner makes their account."""

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.accounts.services import (
    OwnerExists,
    create_first_owner,
    owner_link,
    save_account,
)

OWNER = {"email": "Olga@Example.com", "name": "Olga", "password": "correct horse battery"}


@pytest.fixture
def link(db: None) -> str:
    found = owner_link()
    assert found
    return found.removeprefix("http://localhost:8000")


def test_the_link_is_the_same_until_used(link: str, settings: Any) -> None:
    assert owner_link() == f"http://localhost:8000{link}"
    assert re.fullmatch(r"/setup/[0-9a-f]{64}/", link)
    settings.SECRET_KEY = "another"
    assert owner_link() != f"http://localhost:8000{link}"


def test_create_the_owner(link: str) -> None:
    client = Client()
    response = client.get(link)
    assert (response.status_code, response["Location"]) == (302, "/setup/"), "no token in addresses"
    assert "Create the owner account" in client.get("/setup/").content.decode()
    response = client.post("/setup/", OWNER)
    assert (response.status_code, response["Location"]) == (303, "/")
    assert client.get("/").status_code == 200, "signed in"
    owner = User.objects.get()
    assert (owner.email, owner.name, owner.is_owner) == ("olga@example.com", "Olga", True)
    assert not owner.emailaddress_set.get().verified, "no mail has proven it"

    assert owner_link() is None
    for path in (link, "/setup/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {**OWNER, "email": "eve@example.com"}).status_code == 404
    assert User.objects.count() == 1
    data = {"login": "olga@example.com", "password": OWNER["password"]}
    assert Client().post("/accounts/login/", data).status_code == 302


def test_the_form_can_be_sent_to_the_link_itself(link: str) -> None:
    assert Client().post(link, OWNER).status_code == 303


@pytest.mark.parametrize("path", ["/setup/", "/setup/0123/", "/setup/%F0%9F%99%82/"])
def test_without_the_link_there_is_nothing(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert "This link does not work" in response.content.decode()
    assert Client().post(path, OWNER).status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "no address"}, "valid email"),
        ({"name": " "}, "required"),
        ({"password": "short"}, "too short"),
        ({"password": "olga@example.com"}, "too similar"),
        ({"password": "1234567890"}, "too common"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(
    link: str, change: dict[str, str], sentence: str
) -> None:
    client = Client()
    client.get(link)
    response = client.post("/setup/", {**OWNER, **change})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert OWNER["password"] not in page
    if "email" not in change:
        assert OWNER["email"] in page
    assert not User.objects.exists()


def test_the_address_of_an_account_is_not_taken_over(link: str) -> None:
    save_account(email="olga@example.com", password="her own passphrase")
    client = Client()
    client.get(link)
    response = client.post("/setup/", OWNER)
    assert response.status_code == 422
    assert "already has an account" in response.content.decode()
    assert not User.objects.get().is_owner


@pytest.mark.django_db(transaction=True)
def test_of_two_submits_at_once_one_makes_an_owner() -> None:
    ready = threading.Barrier(2)
    refused: list[int] = []

    def submit(number: int) -> None:
        try:
            ready.wait()
            create_first_owner(email=f"owner{number}@example.com", name="Olga", password="x")
        except OwnerExists:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_owner=True).count() == 1
    assert len(refused) == 1
