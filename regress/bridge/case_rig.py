"""A small bureau for the tests of cases: operators of every role, signed in over HTTPS, units, filing conditions."""
import datetime
import itertools
import os

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from rig import check_envelope
from test_oauth import Browser, authorize_url, keep, query, token_request

CHINA = datetime.timezone(datetime.timedelta(hours=8))
DISTRICT = "110101"
_serial = itertools.count(1)

# name: role, unit, division
OPERATORS = {
    "desk": ("desk", None, DISTRICT), "desk2": ("desk", None, DISTRICT), "filer": ("filer", None, DISTRICT), "filer2": ("filer", None, None),
    "dispatcher": ("dispatcher", None, "110000"), "unit": ("unit", "CASE-LIGHT", None), "handler": ("handler", "CASE-LIGHT-1", None),
    "verifier": ("verifier", None, DISTRICT), "supervisor": ("supervisor", None, DISTRICT), "leader": ("leader", None, None),
    "inspector": ("inspector", None, DISTRICT), "west": ("desk", None, "110102"), "other": ("unit", "CASE-DRAIN", None)}
ROLES = ("desk", "filer", "dispatcher", "unit", "handler", "verifier", "supervisor", "leader", "inspector")


def later(**delta):
    return (datetime.datetime.now(CHINA) + datetime.timedelta(**delta)).strftime("%Y%m%d%H%M%S")


class Bureau:
    """The operators of one platform and their tokens; cases of its own sender."""

    def __init__(self, platform, **application):
        self.platform, self.client = platform, platform.client
        self.app = platform.make_application(methods=["key"], **application)
        self.sender_token = platform.token(self.app)
        platform.sql("""INSERT INTO citybigdata.unit (unit_code, name, parent_code, event_types) VALUES ('CASE-LIGHT', '照明中心', NULL, '{6}'),
                        ('CASE-LIGHT-1', '照明一班', 'CASE-LIGHT', '{}'), ('CASE-DRAIN', '排水集团', NULL, '{7}') ON CONFLICT DO NOTHING""")
        platform.sql("""INSERT INTO citybigdata.filing_condition (condition_code, event_type_code, condition_text, limit_amount, limit_unit)
                        VALUES ('CASE-1', '6', '路灯不亮', 1, 1) ON CONFLICT DO NOTHING""")
        self.accounts, self.tokens = {}, {}
        base = platform.env["CBD_URL"].rstrip("/")
        for name, (role, unit, division) in OPERATORS.items():
            account = platform.make_account()
            platform.sql("INSERT INTO citybigdata.post (account_id, role, unit_code, division_code, given_by) VALUES (%s, %s, %s, %s, 'test')",
                         account["accountId"], role, unit, division)
            self.accounts[name] = account
            self.tokens[name] = self._sign_in(base, account)

    def _sign_in(self, base, account):
        """The console's way: the log-in page, a code, a token."""
        platform, client = self.platform, {"appCode": self.platform.env["CBD_OPERATOR_CLIENT"]}
        browser, verifier = Browser(platform.env["CBD_CA"]), generate_token(48)
        browser.open(authorize_url(base, client, f"{base}/console", code_challenge=create_s256_code_challenge(verifier)))
        reply = browser.send(account["userName"], account["password"])
        assert reply.status_code == 303, reply.text
        code = query(reply.headers["Location"])["code"]
        keep(platform, code, *browser.session.cookies.values())
        token = token_request(platform, base, grant_type="authorization_code", client_id=client["appCode"], code=code,
                              redirect_uri=f"{base}/console", code_verifier=verifier).json()
        keep(platform, token["access_token"], token["refresh_token"])
        return token["access_token"]

    def name(self, who):
        return self.accounts[who]["userName"]

    def report(self, **changes):
        """A new case: its taskNum."""
        event = self.platform.event(otherTaskNum=f"case-{os.getpid()}-{next(_serial)}", **changes)
        reply = self.platform.report(event, self.sender_token, sender=self.app["senders"][0])
        return check_envelope(reply, 200, 0).data["taskNum"]

    def step(self, who, task, action, version=None, headers=None, connection=None, **fields):
        """One step as it is sent; the version is that of the case unless one is named or the headers have it."""
        if version is None and not (headers or {}).get("If-Match"):
            version = self.version(task)
        body = {"action": action, "version": version, **fields}
        token = self.sender_token if who == "sender" else self.tokens[who]
        return self.client.post(f"/events/{task}/steps", {k: v for k, v in body.items() if v is not None}, headers=headers, token=token, connection=connection)

    def take(self, who, task, action, **fields):
        """A step that must be taken: the case."""
        return check_envelope(self.step(who, task, action, **fields), 200, 0).data

    def version(self, task):
        return self.platform.value("SELECT version FROM citybigdata.event WHERE task_num = %s", task)

    def case(self, who, task):
        return self.client.get(f"/events/{task}", token=self.sender_token if who == "sender" else self.tokens[who])

    def to(self, stage, task=None):
        """A case in that stage, by the shortest way."""
        way = [("accept", "desk", {}), ("file", "filer", {"conditionCode": "CASE-1"}), ("dispatch", "dispatcher", {"to": {"unit": "CASE-LIGHT-1"}}),
               ("handle", "unit", {}), ("close", "filer", {})]
        stages = ["accept", "file", "dispatch", "handle", "check", "closed"]
        task = task or self.report()
        if stage == "void":
            self.take("desk", task, "reject", reason="不属于城市管理问题")
            return task
        for action, who, fields in way[:stages.index(stage)]:
            self.take(who, task, action, **fields)
        return task
