"""Which addresses a webhook may have, and how much of one people see."""

import pytest

from assistants.gateway.webhooks.targets import host_of, shown_end, target_problem

NAMED = ["hooks.internal", "10.0.0.5:8443"]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://hooks.example.com/a", ""),
        ("https://prod.logic.azure.com:443/workflows/1?api-version=1&sig=x", ""),
        ("http://hooks.internal/a", ""),
        ("https://10.0.0.5:8443/a", ""),
        ("", "required"),
        ("https://hooks.example.com/" + "a" * 2_000, "too_long"),
        ("http://hooks.example.com/a", "unencrypted"),
        ("https://10.0.0.5/a", "private_host"),
        ("https://169.254.169.254/latest", "private_host"),
        ("http://127.0.0.1:8000/", "private_host"),
        ("http://localhost/", "private_host"),
        ("https://[::1]/", "private_host"),
        ("https://[::ffff:10.0.0.1]/", "private_host"),
        ("https://gateway/", "private_host"),
        ("https://db.internal/", "private_host"),
        ("https://user:pass@hooks.example.com/", "invalid_url"),
        ("https://hooks.example.com/#a", "invalid_url"),
        ("https://hooks.example.com/a b", "invalid_url"),
        ("https://hooks.example.com\\@evil.example.com/", "invalid_url"),
        ("https://hooks.example.com:port/", "invalid_url"),
        ("https://hööks.example.com/", "invalid_url"),
        ("https://hooks.example.com/\n", "invalid_url"),
        (f"https://{'a' * 261}/", "invalid_url"),
        ("ftp://hooks.example.com/", "invalid_url"),
        ("https:///a", "invalid_url"),
        ("hooks.example.com", "invalid_url"),
    ],
)
def test_addresses_obey_the_rules_of_connections(address: str, problem: str) -> None:
    assert target_problem(address, private_hosts=NAMED) == problem


def test_an_address_shows_its_host_and_end_only() -> None:
    slack = "https://Hooks.Slack.com/services/T0/B0/topsecret9xYz"
    assert (host_of(slack), shown_end(slack)) == ("hooks.slack.com", "9xYz")
    assert shown_end("https://hooks.example.com/short") == ""
