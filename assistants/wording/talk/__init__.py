"""Discussions of change requests, as pages show them."""
