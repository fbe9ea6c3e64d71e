"""The fixtures of the HTTPS tests, on a platform of its own: here its processes are killed."""
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bridge"))
pytest.register_assert_rewrite("rig", "platform_rig")
from platform_rig import client, platform, token  # noqa: E402,F401
