"""Sending messages to the webhooks of a workspace."""
