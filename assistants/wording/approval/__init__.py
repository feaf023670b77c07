"""Change requests and approval rules as sentences."""
