"""Kannel and the tests' message centre (regress/sms), for tests of the platform."""
import contextlib
import os
import shutil
import sys
import tempfile

from platform_rig import TOP

sys.path.insert(0, os.path.join(TOP, "regress", "sms"))
from kannel import REPLY_FIELDS, Kannel  # noqa: E402
from message_centre import Behaviour, MessageCentre  # noqa: E402


@contextlib.contextmanager
def running_kannel(platform, centre, reply_url=""):
    """Kannel bound to the centre; replies go to reply_url, which the platform has shown."""
    folder = tempfile.mkdtemp(dir=platform.folder, prefix="kannel.")
    os.chmod(folder, 0o711)
    one = Kannel(os.path.join(folder, "kannel"), centre_port=centre.port, ca=platform.env["CBD_CA"], reply_url=reply_url and reply_url + REPLY_FIELDS)
    try:
        one.start()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder)


def new_centre():
    """A message centre in which numbers have no meaning by their ending."""
    centre = MessageCentre()
    centre.script = lambda short: Behaviour()
    return centre
