"""A report against a ledger."""

from kaohe.checking.ledger.report import Against, ledger_findings

__all__ = ["Against", "ledger_findings"]
