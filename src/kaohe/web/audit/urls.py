"""The addresses of the audit ledger and of receipts."""

from __future__ import annotations

from django.urls import path

from kaohe.web.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/sign/", views.sign, name="audit-sign"),
    path("audit/key/", views.key, name="audit-key"),
    path("audit/heads/", views.heads, name="audit-heads"),
    path("audit/<int:seq>/", views.event, name="audit-event"),
    path("receipts/", views.receipts, name="receipt-check"),
    path("receipts/<int:seq>/", views.download_receipt, name="receipt"),
]
