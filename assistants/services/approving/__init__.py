"""Which approvals a change needs, whether it has them, and recording how it passed."""
