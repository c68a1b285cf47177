"""The demo: an invented care board with two years of work behind it. See docs/data.md."""

from linkwork.demo.build import build
from linkwork.demo.staff import PASSWORD

__all__ = ["PASSWORD", "build"]
