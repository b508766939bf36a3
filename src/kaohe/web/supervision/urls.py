"""Addresses of tasks and targets."""

from __future__ import annotations

from django.urls import path

from kaohe.web.supervision import target_views, views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new", views.task_new, name="task-new"),
    path("tasks/list.xlsx", views.tasks_workbook, name="tasks-workbook"),
    path("tasks/import/<int:pk>/", views.task_import, name="task-import"),
    path("tasks/import/<int:pk>/take-in", views.task_import_take_in, name="task-import-take-in"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/report", views.task_report, name="task-report"),
    path("tasks/<int:pk>/settle", views.task_settle, name="task-settle"),
    path("tasks/<int:pk>/cancel", views.task_cancel, name="task-cancel"),
    path("tasks/<int:pk>/reopen", views.task_reopen, name="task-reopen"),
    path("targets/", target_views.targets, name="targets"),
    path("targets/new", target_views.target_new, name="target-new"),
    path("targets/breakdown.xlsx", target_views.targets_workbook, name="targets-workbook"),
    path("targets/<int:pk>/", target_views.target, name="target"),
    path("targets/<int:pk>/break-down", target_views.target_break_down, name="target-break-down"),
    path("targets/<int:pk>/adjust", target_views.target_adjust, name="target-adjust"),
    path("adjustments/<int:pk>/answer", target_views.adjustment_answer, name="adjustment-answer"),
]
