"""`manage.py create_api_key`: prints the key and nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.models import ApiKey
from tests.factories import make_workspace

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out, err = StringIO(), StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_prints_the_key_only() -> None:
    workspace = make_workspace("support")
    printed = run("support", "--name", "Website")
    key = find_api_key(printed.removesuffix("\n"))
    assert key is not None
    assert (key.workspace, key.name, key.can_write) == (workspace, "Website", False)


def test_write_and_again() -> None:
    make_workspace("support")
    first, second = (run("support", "--name", "Website", "--write").strip() for _ in range(2))
    for secret in (first, second):
        key = find_api_key(secret)
        assert key is not None
        assert key.can_write


def test_networks() -> None:
    make_workspace("support")
    key = find_api_key(run("support", "--name", "Website", "--networks", "192.0.2.7,::1").strip())
    assert key is not None
    assert key.networks == "192.0.2.7/32 ::1/128"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--name", "Website"], "There is no workspace 'nowhere'."),
        (["support", "--name", " "], "This field cannot be blank."),
        (["support", "--name", "x" * 101], "at most 100 characters"),
        (["support", "--name", "A", "--networks", "office"], "--networks: “office” is no network"),
    ],
)
def test_refusals(arguments: list[str], message: str) -> None:
    make_workspace("support")
    with pytest.raises(CommandError, match=message) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    assert not ApiKey.objects.exists()


def test_usage_error() -> None:
    with pytest.raises(CommandError, match="--name"):
        run("support")
