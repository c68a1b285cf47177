"""Where the tests find what is not in the repository: public data, beside the checkout.

A test that needs it says so: skipped, with the reason "shared data absent", where it is not.
``LINKWORK_SHARED_DATA`` names another folder.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("LINKWORK_SHARED_DATA", ROOT.parent / "shared" / "data"))
