#!/bin/sh
# samples_zh.sh TABLE < SAMPLE: a sample program as the Chinese manual shows it: the texts in the first column of the table
# (docs/samples/zh.tsv: comments, and the language that is asked for) are replaced by those in the second, longer ones first.
awk -F '\t' '
    FILENAME != "-" { if ($0 !~ /^#/) { english[++count] = $1; chinese[count] = $2 } next }
    {
        rest = $0; line = ""
        while (rest != "") {
            best = 0
            for (i = 1; i <= count; i++) {
                at = index(rest, english[i])
                if (at > 0 && (best == 0 || at < where || (at == where && length(english[i]) > length(english[best])))) { best = i; where = at }
            }
            if (best == 0) break
            line = line substr(rest, 1, where - 1) chinese[best]
            rest = substr(rest, where + length(english[best]))
        }
        print line rest
    }' "$1" -
