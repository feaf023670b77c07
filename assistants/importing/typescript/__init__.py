"""Reads declarations of TypeScript with a small reader of its own. Nothing is run."""
