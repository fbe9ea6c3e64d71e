"""Fixtures of the HTTPS tests."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
pytest.register_assert_rewrite("rig", "platform_rig")
from platform_rig import client, demo_data, nothing_stored, platform, strict, strict_token, stranger, token  # noqa: E402,F401


def pytest_collection_modifyitems(items):
    """What looks for the run's secrets in the logs comes last; before it what changes the demo's organisation and calendar."""
    items.sort(key=lambda item: 2 if "test_secrets" in item.nodeid else "test_manual_examples" in item.nodeid)
