"""Reads Python signatures and classes. The text is parsed, never run."""
