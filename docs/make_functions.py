#!/usr/bin/env python3
"""Writes docs/functions.md: the functions of schema citybigdata that people call, by role, from the SQL of the extension.

usage: make_functions.py [TOP] > docs/functions.md        TOP: the top of the tree, default the folder above this one

Read are the COMMENT ON FUNCTION of sql/code/*.sql and the GRANT EXECUTE ON FUNCTION of sql/grants/*.sql. A function that is
granted to a role is that role's; SUPERUSER names those that are granted to nobody and that a superuser calls. All others are
the extension's own. Exit code 1, nothing written: a name of SUPERUSER is granted or not there, a granted one has no comment.
"""
import pathlib
import re
import sys

# Chapters by the name of the file: the first that fits.
CHAPTERS = [("core", "Platform 平台"), ("place", "Places 位置与区划"), ("reference", "Code tables 代码表"), ("calendar", "Working calendars 工作日历"),
            ("event", "Events 问题与案件"), ("process", "Processes and steps 流程与办理"), ("organisation", "Organisation 组织机构"),
            ("deadline", "Deadlines 案件时限"), ("indicator", "Indicators 统计指标"), ("data", "Published data 数据服务"), ("archive", "History 历史与归档"),
            ("rule", "Rules 规则"), ("duplicate", "Duplicates 重复案件"), ("outbox", "Call-backs 回调"), ("callback", "Call-backs 回调"), ("sms", "SMS 短信"), ("open311", "Open311"),
            ("admin", "Access 授权"), ("media", "Media 媒体"), ("personal", "Personal information 个人信息"), ("access", "Access 授权"), ("oauth", "Access 授权"),
            ("operator", "Access 授权"), ("audit", "Audit 审计")]
ROLES = [("analyst", "citybigdata_analyst", "Analysts 分析人员"), ("analyst_personal", "citybigdata_analyst_personal", "Analysts of personal data 个人信息分析人员"),
         ("sysadmin", "citybigdata_sysadmin", "System administrators 系统管理员"), ("secadmin", "citybigdata_secadmin", "Security administrators 安全管理员"),
         ("auditor", "citybigdata_auditor", "Auditors 审计管理员")]
SUPERUSER = ["uninstall", "first_administrators", "reset_password", "take_credentials", "rotate_credentials", "issue_auth_code", "exchange_auth_code",
             "seal_url", "open_url", "media_url", "read_reply_frame", "case_fact_difference"]
INTRODUCTION = """# Functions for you 常用函数

Made by `docs/make_functions.py` from the comments and grants of the SQL; `make docs` writes it. All functions are in
schema `citybigdata`; `\\df+ citybigdata.NAME` in psql shows arguments, defaults and the whole comment. Functions named
`rest_*` are the bridge's, and what is not listed here is for the extension's own use.

本页由 SQL 中的注释与授权生成，只列出供人调用的函数，按角色分节；`rest_*` 由接口服务调用，其余为扩展内部函数。
用中文说明的操作步骤见[运维手册](zh/operations.md)与[授权与管理](zh/access.md)。

What needs SQL and what goes over HTTPS: [operations](operations.md#what-is-done-in-sql-what-over-https).
"""


def text_of(literals):
    """The value of adjacent SQL string literals."""
    return "".join(part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", literals))


def blanks(text):
    return re.sub(r"\s+", " ", text.strip())


def read(top):
    """{signature: (chapter, comment)} and {signature: {role}}; signature = name(types)."""
    comments, grants = {}, {}
    for file in sorted((top / "sql/code").glob("*.sql")):
        kind = next((title for word, title in CHAPTERS if word in file.name.split("-", 1)[1]), "Other")
        for name, types, literals in re.findall(r"COMMENT ON FUNCTION citybigdata\.(\w+)\(([^)]*)\)\s+IS\s*((?:'(?:[^']|'')*'\s*)+);", file.read_text("utf-8")):
            comments[f"{name}({blanks(types)})"] = (kind, text_of(literals))
    for file in sorted((top / "sql/grants").glob("*.sql")):
        text = re.sub(r"--[^\n]*", "", file.read_text("utf-8"))
        for functions, roles in re.findall(r"GRANT EXECUTE ON FUNCTION(.*?)\sTO\s+([^;]*);", text, re.S):
            for name, types in re.findall(r"citybigdata\.(\w+)\(([^)]*)\)", functions):
                grants.setdefault(f"{name}({blanks(types)})", set()).update(re.findall(r"citybigdata_(\w+)", roles))
    return comments, grants


def first_sentence(comment):
    """Up to the first stop that ends a sentence; the rest is told by \\df+."""
    found = re.match(r"(.*?[a-z0-9)\"'][.;])(?= [A-Z{])", comment, re.S)
    text = found.group(1)[:-1] if found else comment.rstrip(".")
    return blanks(text).replace("|", "\\|")


def table(signatures, comments):
    """The functions of a section, by chapter."""
    out = []
    for kind in dict.fromkeys([title for _, title in CHAPTERS] + ["Other"]):
        lines = [f"| `{signature}` | {first_sentence(comments[signature][1])} |" for signature in sorted(signatures) if comments[signature][0] == kind]
        if lines:
            out += [f"\n**{kind}**\n", "| function | does |", "|---|---|", *lines]
    return "\n".join(out)


def main():
    top = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    comments, grants = read(top)
    faults = [f"{signature} is granted and has no comment" for signature in grants if signature not in comments]
    by_hand = {signature for signature in comments if signature.split("(")[0] in SUPERUSER}
    faults += [f"{name} is not there" for name in SUPERUSER if not any(signature.startswith(name + "(") for signature in by_hand)]
    faults += [f"{signature} is granted: take it out of SUPERUSER" for signature in by_hand if signature in grants]
    if faults:
        raise SystemExit("make_functions.py: " + "; ".join(faults))
    out = [INTRODUCTION]
    everybody = {signature for signature, roles in grants.items() if {role for role, _, _ in ROLES} - {"analyst_personal"} <= roles}
    out.append(f"## Every role 各角色\n\nGranted to analysts and to administrators of all three kinds.\n{table(everybody, comments)}\n")
    for role, name, title in ROLES:
        own = {signature for signature, roles in grants.items() if role in roles} - everybody
        out.append(f"## {title}\n\nRole `{name}`.\n{table(own, comments) if own else ''}\n")
    out.append("## Superusers 超级用户\n\nGranted to nobody: what makes access out of nothing, installation and removal. `setup()` and the settings\n"
               f"`citybigdata.*` are theirs, too.\n{table(by_hand, comments)}\n")
    print(re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip())


main()
