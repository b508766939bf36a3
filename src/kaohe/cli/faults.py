"""Faults as a clerk sees them: one message a line on stderr, exit code 2, nothing written, no traceback."""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Callable
from typing import ParamSpec

import click

from kaohe.facts.errors import KaoheError
from kaohe.messages import text

P = ParamSpec("P")
BAD_INPUT = 2
_REASONS = {
    errno.EACCES: "reason.permission",
    errno.EPERM: "reason.permission",
    errno.EROFS: "reason.permission",
    errno.ENOENT: "reason.absent",
    errno.EISDIR: "reason.folder",
    errno.ENOSPC: "reason.full",
}


def faults_reported(command: Callable[P, int]) -> Callable[P, None]:
    """The command with its faults written to stderr; what it returns is the exit code."""

    @functools.wraps(command)
    def guarded(*arguments: P.args, **options: P.kwargs) -> None:
        try:
            code = command(*arguments, **options)
        except KaoheError as error:
            for message in error.messages:
                warned(message)
            code = BAD_INPUT
        except BrokenPipeError:
            # The reader (head, less) has seen enough.
            sys.stderr.close()
            code = 0
        except OSError as error:
            warned(text("error.file", path=error.filename or "", reason=reason_of(error)))
            code = BAD_INPUT
        sys.exit(code)

    return guarded


def bad_input(message: str) -> KaoheError:
    """A fault of the command line itself."""
    return KaoheError(message)


def warned(message: str) -> None:
    """One line to stderr."""
    click.echo(message.replace("\n", " "), err=True)


def reason_of(error: OSError) -> str:
    """Why the system refused, as a clerk says it."""
    known = _REASONS.get(error.errno or 0)
    return text(known) if known else str(error.strerror or error)
