#!/usr/bin/env python3
"""Writes docs/functions.md and docs/zh/functions.md: the functions of schema citybigdata that people call, by role, from the SQL.

usage: make_functions.py [--zh] [TOP] > docs/functions.md        TOP: the top of the tree, default the folder above this one

Read are the COMMENT ON FUNCTION and PROCEDURE of sql/code/*.sql and the GRANT EXECUTE ON FUNCTION of sql/grants/*.sql; for --zh the Chinese
descriptions of docs/functions.zh.tsv. A function that is granted to a role is that role's; SUPERUSER names those that are granted
to nobody and that a superuser calls. All others are the extension's own. Exit code 1, nothing written: a name of SUPERUSER is
granted or not there, a granted one has no comment or no Chinese description, a Chinese one is of none that people call.
"""
import pathlib
import re
import sys

# Chapters by the name of the file: the first that fits.
CHAPTERS = [("core", ("Platform", "平台")), ("place", ("Places", "位置与区划")), ("reference", ("Code tables", "代码表")), ("calendar", ("Working calendars", "工作日历")),
            ("event", ("Events", "问题与案件")), ("process", ("Processes and steps", "流程与办理")), ("organisation", ("Organisation", "组织机构")),
             ("deadline", ("Deadlines", "案件时限")), ("indicator", ("Indicators", "统计指标")), ("rollup", ("Indicators", "统计指标")), ("statistics", ("Statistics", "统计算法")), ("analysis", ("Analysis", "智能分析")),
             ("data", ("Published data", "数据服务")), ("archive", ("History", "历史与归档")),
             ("rule", ("Rules", "规则")), ("duplicate", ("Duplicates", "重复案件")), ("outbox", ("Call-backs", "回调")), ("callback", ("Call-backs", "回调")), ("sms", ("SMS", "短信")),
             ("camera", ("Cameras", "视频监控")), ("map", ("Map service", "地图服务")), ("ogc", ("OGC API Features", "OGC API 要素服务")), ("open311", ("Open311", "Open311")),
            ("admin", ("Access", "授权")), ("media", ("Media", "媒体")), ("personal", ("Personal information", "个人信息")), ("access", ("Access", "授权")), ("oauth", ("Access", "授权")),
            ("operator", ("Access", "授权")), ("audit", ("Audit", "审计"))]
OTHER = ("Other", "其他")
ROLES = [("analyst", "citybigdata_analyst", ("Analysts", "分析人员")), ("analyst_personal", "citybigdata_analyst_personal", ("Analysts of personal data", "个人信息分析人员")),
         ("sysadmin", "citybigdata_sysadmin", ("System administrators", "系统管理员")), ("secadmin", "citybigdata_secadmin", ("Security administrators", "安全管理员")),
         ("auditor", "citybigdata_auditor", ("Auditors", "审计管理员"))]
SUPERUSER = ["uninstall", "first_administrators", "reset_password", "take_credentials", "rotate_credentials", "issue_auth_code", "exchange_auth_code",
             "seal_url", "open_url", "media_url", "read_reply_frame", "case_fact_difference"]
INTRODUCTION = ("""# Functions for you

Made by `docs/make_functions.py` from the comments and grants of the SQL; `make docs` writes it. All functions are in
schema `citybigdata`; `\\df+ citybigdata.NAME` in psql shows arguments, defaults and the whole comment. Functions named
`rest_*` are the bridge's, and what is not listed here is for the extension's own use.

What needs SQL and what goes over HTTPS: [operations](operations.md#what-is-done-in-sql-what-over-https). In Chinese:
[常用函数](zh/functions.md).
""", """# 常用函数

本页由 `docs/make_functions.py` 根据 SQL 中的注释与授权及 `docs/functions.zh.tsv` 生成（`make docs`）。全部函数都在模式
`citybigdata` 中；在 psql 中用 `\\df+ citybigdata.名称` 查看参数、默认值和完整注释。`rest_*` 由接口服务调用，未列出的函数供扩展内部使用。

哪些用 SQL、哪些经 HTTPS：[运维手册](operations.md)。
""")
EVERYBODY = (("Every role", "Granted to analysts and to administrators of all three kinds."), ("各角色", "已授予分析人员和三类管理员。"))
BY_HAND = (("Superusers", "Granted to nobody: what makes access out of nothing, installation and removal. `setup()` and the settings\n`citybigdata.*` are theirs, too."),
           ("超级用户", "未授予任何角色：凭空产生访问权限、安装和移除的函数。`setup()` 和设置 `citybigdata.*` 也由超级用户使用。"))
HEADS = (("function", "does"), ("函数", "作用"))


def text_of(literals):
    """The value of adjacent SQL string literals."""
    return "".join(part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", literals))


def blanks(text):
    return re.sub(r"\s+", " ", text.strip())


def read(top):
    """{signature: (chapter, comment)} and {signature: {role}}; signature = name(types)."""
    comments, grants = {}, {}
    for file in sorted((top / "sql/code").glob("*.sql")):
        kind = next((title for word, title in CHAPTERS if word in file.name.split("-", 1)[1]), OTHER)
        for name, types, literals in re.findall(r"COMMENT ON (?:FUNCTION|PROCEDURE) citybigdata\.(\w+)\(([^)]*)\)\s+IS\s*((?:'(?:[^']|'')*'\s*)+);", file.read_text("utf-8")):
            comments[f"{name}({blanks(types)})"] = (kind, text_of(literals))
    for file in sorted((top / "sql/grants").glob("*.sql")):
        text = re.sub(r"--[^\n]*", "", file.read_text("utf-8"))
        for functions, roles in re.findall(r"GRANT EXECUTE ON (?:FUNCTION|PROCEDURE)(.*?)\sTO\s+([^;]*);", text, re.S):
            for name, types in re.findall(r"citybigdata\.(\w+)\(([^)]*)\)", functions):
                grants.setdefault(f"{name}({blanks(types)})", set()).update(re.findall(r"citybigdata_(\w+)", roles))
    return comments, grants


def first_sentence(comment):
    """Up to the first stop that ends a sentence; the rest is told by \\df+."""
    found = re.match(r"(.*?[a-z0-9)\"'][.;])(?= [A-Z{])", comment, re.S)
    text = found.group(1)[:-1] if found else comment.rstrip(".")
    return blanks(text).replace("|", "\\|")


def chinese(top, listed):
    """{signature: Chinese description} of docs/functions.zh.tsv, and what is wrong with it: the functions that are listed have one each."""
    rows = [line.split("\t") for line in (top / "docs/functions.zh.tsv").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    words = {row[0]: row[1].replace("|", "\\|") for row in rows if len(row) == 2}
    faults = [f"docs/functions.zh.tsv: not a signature, a tab and a description: {row}" for row in rows if len(row) != 2]
    faults += [f"docs/functions.zh.tsv has no {signature}" for signature in sorted(listed - set(words))]
    return words, faults + [f"docs/functions.zh.tsv: nobody calls {signature}" for signature in sorted(set(words) - listed)]


def table(signatures, comments, words, zh):
    """The functions of a section, by chapter."""
    out = []
    for kind in dict.fromkeys([title for _, title in CHAPTERS] + [OTHER]):
        lines = [f"| `{signature}` | {words[signature]} |" for signature in sorted(signatures) if comments[signature][0] == kind]
        if lines:
            out += [f"\n**{kind[zh]}**\n", f"| {HEADS[zh][0]} | {HEADS[zh][1]} |", "|---|---|", *lines]
    return "\n".join(out)


def main():
    zh = "--zh" in sys.argv
    given = [argument for argument in sys.argv[1:] if argument != "--zh"]
    top = pathlib.Path(given[0]) if given else pathlib.Path(__file__).resolve().parent.parent
    comments, grants = read(top)
    faults = [f"{signature} is granted and has no comment" for signature in grants if signature not in comments]
    by_hand = {signature for signature in comments if signature.split("(")[0] in SUPERUSER}
    faults += [f"{name} is not there" for name in SUPERUSER if not any(signature.startswith(name + "(") for signature in by_hand)]
    faults += [f"{signature} is granted: take it out of SUPERUSER" for signature in by_hand if signature in grants]
    everybody = {signature for signature, roles in grants.items() if {role for role, _, _ in ROLES} - {"analyst_personal"} <= roles}
    sections = [(EVERYBODY[zh], everybody)]
    for role, name, title in ROLES:
        own = {signature for signature, roles in grants.items() if role in roles} - everybody
        sections.append(((title[zh], (f"Role `{name}`.", f"角色 `{name}`。")[zh]), own))
    sections.append((BY_HAND[zh], by_hand))
    words = {signature: first_sentence(comment) for signature, (_, comment) in comments.items()}
    if zh:
        words, wrong = chinese(top, set().union(*(signatures for _, signatures in sections)))
        faults += wrong
    if faults:
        raise SystemExit("make_functions.py: " + "; ".join(faults))
    out = [INTRODUCTION[zh]] + [f"## {title}\n\n{text}\n{table(signatures, comments, words, zh)}\n" for (title, text), signatures in sections]
    print(re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip())


main()
