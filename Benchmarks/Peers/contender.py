"""A contender in Python: the protocol and the clock of Sources/Contender, for statements instead of function pointers.

A peer gives `serve` a function that prepares a case: it takes the case's words and returns a statement and the names it
uses, or raises Missing. The statement is compiled into the timing loop (timeit does that), so no call of a lambda is
counted: it would double the price of NumPy's smallest operations.
"""

import argparse
import json
import statistics
import sys
import time
import timeit

SHORTEST_SAMPLE = 20e-6
MOST_SAMPLES = 1 << 14


class Missing(Exception):
    """This contender does not do such a case; the message says why."""


def measure(statement, names, seconds):
    """Calls, and seconds a call: of the fastest sample and of the one in the middle."""
    timer = timeit.Timer(statement, globals=names)
    calls, warm_up = 1, time.perf_counter() + seconds / 8
    while True:
        if timer.timeit(calls) < SHORTEST_SAMPLE:
            calls *= 2
        if time.perf_counter() >= warm_up:
            break
    samples, end = [], time.perf_counter() + seconds
    while len(samples) < MOST_SAMPLES and (time.perf_counter() < end or len(samples) < 3):
        samples.append(timer.timeit(calls) / calls)
    return {"calls": calls * len(samples), "min": min(samples), "median": statistics.median(samples)}


def serve(peer, about, prepare):
    """Answers requests until the input ends, or the cases that are arguments.

    `about` and `prepare` get the number of threads.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peer", default=peer, help="the name to answer by")
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_args()
    who = {"peer": arguments.peer, "threads": arguments.threads}
    ready = None

    def say(**answer):
        print(json.dumps({**who, **answer}), flush=True)

    def answer(words, seconds):
        nonlocal ready
        try:
            if ready is None or ready[0] != words:
                ready = None  # the old case's memory goes first
                ready = (words, *prepare(words.split(), arguments.threads))
            say(case=words, **measure(ready[1], ready[2], seconds))
        except Missing as missing:
            say(case=words, missing=str(missing))

    text = about(arguments.threads)
    for case in arguments.cases:
        answer(case, 0.5)
    if arguments.cases:
        return
    say(about=text)
    for line in sys.stdin:
        seconds, _, words = line.strip().partition(" ")
        answer(words, float(seconds))
