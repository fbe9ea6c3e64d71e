"""/metrics: every metric is documented in both languages, and the alert rules that are shipped ask for what it has."""
import os
import re

import pytest
import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RULES = os.path.join(TOP, "packaging", "prometheus", "citybigdata.rules.yml")


def samples(client):
    """Names of series with the values of their labels; names and types of metrics."""
    series, types = {}, {}
    for line in client.get("//metrics").body.decode().splitlines():
        if line.startswith("# TYPE "):
            types[line.split()[2]] = line.split()[3]
        elif not line.startswith("#"):
            name, labels = re.match(r"(\w+)(?:\{(.*)\})? ", line).groups()
            for label, value in re.findall(r'(\w+)="([^"]*)"', labels or ""):
                series.setdefault(name, {}).setdefault(label, set()).add(value)
            series.setdefault(name, {})
    return series, types


@pytest.mark.parametrize("page", ["docs/metrics.md", "docs/zh/metrics.md"])
def test_documented(client, page):
    _, types = samples(client)
    with open(os.path.join(TOP, page), encoding="utf-8") as file:
        told = set(re.findall(r"^\| `(citybigdata_\w+)", file.read(), re.M))
    assert told == set(types)


def test_alert_rules(client):
    """Every metric, label and value of the rules is one that the bridge has; each alert is complete, in both languages."""
    series, types = samples(client)
    with open(RULES, encoding="utf-8") as file:
        groups = yaml.safe_load(file)["groups"]
    names = [rule["alert"] for group in groups for rule in group["rules"]]
    assert len(names) == len(set(names)) >= 10
    for rule in (rule for group in groups for rule in group["rules"]):
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule
        assert rule["labels"]["severity"] in ("warning", "critical") and re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert set(rule["annotations"]) == {"summary", "summary_zh"}
        asked = rule["expr"]
        assert asked.count("(") == asked.count(")") and asked.count("{") == asked.count("}") and asked.count("[") == asked.count("]")
        found = re.findall(r"\b(citybigdata_\w+|up)\b(?:\{([^}]*)\})?", asked)
        assert found, asked
        for name, matchers in found:
            if name == "up":
                continue
            assert name in series, f"{rule['alert']}: no {name}"
            for label, operator, wanted in re.findall(r'(\w+)(=~|=|!=)"([^"]*)"', matchers):
                assert set(wanted.split("|") if operator == "=~" else [wanted]) <= series[name][label], f"{rule['alert']}: {name} {label} {wanted}"
            counter = types.get(name) == "counter" or name.endswith(("_bucket", "_count", "_sum"))
            assert counter == (re.search(rf"(rate|increase)\({name}\b", asked) is not None), f"{rule['alert']}: {name} is a {types.get(name)}"


def test_alert_rules_documented():
    """The pages name every alert and what to do."""
    with open(RULES, encoding="utf-8") as file:
        names = set(re.findall(r"alert: (\w+)", file.read()))
    for page in ("docs/metrics.md", "docs/zh/metrics.md"):
        with open(os.path.join(TOP, page), encoding="utf-8") as file:
            assert names == set(re.findall(r"^\| `(Citybigdata\w+)`", file.read(), re.M)), page
