"""The salts of personal fields: one a row, destroyed when the person is erased."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from kaohe.web.audit.models import Recorded, Salt

_CHUNK = 400


def new_salts(rows: Sequence[Recorded]) -> dict[Any, str]:
    """Salts for new rows, by their keys; none where nothing is personal."""
    if not type(rows[0]).personal:
        return {}
    salts = {row.pk: secrets.token_hex(32) for row in rows}
    table = rows[0]._meta.db_table
    Salt.objects.bulk_create(Salt(table=table, key=str(key), salt=salt) for key, salt in salts.items())
    return salts


def salts_of(rows: Sequence[Recorded]) -> dict[Any, str]:
    """The salts of stored rows, by their keys."""
    if not type(rows[0]).personal:
        return {}
    table = rows[0]._meta.db_table
    found = dict(
        pair
        for keys in _chunks([str(row.pk) for row in rows])
        for pair in Salt.objects.filter(table=table, key__in=keys).values_list("key", "salt")
    )
    return {row.pk: found[str(row.pk)] for row in rows if str(row.pk) in found}


def blank_salt(row: Recorded) -> None:
    """Destroys the salt of a row; that there was one stays known."""
    Salt.objects.filter(table=row._meta.db_table, key=str(row.pk)).update(salt="")


def drop_salts(rows: Sequence[Recorded]) -> None:
    """Removes the salts of rows that are removed."""
    if type(rows[0]).personal:
        for keys in _chunks([str(row.pk) for row in rows]):
            Salt.objects.filter(table=rows[0]._meta.db_table, key__in=keys).delete()


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[i : i + _CHUNK] for i in range(0, len(keys), _CHUNK))
