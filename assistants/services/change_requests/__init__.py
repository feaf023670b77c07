"""Change requests: submitting drafts, discussing and deciding about them, publishing them."""
