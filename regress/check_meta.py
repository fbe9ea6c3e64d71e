#!/usr/bin/python3
"""Checks META.json against the PGXN Meta Spec 1.0.0 (https://pgxn.org/spec/) and against the tree. Prints the faults."""
import json
import os
import re
import sys

SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z][0-9A-Za-z.-]*)?(\+[0-9A-Za-z.-]+)?$")
TERM = re.compile(r"^[^\s/\\\x00-\x1f]{2,}$")
LICENCES = {"agpl_3", "apache_1_1", "apache_2_0", "artistic_1", "artistic_2", "bsd", "freebsd", "gfdl_1_2", "gfdl_1_3",
            "gpl_1", "gpl_2", "gpl_3", "lgpl_2_1", "lgpl_3_0", "mit", "mozilla_1_0", "mozilla_1_1", "openssl", "perl_5",
            "postgresql", "qpl_1_0", "ssleay", "sun", "zlib", "open_source", "restricted", "unrestricted", "unknown"}
KEYS = {"abstract", "maintainer", "license", "provides", "name", "version", "meta-spec", "description", "generated_by",
        "tags", "no_index", "prereqs", "release_status", "resources"}
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def faults(meta, version):
    """Every way in which the object is not a valid META.json of that version of the extension."""
    for key in sorted(set(meta) - KEYS):
        if not key.lower().startswith("x_"):
            yield f"unknown key {key}"
    for key in ("abstract", "name", "version"):
        if not isinstance(meta.get(key), str) or not meta[key].strip():
            yield f"{key}: a string is required"
    if not TERM.match(meta.get("name", "")):
        yield "name: not a term"
    if meta.get("version") != version:
        yield f"version: {meta.get('version')}, the control file has {version}"
    maintainer = meta.get("maintainer")
    if not maintainer or not all(isinstance(m, str) and m for m in ([maintainer] if isinstance(maintainer, str) else maintainer)):
        yield "maintainer: a string or a list of strings is required"
    licence = meta.get("license")
    for name in [licence] if isinstance(licence, str) else licence or [None]:
        if name not in LICENCES:
            yield f"license: {name} is no licence keyword"
    if meta.get("meta-spec", {}).get("version") != "1.0.0":
        yield "meta-spec: version 1.0.0 is required"
    yield from provides_faults(meta.get("provides", {}), version)
    for phase, relations in meta.get("prereqs", {}).items():
        if phase not in ("configure", "build", "test", "runtime", "develop"):
            yield f"prereqs: unknown phase {phase}"
        for relation, needed in relations.items():
            if relation not in ("requires", "recommends", "suggests", "conflicts"):
                yield f"prereqs/{phase}: unknown relation {relation}"
            for name, least in needed.items():
                if least not in (0, "0") and not SEMVER.match(str(least)):
                    yield f"prereqs/{phase}/{relation}/{name}: {least} is no semantic version"
    for tag in meta.get("tags", []):
        if not isinstance(tag, str) or not 0 < len(tag) <= 256 or "/" in tag or "\\" in tag:
            yield f"tags: {tag!r} is no tag"


def provides_faults(provides, version):
    if "citybigdata" not in provides:
        yield "provides: citybigdata is missing"
    for name, part in provides.items():
        if not SEMVER.match(str(part.get("version"))) or part["version"] != version:
            yield f"provides/{name}: version {part.get('version')}, the control file has {version}"
        for key in ("file", "docfile"):
            if (key == "file" or key in part) and not os.path.isfile(os.path.join(TOP, part.get(key, "-"))):
                yield f"provides/{name}: {key} {part.get(key)} is not in the tree"


def main():
    with open(os.path.join(TOP, "citybigdata.control"), encoding="utf-8") as file:
        version = re.search(r"^default_version *= *'(.*)'", file.read(), re.M)[1]
    with open(os.path.join(TOP, "META.json"), encoding="utf-8") as file:
        meta = json.load(file)
    found = list(faults(meta, version))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
