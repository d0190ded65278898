"""Words of a text that do not locate a task in a repository: of grammar, of issues, and of commit messages."""

from __future__ import annotations

GRAMMAR_WORDS = frozenset(
    b"""a about after all also am an and any are as at be because been before being between both but by can cannot could
    did do does doesn doing don done down during each etc even few for from get gets getting give got had has hasn have
    having he her here him his how however i if in instead into is isn it its itself just like ll let lot may me might
    more most much must my no nor not now of off on once only or other our out over own re s same see seem seems set she
    should shouldn so some still such t than that the their them then there these they thing this those through to too
    try trying under until up us use used uses using ve very via want wants was wasn way we well were what when where
    whether which while who why will with without won would wouldn yes yet you your""".split()
)
"""In lower case."""

STOP_WORDS = GRAMMAR_WORDS.union(
    b"""
    description bug bugs issue report expected actual behavior behaviour version versions reproduce steps code example
    problem output result results error following current currently work works working need fix fixed fixes fixing add
    added adding adds make made makes change changed changes changing new think allow close closed closes commit merge
    pull ref refs remove removed removes removing request support update updated updates updating

    self cls none true false def class return import print pass""".split()
)
"""In lower case. Those that are no words of grammar count where a text has no others: "request" alone says something. A
definition may be found by a name that is one of them, too, if the name stands in the text as code.
"""
