"""Template tags of the audit ledger."""
