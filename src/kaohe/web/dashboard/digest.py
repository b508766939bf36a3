"""What waits for each post today, as a file a post: for a messenger, a mail program, or a printer.

A file says what is to be done and until when; no figure stands in it, no message, and nobody's name.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from kaohe.web.accounts.models import Holding, Post
from kaohe.web.accounts.permissions import permits_of_post
from kaohe.web.config.clock import today
from kaohe.web.dashboard.queries import Desk, desk
from kaohe.web.dashboard.reminders import ToDo, days_text
from kaohe.web.ui.period import last_month
from kaohe.web.ui.templatetags.kaohe import month_text


def write_digests(folder: Path) -> list[Path]:
    """Writes a file for each post that somebody holds and that has something to do; returns them.

    A post that is vacant or has nothing to do has no file; one of the day before is taken away.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for holding in _held_today():
        found = desk(permits_of_post(holding.post, holding.person), last_month())
        if found.number:
            file = _file(folder, holding.post.code)
            _write(file, digest_text(holding.post, found))
            written.append(file)
    for code in Post.objects.values_list("code", flat=True):
        if (file := _file(folder, code)) not in written:
            file.unlink(missing_ok=True)
    return written


def _file(folder: Path, code: str) -> Path:
    return folder / f"{code}.txt"


def digest_text(post: Post, found: Desk) -> str:
    """The digest of one post."""
    return "".join(f"{line}\n" for line in _lines(post, found))


def _lines(post: Post, found: Desk) -> Iterator[str]:
    day, site = today(), settings.SITE
    told = {"day": f"{day:%Y-%m-%d}", "unit": post.unit.name, "post": post.title, "number": found.number}
    yield _("%(unit)s %(post)s %(day)s 待办 %(number)s 件") % told
    if site.demonstration:
        yield _("演示数据")
    if found.due is not None:
        month = month_text(last_month())
        yield _("%(month)s的数 %(when)s") % {"month": month, "when": days_text(found.due, found.days)}
    for heading, items in ((_("今天"), found.now), (_("到期以前"), found.later)):
        if items:
            yield ""
            yield heading
            yield from _numbered(items)


def _numbered(items: Iterable[ToDo]) -> Iterator[str]:
    for number, each in enumerate(items, start=1):
        yield f"{number}. [{each.mark}] {each.plain or each.title}"


def _held_today() -> Iterable[Holding]:
    """Each post once, with who holds it: the newest of several."""
    day = today()
    still = Q(until__isnull=True) | Q(until__gte=day)
    rows = Holding.objects.filter(still, since__lte=day, person__is_active=True)
    newest = rows.select_related("post__unit", "person").order_by("post__order", "-since")
    found: dict[int, Holding] = {}
    for row in newest:
        found.setdefault(row.post_id, row)
    return found.values()


def _write(file: Path, text: str) -> None:
    """Whole or not at all: whoever sends the files may be looking."""
    handle, name = tempfile.mkstemp(prefix=".digest-", dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(name, file)
