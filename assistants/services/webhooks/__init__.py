"""Webhooks of a workspace: saving them, and sending them what happens."""
