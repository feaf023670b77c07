"""What an operator watches: numbers for Prometheus, errors for Sentry, traces for OpenTelemetry.

All three are off unless a setting turns them on. None of them gets a name, an address of a person,
a text of an assistant or a secret.
"""
