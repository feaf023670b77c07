"""Change requests: submitting a draft for review, deciding about it, publishing it."""
