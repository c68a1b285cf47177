"""Importers and exporters: what other systems publish, read and written."""
