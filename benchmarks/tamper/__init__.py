"""Tampering with the audit ledger by SQL and on disk: what the verifier says of each alteration."""
