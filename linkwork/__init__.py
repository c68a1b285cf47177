"""A caseload manager for social prescribing link workers in the NHS in England."""

__version__ = "0.1.0"
