"""Who has to approve what, and what may happen to a change request: rules without a database."""
