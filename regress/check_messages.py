"""Every message is in the catalogue, extension/text/messages.txt, in English and Chinese, and every row of it is used.

Messages are found where they are said: in C as the message argument of the functions in SAYS and as MESSAGE("..."), in SQL as
the first argument of citybigdata.say(). A format of C becomes its key: "at most %d{limit}" is `at most {limit}`. What no caller
is told (errmsg() of lines of the log, mistakes of our own: elog) is no message.

usage: check_messages.py             prints what is wrong
       check_messages.py --missing   prints rows to be translated: the key and an empty Chinese sentence
"""
import glob
import re
import sys

CATALOGUE = "extension/text/messages.txt"
# function: number of the argument that is a message, from 0
SAYS = {"ErrorPrint": 4, "ErrorAdd": 3, "QueryError": 4, "Refuse": 3, "RefuseText": 1, "Said": 0, "SaidBoth": 0, "SaidOf": 1,
        "MessageBoth": 2, "saymsg": 0, "saydetail": 0, "sayhint": 0, "SaidText": 0, "MESSAGE": 0,
        "CleanError": 2, "AddCandidate": 3, "Report": 3, "RaiseStatus": 1, "ErrorsRaise": 1, "CheckId": 3, "CheckChoice": -1, "CheckChoices": -1, "MemberKind": 2, "ReadStageName": 2}
# those whose message is a format
FORMATTED = {"CleanError", "AddCandidate", "ErrorPrint", "QueryError", "Refuse", "Said", "SaidBoth", "MessageBoth", "saymsg", "saydetail", "sayhint"}
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|/\*.*?\*/|//[^\n]*|\s+|\w+|->|.', re.S)
CONVERSION = re.compile(r'%(?:%|[-+ #0-9.*]*(?:ll|l|z)?[diuxXocsfge](\{\w+\*?\})?)')
NAME = re.compile(r'\{[A-Za-z][A-Za-z0-9]*\*?\}')
FORMATS = {"INT64_FORMAT": "%ld", "UINT64_FORMAT": "%lu"}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
# what these are given nobody is told, or the audit log keeps, which is in English
UNSAID = {"say", "audit_event", "own_lock"}
# no sentences: types, choices, what the manual has a word for, what begins a detail of the audit log
WORDS = {"division word", "double precision", "timestamp with time zone", "timestamp without time zone", "column pinyin number",
         "eq ne lt le gt ge in like isNull", "theme industry base", "society government own", "at once", "dry run; ", "table json", "quick job"}
# messages that are the same in both languages
SAME = {"null", "true", "false"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# a hint that is nothing but code: said by errhint(), or as it is
CODE = re.compile(r"^(?:SELECT |SET |CREATE |ALTER |GRANT |[\[{(]|\w+\().*[;)\]}]$")
# half-width marks beside a Chinese character or at the end of a sentence
HALF = re.compile(r"[\u4e00-\u9fff】」』》〉“”][,;:!?()]|[,;:!?()][\u4e00-\u9fff【「『《〈“”]|[\u4e00-\u9fff]\.(?![A-Za-z0-9/*])")


def literal(token):
    """The text of a C string."""
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[0]), token[1:-1], flags=re.S)


def tokens(text):
    """(token, offset) of C source, without blanks and comments."""
    return [(m[0], m.start()) for m in TOKEN.finditer(text) if not m[0].isspace() and m[0] != "\\" and not m[0].startswith(("/*", "//"))]


def arguments(words, at):
    """The arguments of the call whose bracket is words[at], as lists of tokens."""
    depth, found = 0, [[]]
    for word, _ in words[at:]:
        if word in "([{":
            depth += 1
            if depth == 1:
                continue
        elif word in ")]}":
            depth -= 1
            if depth == 0:
                break
        if word == "," and depth == 1:
            found.append([])
        else:
            found[-1].append(word)
    return found


def strings(argument, defines):
    """The texts that an argument may be: adjacent strings joined, one for each branch of a ?:, none of inner calls."""
    found, depth, now = [], 0, None
    for word in argument + [";"]:
        part = literal(word) if word.startswith('"') else FORMATS.get(word, defines.get(word))
        if part is not None and depth == 0:
            now = (now or "") + part
            continue
        if now is not None:
            found.append(now)
            now = None
        depth += (word in "([{") - (word in ")]}")
    return found


def key(text):
    """The key of a format, and whether all of its conversions have names."""
    named = all(m[0] == "%%" or m[1] for m in CONVERSION.finditer(text))
    return CONVERSION.sub(lambda m: "%" if m[0] == "%%" else m[1] or "", text), named


def c_messages(wrong):
    """(place, key) of the messages in C."""
    paths = sorted(glob.glob("extension/*/*.[ch]") + glob.glob("bridge/*/*.[ch]"))
    texts = {path: open(path, encoding="utf-8").read() for path in paths}
    defines = {}
    for text in texts.values():
        for name, body in re.findall(r'^#define (\w+)((?:[ \t]|\\\n)+(?:(?:MESSAGE\()?(?:"(?:[^"\\\n]|\\.)*"\)?(?:[ \t]|\\\n)*)+))$',
                                     re.sub(r'/\*.*?\*/', "", text, flags=re.S).replace(" \n", "\n"), re.M):
            defines[name] = "".join(literal(part) for part in re.findall(r'"(?:[^"\\\n]|\\.)*"', body))
    for path, text in texts.items():
        words = tokens(text)
        for at, (word, offset) in enumerate(words[:-1]):
            if word not in SAYS or words[at + 1][0] != "(" or words[at - 1][0] == "define":
                continue
            place = f"{path}:{text.count(chr(10), 0, offset) + 1}"
            said = arguments(words, at + 1)
            number = SAYS[word]
            if word == "ErrorPrint" and said[0][:1] == ["RELAXED"]:
                number -= 1
            number += len(said) if number < 0 else 0
            if len(said) <= number:
                continue
            for sentence in strings(said[number], defines):
                plain = word not in FORMATTED
                sentence, named = (sentence, True) if plain else key(sentence)
                if not named:
                    wrong.append(f"{place}: a conversion without a name: {sentence}")
                elif sentence:
                    yield place, sentence


def sql_messages(wrong):
    """(place, key) of the messages in SQL."""
    for path in sorted(glob.glob("sql/code/*.sql")):
        text = open(path, encoding="utf-8").read()
        for m in re.finditer(r"\bcitybigdata\.say\(\s*(?:'((?:[^']|'')*)'|(\S+))", text):
            place = f"{path}:{text.count(chr(10), 0, m.start()) + 1}"
            if m[1] is None and not text[:m.start()].endswith("FUNCTION "):
                # a value of a table, whose messages are marked by themselves
                continue
            if m[1] is not None:
                yield place, m[1].replace("''", "'")


def english_only(wrong):
    """Errors that callers get, and whose words do not come from the catalogue."""
    words = re.compile(r"[A-Za-z]+ [a-z]")
    for path in sorted(glob.glob("extension/*/*.c")):
        found = tokens(open(path, encoding="utf-8").read())
        level = None
        for at, (word, _) in enumerate(found[:-2]):
            if word == "ereport":
                level = found[at + 2][0]
            elif word in ("errmsg", "errdetail", "errhint") and not level.startswith(("LOG", "DEBUG")):
                for sentence in strings(arguments(found, at + 1)[0], {}):
                    if words.search(sentence) and not CODE.search(sentence):
                        wrong.append(f"{path}: {word}() of words, not say{word[3:]}(): {sentence}")
    for path in sorted(glob.glob("sql/code/*.sql")):
        text = open(path, encoding="utf-8").read()
        for m in re.finditer(r"RAISE (?:EXCEPTION|WARNING|NOTICE) '([^']*)'|\b(?:MESSAGE|HINT|DETAIL) = (?:format\()?'((?:[^']|'')*)'|"
                             r"citybigdata\.refuse\(\d+, (?:format\()?'([^']*)'", text):
            sentence = m[1] or m[2] or m[3] or ""
            if words.search(sentence) and not CODE.search(sentence):
                wrong.append(f"{path}:{text.count(chr(10), 0, m.start()) + 1}: words that are not of citybigdata.say(): {sentence}")


def sql_calls(text):
    """[(literal, offset, names of the calls around it, text of the innermost brackets)] of SQL without comments."""
    opened, found, groups = [], [], {}
    for m in re.finditer(r"'(?:[^']|'')*'|[()\[\]]|--[^\n]*|\w+", text):
        if m[0] in "([":
            before = re.search(r"(\w+)\s*$", text[max(0, m.start() - 80):m.start()])
            opened.append((before[1] if before else "", m.start()))
        elif m[0] in ")]":
            if opened:
                groups[opened.pop()[1]] = m.end()
        elif m[0][0] == "'":
            found.append((m[0][1:-1].replace("''", "'"), m.start(), [name for name, _ in opened], opened[-1][1] if opened else None))
    return [(literal, at, calls, "" if group is None else text[group:groups.get(group, at)]) for literal, at, calls, group in found]


def unsaid(wrong, rows):
    """Sentences that SQL functions show or keep in English alone: neither said, nor beside their Chinese, nor of the audit log."""
    sentence = re.compile(r"[A-Za-z]+,? [a-z]+")
    code = re.compile(r"[A-Z]{2,}|::|\$|%1|\(text|^[ ;\"<]|pg_")
    known = {*rows, *WORDS, *(NAME.sub("%s", key) for key in rows)}  # with %s: kept in English, said when it is shown
    for path in sorted(set(glob.glob("sql/code/*.sql")) - set(glob.glob("sql/code/*-rows.sql"))):
        text = open(path, encoding="utf-8").read()
        text = re.sub(r"^ *COMMENT ON [^;]*?IS\s*(?:'(?:[^']|'')*'\s*)+;", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.M)
        for literal, at, calls, group in sql_calls(text):
            if (sentence.search(literal) and not code.search(literal) and not CHINESE.search(group) and "COMMENT ON" not in group
                    and not text[:at].endswith("RAISE LOG ") and not UNSAID.intersection(calls) and literal not in known):
                wrong.append(f"{path}:{text.count(chr(10), 0, at) + 1}: in English alone, not of citybigdata.say(): {literal}")


def immutable(wrong):
    """SQL functions that say something, in the caller's language, and claim to depend on nothing."""
    for path in sorted(glob.glob("sql/code/*.sql")):
        for body in re.split(r"^(?=CREATE OR REPLACE |COMMENT ON )", open(path, encoding="utf-8").read(), flags=re.M):
            if body.startswith("CREATE") and "citybigdata.say(" in body and re.search(r"\bIMMUTABLE\b", body):
                wrong.append(f"{path}: IMMUTABLE, and calls citybigdata.say(): {body[:body.index('(')]}")


def catalogue(wrong):
    """{English: Chinese}"""
    rows = {}
    for number, line in enumerate(open(CATALOGUE, encoding="utf-8").read().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        english, bar, chinese = line.partition(" | ")
        place = f"{CATALOGUE}:{number}"
        if not bar:
            wrong.append(f"{place}: no ' | ': {line}")
        elif rows.get(english, chinese) != chinese:
            wrong.append(f"{place}: another Chinese sentence for {english}")
        rows[english] = chinese
        if re.search(r"[A-Za-z]{2}", NAME.sub("", english)) and not CHINESE.search(chinese) and english not in SAME:
            wrong.append(f"{place}: not translated: {english}")
        if sorted(set(NAME.findall(english))) != sorted(set(NAME.findall(chinese))):
            wrong.append(f"{place}: other names in Chinese: {english} | {chinese}")
        if HALF.search(re.sub("“.”", "", chinese)):
            wrong.append(f"{place}: a half-width mark in Chinese: {chinese}")
    return rows


def main():
    """Prints what is wrong."""
    wrong = []
    rows = catalogue(wrong)
    english_only(wrong)
    immutable(wrong)
    unsaid(wrong, rows)
    used = {}
    for place, sentence in [*c_messages(wrong), *sql_messages(wrong)]:
        used.setdefault(sentence, place)
    if "--missing" in sys.argv:
        print("".join(f"{sentence} | \n" for sentence in used if sentence not in rows), end="")
        return
    wrong += [f"{place}: not in {CATALOGUE}: {sentence}" for sentence, place in used.items()
              if sentence not in rows and not (CODE.search(sentence) and (sentence[0].isalpha() or not NAME.search(sentence)))]
    wrong += [f"{CATALOGUE}: said nowhere: {sentence}" for sentence in rows if sentence not in used]
    wrong += [f"{place}: a message has ' | ', a line break or only blanks: {sentence}" for sentence, place in used.items()
              if " | " in sentence or "\n" in sentence]
    print("".join(line + "\n" for line in wrong), end="")


if __name__ == "__main__":
    main()
