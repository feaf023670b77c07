"""Checks a definition against the limits, in the codes and words of the real API."""
