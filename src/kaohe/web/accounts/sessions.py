"""Sessions in the database, that do not stop somebody from reading while the disk is full."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.sessions.backends import db

from kaohe.web.config.failures import is_full


class SessionStore(db.SessionStore):
    """Django's, but that a session which cannot be prolonged goes on as it was stored."""

    @classmethod
    def get_model_class(cls) -> Any:
        return db.SessionStore.get_model_class()

    def save(self, must_create: bool = False) -> None:
        """Stores the session; a new one must be there, a prolonged one may wait for room."""
        try:
            super().save(must_create)
        except Exception as failure:
            if must_create or not is_full(failure):
                raise
            logging.getLogger("kaohe.request").warning("no room to prolong a session")
