"""The command ``kaohe``; each verb is a module whose command is added here."""

from __future__ import annotations

import click

from kaohe import __version__
from kaohe.cli.accept import accept_command
from kaohe.cli.backup import backup_command
from kaohe.cli.board import board_command
from kaohe.cli.check import check_command
from kaohe.cli.demo import demo_command
from kaohe.cli.digest import digest_command
from kaohe.cli.explain import explain_command
from kaohe.cli.import_ import import_command
from kaohe.cli.init import init_command, upgrade_command
from kaohe.cli.lint import lint_command
from kaohe.cli.read import read_command
from kaohe.cli.restore import restore_command
from kaohe.cli.routes import routes_command
from kaohe.cli.score import score_command
from kaohe.cli.serve import serve_command
from kaohe.cli.text import text_command
from kaohe.cli.verify import verify_command
from kaohe.messages import text


@click.group(help=text("cli.main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kaohe")
def main() -> None:
    pass


main.add_command(demo_command)
main.add_command(board_command)
main.add_command(score_command)
main.add_command(explain_command)
main.add_command(lint_command)
main.add_command(text_command)
main.add_command(read_command)
main.add_command(accept_command)
main.add_command(check_command)
main.add_command(verify_command)
main.add_command(import_command)
main.add_command(init_command)
main.add_command(serve_command)
main.add_command(upgrade_command)
main.add_command(routes_command)
main.add_command(digest_command)
main.add_command(backup_command)
main.add_command(restore_command)
