"""Canmos ATS: a multi-tenant hosted telephone exchange."""

__version__ = "0.1.0"
