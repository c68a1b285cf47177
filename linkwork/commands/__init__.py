"""The larger groups of the ``linkwork`` command, one module each."""
