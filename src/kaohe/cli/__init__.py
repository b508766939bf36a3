"""The command line: one command a verb."""

from kaohe.cli import board, demo
from kaohe.cli.main import main

__all__ = ["board", "demo", "main"]
