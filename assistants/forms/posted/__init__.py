"""Reads what the editor posted: answers against what the form showed, and what they build."""
