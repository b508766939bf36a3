"""What people do with office workbooks: hand one in, answer what is asked, take its figures in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from django.db import IntegrityError
from django.utils.translation import gettext as _

from kaohe.reading.sheets import Answer
from kaohe.reading.sheets.task_list import read_task_list
from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.audit.recording import Conflict, Entry, recorded
from kaohe.web.config import clock
from kaohe.web.documents.storage import store
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.importing import (
    Coming,
    Opened,
    Preview,
    given_answers,
    memories,
    open_workbook,
    preview,
)
from kaohe.web.ledger.models import ImportedSheet, Observation, SheetMemory, Target


def hand_in_sheet(
    *, permits: Permits, name: str, content: Iterable[bytes], year: int | None
) -> ImportedSheet:
    """Keeps a workbook and notes that it was handed in; nothing is read into the ledger yet."""
    if not any(True for _permit in permits.having(Verb.IMPORT)):
        raise Forbidden
    stored = store(content)
    row = ImportedSheet(
        name=Path(name).name[-200:], sha256=stored.sha256, size=stored.size, year=year,
        by=permits.person, at=clock.now(),
    )  # fmt: skip
    row.kind = _kind(row)
    with recorded("sheet.hand_in", by=permits.person) as entry:
        entry.create(row)
    return row


def answer_sheet(*, permits: Permits, sheet: ImportedSheet, answers: Iterable[Answer]) -> ImportedSheet:
    """Adds answers to the reader's questions; a new answer to the same question replaces the old one."""
    _need_own(permits, sheet)
    kept = {_question(each): each for each in [*given_answers(sheet), *answers]}
    sheet.answers = json.dumps([asdict(each) for each in kept.values()], ensure_ascii=False)
    with recorded("sheet.answer", by=permits.person) as entry:
        entry.update(sheet)
    return sheet


def import_sheet(*, permits: Permits, sheet: ImportedSheet) -> ImportedSheet:
    """Takes a workbook's figures into the ledger as drafts and targets, all of them or none (导入).

    Raises ``Refused`` while a question is open or a figure cannot be taken in, with their number.
    """
    _need_own(permits, sheet)
    # Before the transaction: reading takes seconds, and on SQLite nobody else could write meanwhile.
    opened = open_workbook(sheet)
    try:
        return _import(permits, sheet, opened)
    except (Conflict, IntegrityError) as error:
        raise Refused(_("导入时有人改了其中的数，什么都没有导入；请再看一遍预览")) from error


def _import(permits: Permits, seen_sheet: ImportedSheet, opened: Opened) -> ImportedSheet:
    with recorded("sheet.import", by=permits.person) as entry:
        sheet = ImportedSheet.objects.select_for_update().get(pk=seen_sheet.pk)
        _need_own(permits, sheet)
        seen = preview(permits, sheet, opened)
        if not seen.ready:
            raise Refused(_("还有 %(asked)s 个问题要答，%(refused)s 个数不能导入，什么都没有导入") % {
                "asked": len(seen.questions), "refused": len(seen.refused) + len(seen.faults),
            })  # fmt: skip
        _take_in(entry, permits.person, sheet, seen)
        assert seen.reading is not None
        _remember(entry, memories(seen.reading, given_answers(sheet)))
        sheet.done = True
        sheet.outcome = _("新增 %(new)s 个，改动 %(changes)s 个，相同 %(same)s 个") % {
            "new": seen.new, "changes": seen.changes, "same": seen.same,
        }  # fmt: skip
        entry.update(sheet)
    return sheet


def _kind(sheet: ImportedSheet) -> str:
    """What a workbook is; one that cannot be read says so in its preview."""
    opened = open_workbook(sheet)
    return "figures" if opened.faults or read_task_list(opened.sheets) is None else "tasks"


def _need_own(permits: Permits, sheet: ImportedSheet) -> None:
    if sheet.by_id != permits.person.pk:
        raise Unknown
    if sheet.done:
        raise Refused(_("这个表已经导入过"))


def _question(answer: Answer) -> tuple[str, ...]:
    return answer.sheet, answer.cell, answer.kind, answer.topic, answer.question


def _take_in(entry: Entry, person: Person, sheet: ImportedSheet, seen: Preview) -> None:
    created: list[Observation] = []
    updated: list[Observation] = []
    targets: list[Target] = []
    held = _stored(seen.coming)
    for each in seen.coming:
        if each.fate not in ("new", "changes"):
            continue
        if each.target:
            targets.append(_imported_target(each, sheet))
            continue
        row = held.get((each.unit.pk, each.indicator.pk, each.month))
        (updated if row else created).append(_imported_row(row, each, sheet, person))
    entry.create(*created)
    entry.update(*updated, where=lambda row: {"version": row.version - 1})
    entry.create(*targets)


def _stored(coming: Iterable[Coming]) -> dict[tuple[int, int, str], Observation]:
    wanted = [each for each in coming if not each.target]
    rows = Observation.objects.select_for_update(of=("self",)).filter(
        unit_id__in={each.unit.pk for each in wanted}, month__in={each.month for each in wanted}
    )
    return {(row.unit_id, row.indicator_id, row.month): row for row in rows}


def _imported_row(row: Observation | None, each: Coming, sheet: ImportedSheet, person: Person) -> Observation:
    row = row or Observation(unit=each.unit, indicator=each.indicator, month=each.month, version=0)
    row.value, row.presence = each.value, each.presence
    row.source = f"{sheet.name}#sha256:{sheet.sha256[:16]}#{each.place}"[-300:]
    row.version += 1
    row.entered_by, row.entered_at = person, clock.now()
    return row


def _imported_target(each: Coming, sheet: ImportedSheet) -> Target:
    form = "at_most" if each.indicator.direction == "down" else "absolute"
    return Target(
        code=f"{each.unit.code}_{each.indicator.code}_{each.month}", unit=each.unit, indicator=each.indicator,
        period=each.month, form=form, value=each.value, document=sheet.name,
        note=f"{sheet.name}#sha256:{sheet.sha256[:16]}#{each.place}"[-300:],
    )  # fmt: skip


def _remember(entry: Entry, learned: Iterable[SheetMemory]) -> None:
    held = {(row.kind, row.sheet, row.topic): row for row in SheetMemory.objects.all()}
    for each in learned:
        known = held.get((each.kind, each.sheet, each.topic))
        if known is None:
            entry.create(each)
            held[each.kind, each.sheet, each.topic] = each
        elif known.answer != each.answer:
            known.answer = each.answer
            entry.update(known)
