"""The folders of the two programs are layers: a file uses its own folder and those before it, in the orders below.

Checked are the #include lines, and what each object takes from which other (nm, of a built tree): what is declared in a lower
folder and defined in a higher one goes up too. No files use each other in a circle. No folder has its name in both programs,
so that an include says which program it means.
"""
import collections
import glob
import os
import re
import subprocess
import sys

ORDER = {
    "extension": ("text wire core audit access oauth admin outbox place statistics reference calendar organisation media fetch event deadline indicator duplicate process "
                  "callback sms camera archive data map ogc analysis rule open311").split(),
    "bridge": "base db outbound request reply kind manual server".split(),
}
CHECKED = ["extension", "bridge"]
DATA = {"web"}  # folders without C


def includes(program):
    """(file, included file) of the program's own files, without its name in front."""
    for path in sorted(glob.glob(f"{program}/*/*.[ch]")):
        with open(path, encoding="utf-8") as file:
            for name in re.findall(r'^#include "([^"]+)"', file.read(), re.M):
                if os.path.exists(f"{program}/{name}"):
                    yield path.removeprefix(program + "/"), name


def symbols(program):
    """(file, file whose symbol it takes, symbol), by the objects of a built tree."""
    defined, taken = {}, []
    for source in sorted(glob.glob(f"{program}/*/*.c")):
        made = source[:-2] + ".o"
        name = source.removeprefix(program + "/")
        if not os.path.exists(made):
            print(f"{made} is not built")
            continue
        for line in subprocess.run(["nm", made], capture_output=True, text=True, check=True).stdout.splitlines():
            kind, symbol = line.split()[-2:]
            if kind in "TDBRC":
                defined[symbol] = name
            elif kind == "U":
                taken.append((name, symbol))
    return [(name, defined[symbol], symbol) for name, symbol in taken if defined.get(symbol, name) != name]


def circles(edges):
    """Sets of files that reach each other (Tarjan)."""
    graph = collections.defaultdict(set)
    for user, used in edges:
        graph[user].add(used)
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check(program):
    order = ORDER[program]
    there = {os.path.basename(os.path.dirname(path)) for path in glob.glob(f"{program}/*/*.[ch]")}
    for folder in sorted(there - set(order)):
        print(f"{program}/{folder} has no place in the order of folders (regress/check_layers.py)")
    uses = [(user, used, "includes") for user, used in includes(program)]
    uses += [(user, used, f"takes {symbol} of") for user, used, symbol in symbols(program)]
    for user, used, how in uses:
        levels = [order.index(name.split("/")[0]) for name in (user, used) if name.split("/")[0] in order]
        if len(levels) == 2 and levels[1] > levels[0]:
            print(f"{program}/{user} {how} {used}, which is above it")
    for kind in ("includes", "takes"):
        for circle in circles([(user, used) for user, used, how in uses if how.startswith(kind)]):
            print(f"{program}: a circle: {', '.join(circle)}")


def main():
    names = [{name for name in os.listdir(program) if os.path.isdir(f"{program}/{name}")} for program in ORDER]
    for name in sorted(set.intersection(*names) - DATA):
        print(f"both programs have a folder {name}")
    for program in CHECKED:
        check(program)


main()
