"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import URLPattern

local_patterns: list[URLPattern] = []
