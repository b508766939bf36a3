"""The command line: one command a verb."""

from kaohe.cli.main import main

__all__ = ["main"]
