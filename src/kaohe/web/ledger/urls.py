"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaohe.web.ledger import collection_views as collecting
from kaohe.web.ledger import import_views, views
from kaohe.web.ledger import structure_views as structure

_CELL = "cells/<str:unit>/<str:indicator>/<str:month>/"

urlpatterns: list[URLPattern] = [
    path("entry/", views.entry, name="entry"),
    path("entry/<str:unit>/", views.entry, name="entry"),
    path("entry/<str:unit>/<str:month>/check", views.entry_check, name="entry-check"),
    path("entry/<str:unit>/<str:month>/save", views.entry_save, name="entry-save"),
    path("entry/<str:unit>/<str:month>/submit", views.entry_submit, name="entry-submit"),
    path("review/", views.review_queue, name="review"),
    path("review/mark", views.review, name="review-mark"),
    path("verify/", views.verify_queue, name="verify"),
    path("verify/mark", views.verify, name="verify-mark"),
    path(_CELL, views.cell, name="cell"),
    path(f"{_CELL}return", views.cell_return, name="cell-return"),
    path(f"{_CELL}withdraw", views.cell_withdraw, name="cell-withdraw"),
    path(f"{_CELL}verified-value", views.cell_verified_value, name="cell-verified-value"),
    path(f"{_CELL}object", views.cell_object, name="cell-object"),
    path(f"{_CELL}answer", views.cell_answer, name="cell-answer"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<int:pk>/", import_views.import_preview, name="import"),
    path("imports/<int:pk>/answer", import_views.import_answer, name="import-answer"),
    path("imports/<int:pk>/take-in", import_views.import_take_in, name="import-take-in"),
    path("collections/", collecting.collections, name="collections"),
    path("collections/open", collecting.collection_open, name="collection-open"),
    path("collections/<int:pk>/", collecting.collection, name="collection"),
    path("collections/<int:pk>/close", collecting.collection_close, name="collection-close"),
    path("units-admin/", structure.units, name="units-admin"),
    path("units-admin/lines/", structure.lines, name="units-admin-lines"),
    path("units-admin/holidays/", structure.holidays, name="units-admin-holidays"),
    path("units-admin/holidays/<int:pk>/remove", structure.holiday_remove, name="units-admin-holiday"),
    path("units-admin/deadlines/", structure.deadlines, name="units-admin-deadlines"),
    path("units-admin/deadlines/<int:pk>/remove", structure.deadline_remove, name="units-admin-deadline"),
    path("units-admin/unit/<str:code>/", structure.unit, name="units-admin-unit"),
    path("units-admin/unit/<str:code>/close", structure.unit_close, name="units-admin-close"),
]
