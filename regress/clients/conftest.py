"""Fixtures of the tests with clients of others: those of regress/bridge, against the platform that run.sh names."""
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bridge"))
pytest.register_assert_rewrite("rig", "platform_rig", "test_oauth", "test_operator")
from platform_rig import client, demo_data, nothing_stored, platform, strict, strict_token, stranger, token  # noqa: E402,F401
