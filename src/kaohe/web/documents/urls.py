"""Addresses of papers and evidence."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaohe.web.documents import evidence_views, views

urlpatterns: list[URLPattern] = [
    path("papers/", views.papers, name="papers"),
    path("papers/make", views.make, name="papers-make"),
    path("papers/fields/", views.fields, name="papers-fields"),
    path("papers/<int:pk>/file", views.paper_file, name="papers-file"),
    path("papers/template/add", views.template_add, name="papers-template-add"),
    path("papers/template/file", views.template_file, name="papers-template-file"),
    path("papers/template/<int:pk>/retire", views.template_retire, name="papers-template-retire"),
    path("evidence/", evidence_views.register, name="evidence"),
    path("evidence/add/", evidence_views.add, name="evidence-add"),
    path("evidence/need/", evidence_views.need, name="evidence-need"),
    path("evidence/need/<int:pk>/remove", evidence_views.need_remove, name="evidence-need-remove"),
    path("evidence/binder/", evidence_views.binder, name="evidence-binder"),
    path("evidence/file/<int:pk>", evidence_views.file, name="evidence-file"),
    path("evidence/link/<int:pk>/remove", evidence_views.unlink, name="evidence-unlink"),
]
