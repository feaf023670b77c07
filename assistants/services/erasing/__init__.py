"""Removing what must not be kept from a history that is only added to otherwise."""
