"""Addresses of papers and evidence."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaohe.web.documents import views

urlpatterns: list[URLPattern] = [
    path("papers/", views.papers, name="papers"),
    path("papers/make", views.make, name="papers-make"),
    path("papers/fields/", views.fields, name="papers-fields"),
    path("papers/<int:pk>/file", views.paper_file, name="papers-file"),
    path("papers/template/add", views.template_add, name="papers-template-add"),
    path("papers/template/file", views.template_file, name="papers-template-file"),
    path("papers/template/<int:pk>/retire", views.template_retire, name="papers-template-retire"),
]
