"""Figures for those who plan: scoped queries, measures over them, and what may be published.

pandas is imported here only, and only inside the functions that need it: it costs half a second.
"""
