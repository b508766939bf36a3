"""The audit ledger: what was done, by whom, with the rows before and after, in one chain."""
