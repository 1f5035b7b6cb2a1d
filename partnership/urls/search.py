"""Addresses of search, under the partnership's slug."""

from django.urls import path

from partnership.views import search

search_patterns = [path("search/", search.search, name="search")]
