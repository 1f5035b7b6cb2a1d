"""Addresses of actions and exception reports, under the partnership's slug."""

from django.urls import URLPattern, path

from partnership.views import action_steps, actions, exceptions

actions_patterns: list[URLPattern] = [
    path("actions/", actions.action_log, name="actions"),
    path("actions.csv", actions.actions_csv, name="actions_csv"),
    path("actions.docx", actions.actions_document_file, {"form": "docx"}, name="actions_docx"),
    path("actions.pdf", actions.actions_document_file, {"form": "pdf"}, name="actions_pdf"),
    path("actions/new/", action_steps.action_new, name="action_new"),
    path("actions/<int:number>/", actions.action_page, name="action"),
    path("actions/<int:number>/cite/", action_steps.action_cite, name="action_cite"),
    path("resolutions/<slug:number>/cite/", action_steps.resolution_cite, name="resolution_cite"),
    path("actions/<int:number>/<slug:step>/", action_steps.action_step, name="action_step"),
    path("actions/<int:number>/evidence/<int:step>/", actions.action_evidence, name="action_evidence"),
    path("exceptions/", exceptions.exception_list, name="exceptions"),
    path("exceptions.csv", exceptions.exceptions_csv, name="exceptions_csv"),
    path("exceptions/new/", exceptions.exception_new, name="exception_new"),
    path("exceptions/ask/", exceptions.exception_ask, name="exception_ask"),
    path("exceptions/decline/", exceptions.exception_decline, name="exception_decline"),
    path("exceptions/rules/", exceptions.escalation_rules, name="escalation_rules"),
    path("exceptions/rules/<slug:scorecard>/", exceptions.escalation_rule, name="escalation_rule"),
    path("exceptions/<int:number>/", exceptions.exception_page, name="exception"),
    path("exceptions/<int:number>/<slug:step>/", exceptions.exception_step, name="exception_step"),
]
