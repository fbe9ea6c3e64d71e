"""OAuth 2.0 with Authlib and requests-oauthlib of PyPI: what regress/bridge does with Debian's older ones, and signing in at the operators' client."""
# /// script
# dependencies = ["authlib~=1.6", "requests-oauthlib~=2.0", "requests"]
# ///
from test_oauth import (base, browser, native, test_authlib_confidential_client, test_authlib_public_client, test_code_is_good_once,  # noqa: F401
                        test_metadata, test_refresh_reuse_revokes, test_requests_oauthlib, web)
from test_operator import client, desk, test_authlib_native_client, test_reload_gets_a_new_code  # noqa: F401
