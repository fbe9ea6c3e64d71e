#!/usr/bin/env python3
"""Writes docs/settings.md: the settings of the extension and of the bridge, from the C sources that define them.

usage: make_settings.py [TOP] > docs/settings.md        TOP: the top of the tree, default the folder above this one

Read are the DefineCustom…Variable() calls of extension/**/*.c, the table settings[] of bridge/**/config.c, and
docs/settings.zh.tsv: one line `name TAB meaning in Chinese` for each setting (citybigdata.… of the extension, bare names
of the bridge). A setting without a Chinese line, or a line without a setting, is an error: exit code 1, nothing written.
Times and sizes of the extension are shown as SHOW prints them (5min, 20MB), those of the bridge as written there.
"""
import pathlib
import re
import sys

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|//[^\n]*|\s+|\w+|.', re.S)
UNITS = {"GUC_UNIT_S": [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)], "GUC_UNIT_KB": [("GB", 1048576), ("MB", 1024), ("kB", 1)]}
CONSTANTS = {"PG_INT32_MAX": 2**31 - 1, "MIB": 1024 * 1024, "int64_t": ""}


def tokens(text):
    """The tokens of C source, without blanks and comments."""
    return [token for token in TOKEN.findall(text) if not token.isspace() and not token.startswith(("/*", "//"))]


def arguments(words, start):
    """The arguments of a call or initialiser whose bracket is words[start], as lists of tokens, and where it ends."""
    depth, found = 0, [[]]
    for at in range(start, len(words)):
        if words[at] in "({[":
            depth += 1
            if depth == 1:
                continue
        elif words[at] in ")}]":
            depth -= 1
            if depth == 0:
                return [part for part in found if part], at
        if words[at] == "," and depth == 1:
            found.append([])
        else:
            found[-1].append(words[at])
    raise SystemExit("make_settings.py: a bracket is not closed")


def text_of(part):
    """The value of adjacent string literals; None of NULL."""
    if part == ["NULL"]:
        return None
    return "".join(re.sub(r"\\(.)", r"\1", word[1:-1]) for word in part)


def number_of(part):
    """The value of a product of numbers and known constants."""
    words = [str(CONSTANTS.get(word, word)) for word in part if word not in "()"]
    expression = "".join(words)
    if not re.fullmatch(r"-?[0-9.]+(\*[0-9.]+)*", expression):
        raise SystemExit(f"make_settings.py: {' '.join(part)} is not a number")
    value = 1
    for factor in expression.split("*"):
        value *= float(factor)
    return int(value) if value == int(value) else value


def with_unit(value, flags):
    """A number as SHOW prints it: in the largest unit of which it is a multiple."""
    for unit, size in UNITS.get(flags, []):
        if value and value % size == 0:
            return f"{value // size}{unit}"
    return str(value)


def enum_options(words):
    """{array: {C constant: name}} of every config_enum_entry array."""
    found = {}
    for at, word in enumerate(words):
        if word == "config_enum_entry" and words[at + 2:at + 5] == ["[", "]", "="]:
            rows, _ = arguments(words, at + 5)
            entries = [arguments(row, 0)[0] for row in rows]
            found[words[at + 1]] = {entry[1][0]: text_of(entry[0]) for entry in entries if entry[0] != ["NULL"]}
    return found


def extension_settings(top):
    """name → (default, range, meaning) of each DefineCustom…Variable() call."""
    found = {}
    for file in sorted(top.glob("extension/**/*.c")):
        words = tokens(file.read_text(encoding="utf-8"))
        options = enum_options(words)
        for at, word in enumerate(words):
            kind = re.fullmatch(r"DefineCustom(Int|Real|Bool|Enum|String)Variable", word)
            if not kind:
                continue
            parts, _ = arguments(words, at + 1)
            name, short, long, initial = text_of(parts[0]), text_of(parts[1]), text_of(parts[2]), parts[4]
            if kind[1] in ("Int", "Real"):
                low, high, flags = number_of(parts[5]), number_of(parts[6]), parts[8][0]
                default = with_unit(number_of(initial), flags)
                limits = f"{with_unit(low, flags)} to {with_unit(high, flags)}"
            elif kind[1] == "Enum":
                values = options[parts[5][0]]
                default, limits = values[initial[0]], ", ".join(values.values())
            elif kind[1] == "Bool":
                default, limits = "on" if initial == ["true"] else "off", "on, off"
            else:
                default, limits = text_of(initial), "text"
            found[name] = (default, limits, " ".join(part for part in (short, long) if part))
    return found


def bridge_settings(top):
    """name → (default, restart, meaning) of each row of the table settings[] of config.c."""
    file = next(iter(sorted(top.glob("bridge/**/config.c"))))
    words = tokens(file.read_text(encoding="utf-8"))
    start = next(at for at, word in enumerate(words) if word == "settings" and words[at + 1:at + 4] == ["[", "]", "="])
    found = {}
    for row in arguments(words, start + 4)[0]:
        name, kind, _, initial, _, _, flags, *help_text = arguments(row, 0)[0]
        meaning = text_of(help_text[0])
        found[text_of(name)] = (kind[0].lower().replace("big_", "").replace("switch", "on, off"), text_of(initial),
                                "restart" if "FIXED" in flags else "reload", meaning)
    return found


def chinese(top, names):
    """name → meaning of docs/settings.zh.tsv, which must have exactly these names."""
    lines = (top / "docs/settings.zh.tsv").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    wrong = [f"docs/settings.zh.tsv has no line for {name}" for name in names if name not in found]
    wrong += [f"docs/settings.zh.tsv names {name}, which is no setting" for name in found if name not in names]
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found


def cell(text):
    """Text inside a table of Markdown."""
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def code(text):
    """A value as code; an empty one as nothing."""
    return f"`{text}`" if text else ""


HEAD = """# Settings 设置

Made from the C sources and `docs/settings.zh.tsv` by `make docs`; `make test` fails while it is
not current.

## Extension 扩展

`ALTER DATABASE citybigdata SET citybigdata.… = …`; superuser only. New sessions use the new value;
`systemctl reload citybigdata-bridge` renews the sessions of the bridge. `SHOW citybigdata.…` shows
the value in use.

仅超级用户可改，对新会话生效；`systemctl reload citybigdata-bridge` 更新接口服务的会话。
`SHOW citybigdata.…` 显示当前值。

| setting | default | values | meaning | 含义 |
|---|---|---|---|---|"""

BRIDGE = """
## Bridge 接口服务

`name = value` in the file that `--config FILE` or `CBD_CONFIG` names, `CBD_NAME` in the
environment, `--name VALUE` on the command line; the later one wins. `reload`: SIGHUP
(`systemctl reload`) is enough; `restart`: the bridge must be started again. Sizes are bytes, or
have KiB, MiB, GiB; times have ms, s, min, h. `citybigdata-bridge --help` prints the same list,
`--check-config` checks a configuration, `--print-config` shows the values in use.

写在配置文件（`--config FILE` 或 `CBD_CONFIG` 指定）、环境变量 `CBD_名称`（大写）
或命令行 `--名称 值` 中，后者优先。`reload` 表示 SIGHUP 后生效，`restart` 表示须重新启动。

| setting | type | default | takes effect | meaning | 含义 |
|---|---|---|---|---|---|"""


def main():
    top = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    extension, bridge = extension_settings(top), bridge_settings(top)
    if not extension or not bridge:
        raise SystemExit("make_settings.py: no settings found")
    zh = chinese(top, [*extension, *bridge])
    print(HEAD)
    for name, (default, limits, meaning) in sorted(extension.items()):
        print(f"| `{name}` | {code(default)} | {cell(limits)} | {cell(meaning)} | {cell(zh[name])} |")
    print(BRIDGE)
    for name, (kind, default, effect, meaning) in bridge.items():
        print(f"| `{name}` | {kind} | {code(default)} | {effect} | {cell(meaning)} | {cell(zh[name])} |")


main()
