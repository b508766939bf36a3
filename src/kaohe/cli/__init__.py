"""The command line: one command a verb."""

from kaohe.cli.main import main
from kaohe.cli.read import read_command
from kaohe.cli.text import text_command

main.add_command(text_command)
main.add_command(read_command)

__all__ = ["main"]
