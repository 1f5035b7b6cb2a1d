"""Addresses of meetings, under the partnership's slug."""

from django.urls import URLPattern, path

from partnership.views import meeting_steps, meetings, papers, resolutions

_ITEM = "meetings/<slug:code>/items/<int:order>/"

meetings_patterns: list[URLPattern] = [
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings.csv", meetings.meetings_csv, name="meetings_csv"),
    path("meetings/new/", meeting_steps.meeting_new, name="meeting_new"),
    path("meetings/<slug:code>/", meetings.meeting_page, name="meeting"),
    path("meetings/<slug:code>/agenda/", meeting_steps.agenda_act, name="agenda_act"),
    path("meetings/<slug:code>/<slug:table>.csv", meetings.meeting_csv, name="meeting_csv"),
    path("meetings/<slug:code>/<slug:what>.<slug:form>", meetings.meeting_document, name="meeting_document"),
    path("meetings/<slug:code>/steps/<slug:step>/", meeting_steps.meeting_step, name="meeting_step"),
    path("meetings/<slug:code>/statements/<int:number>/", meeting_steps.statement_answer, name="statement_answer"),
    path(f"{_ITEM}steps/<slug:step>/", meeting_steps.item_step, name="item_step"),
    path(f"{_ITEM}questions/<int:number>/", meeting_steps.question_answer, name="question_answer"),
    path(f"{_ITEM}papers/new/", papers.paper_new, name="paper_new"),
    path(f"{_ITEM}papers/<int:number>/", papers.paper, name="paper"),
    path(f"{_ITEM}papers/<int:number>/withdraw/", papers.paper_withdraw, name="paper_withdraw"),
    path("answers-owed/", resolutions.answers_list, name="answers_owed"),
    path("answers-owed.csv", resolutions.answers_csv, name="answers_owed_csv"),
    path("resolutions/", resolutions.resolution_list, name="resolutions"),
    path("resolutions.csv", resolutions.resolutions_csv, name="resolutions_csv"),
    path("resolutions/<slug:number>/response/", resolutions.resolution_response, name="resolution_response"),
    path("work-programme/", resolutions.work_programme, name="work_programme"),
    path("work-programme.csv", resolutions.work_programme_csv, name="work_programme_csv"),
    path("work-programme/new/", resolutions.work_item_new, name="work_item_new"),
    path("work-programme/<slug:code>/<slug:step>/", resolutions.work_item_step, name="work_item_step"),
]
