"""Addresses of packs, their documents and committee papers, under the partnership's slug."""

from django.urls import path

from partnership.views import committee_papers, pack_documents, packs, protection

_PACK = "packs/<slug:code>/"
_PAPER = f"{_PACK}papers/<int:number>/"
_ISSUE = f"{_PAPER}issues/<int:issue>"

packs_patterns = [
    path("restated/", packs.restated, name="restated"),
    path("restated.csv", packs.restated_csv, name="restated_csv"),
    path("packs/", packs.pack_list, name="packs"),
    path("packs/new/", packs.pack_new, name="pack_new"),
    path(_PACK, packs.pack_page, name="pack"),
    path(f"{_PACK}change/", packs.pack_change, name="pack_change"),
    path(f"{_PACK}act/", packs.pack_act, name="pack_act"),
    path(f"{_PACK}withdraw/", packs.pack_withdraw, name="pack_withdraw"),
    path(f"{_PACK}small-numbers/", protection.protection, name="pack_protection"),
    path(f"{_PACK}small-numbers/act/", protection.protection_act, name="pack_protection_act"),
    path(f"{_PACK}small-numbers/rows/", protection.left_out, name="pack_left_out"),
    path("small-numbers/", protection.policy, name="small_numbers"),
    path(f"{_PACK}manifest.json", packs.pack_manifest, name="pack_manifest"),
    path(f"{_PACK}tables/<slug:table>/", packs.pack_table, name="pack_table"),
    path(f"{_PACK}tables/<slug:table>.csv", packs.pack_table_csv, name="pack_table_csv"),
    path(f"{_PACK}documents/make/", pack_documents.pack_documents_make, name="pack_documents_make"),
    path(f"{_PACK}document.docx", pack_documents.pack_document_file, {"form": "docx"}, name="pack_docx"),
    path(f"{_PACK}document.pdf", pack_documents.pack_document_file, {"form": "pdf"}, name="pack_pdf"),
    path(f"{_PACK}papers/new/", committee_papers.committee_paper_new, name="committee_paper_new"),
    path(_PAPER, committee_papers.committee_paper, name="committee_paper"),
    path(f"{_PAPER}sections/<slug:section>/", committee_papers.committee_paper_section, name="committee_paper_section"),
    path(f"{_PAPER}sections/<slug:section>/sign/", committee_papers.committee_paper_sign, name="committee_paper_sign"),
    path(f"{_PAPER}passages/", committee_papers.committee_paper_passages, name="committee_paper_passages"),
    path(f"{_PAPER}issue/", committee_papers.committee_paper_issue, name="committee_paper_issue"),
    path(f"{_ISSUE}.docx", committee_papers.committee_paper_file, {"form": "docx"}, name="committee_paper_docx"),
    path(f"{_ISSUE}.pdf", committee_papers.committee_paper_file, {"form": "pdf"}, name="committee_paper_pdf"),
    path("paper-form/", committee_papers.paper_form, name="paper_form"),
]
