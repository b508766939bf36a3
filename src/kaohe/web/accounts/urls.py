"""Addresses of people and posts, and of the second step of signing in."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaohe.web.accounts import people_views as people
from kaohe.web.accounts import views

urlpatterns: list[URLPattern] = [
    path("login/code/", views.second_step, name="login-code"),
    path("authenticator/", views.authenticator, name="authenticator"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="people-person"),
    path("people/<int:pk>/<str:act>", people.person_act, name="people-act"),
    path("posts/", people.posts, name="people-posts"),
    path("posts/<int:pk>/", people.post, name="people-post"),
    path("posts/<int:pk>/grants", people.post_grant, name="people-grant"),
    path("posts/<int:pk>/holders", people.post_holder, name="people-holder"),
    path("posts/<int:pk>/hand-over/", people.hand_over, name="people-hand-over"),
    path("posts/<int:pk>/hand-over/<str:day>/", people.hand_over_list, name="people-hand-over-list"),
    path("grants/<int:pk>/remove", people.grant_remove, name="people-grant-remove"),
    path("holdings/<int:pk>/end", people.holding_end, name="people-holding-end"),
]
