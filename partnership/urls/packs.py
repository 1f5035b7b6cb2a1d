"""Addresses of packs, their documents and committee papers, under the partnership's slug."""

from django.urls import path

from partnership.views import pack_documents, packs

_PACK = "packs/<slug:code>/"

packs_patterns = [
    path("restated/", packs.restated, name="restated"),
    path("restated.csv", packs.restated_csv, name="restated_csv"),
    path("packs/", packs.pack_list, name="packs"),
    path("packs/new/", packs.pack_new, name="pack_new"),
    path(_PACK, packs.pack_page, name="pack"),
    path(f"{_PACK}change/", packs.pack_change, name="pack_change"),
    path(f"{_PACK}act/", packs.pack_act, name="pack_act"),
    path(f"{_PACK}withdraw/", packs.pack_withdraw, name="pack_withdraw"),
    path(f"{_PACK}manifest.json", packs.pack_manifest, name="pack_manifest"),
    path(f"{_PACK}tables/<slug:table>/", packs.pack_table, name="pack_table"),
    path(f"{_PACK}tables/<slug:table>.csv", packs.pack_table_csv, name="pack_table_csv"),
    path(f"{_PACK}documents/make/", pack_documents.pack_documents_make, name="pack_documents_make"),
    path(f"{_PACK}document.docx", pack_documents.pack_document_file, {"form": "docx"}, name="pack_docx"),
    path(f"{_PACK}document.pdf", pack_documents.pack_document_file, {"form": "pdf"}, name="pack_pdf"),
]
