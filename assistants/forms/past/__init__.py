"""Choosing a moment of the past."""
