"""Which of two entries a merged activity says what of, and that two are to be parted again."""

from linkwork.forms.person_merges import MergeForm, PartForm, merge_form

__all__ = ["MergeForm", "PartForm", "merge_form"]
