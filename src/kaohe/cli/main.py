"""The command ``kaohe``; each verb is a module that registers its command here."""

from __future__ import annotations

import click

from kaohe import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kaohe")
def main() -> None:
    """考核:目标管理、督查、考核。"""
