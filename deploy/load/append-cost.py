#!/usr/bin/env python3
"""What an append costs Redis: runs the log's script with prepared batches against a redis-server of its own, with one subscriber.

    deploy/load/append-cost.py [CHANNELS] [ENTRIES] [--ids] [--stats]

Each batch has ENTRIES (16) appends to each of CHANNELS (32), as AppendBatch.java makes them; 400,000 appends in all. Printed is the server's processor time
for an append, and with --stats what Redis itself counted for each command. Needs Python 3 and redis-server, nothing else.
"""
import random
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "server/src/main/resources/dev/parley/server/log/redis/append.lua"
APPENDS = 400_000
DAY = 86_400_000
numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
channels, entries = (numbers + [32, 16][len(numbers):])[:2]
ids = "--ids" in sys.argv
window = DAY if ids else 0
entry = (b'\n{"from":{"user":"g-abcdefghij","name":"Guest 1234","connection":"n000001.4711"},"messageId":"01HZZZZZZZZZZZZZZZZZZZZZZZ",'
         b'"event":"message","time":1763742000000,"data":"' + b"x" * 100 + b'"}')


def command(*words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        raw = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(raw), raw))
    return b"".join(parts)


def key(kind, number):
    return "parley:{%d}:%s:group/load-%d" % (number % 1024, kind, number)


def batch(number):
    """What one batch sends, and how many answers it gets."""
    sent, keys, arguments = [], [], ["PUBLISH", "abcdefghij", channels]
    deadline = int(time.time() * 1000) + 600_000
    for i in range(channels):
        at = (number * channels + i) % 100 if channels < 100 else i
        tag = random.randrange(1, 1 << 48)
        keys += [key("meta", at), key("log", at), key("bell", at)]
        keys += ["%s:%d:%d" % (key("sent", at), window, turn) for turn in (0, 1)] if ids else []
        arguments += ["", 0, window, 1000, 7 * DAY, 30 * DAY, deadline, tag, entries]
        for each in range(entries):
            arguments += ["u:g-abcdefghij\0m-%d-%d-%d" % (number, i, each), deadline] if ids else []
            arguments.append(entry)
        if entries > 1:
            head = "p%d %d%s\n" % (tag, entries, (" %d" % len(entry)) * entries)
            sent.append(command("PUBLISH", key("bell", at), head.encode() + entry * entries))
    sent.append(command("EVALSHA", sha, len(keys), *keys, *arguments))
    return b"".join(sent), len(sent)


def reply():
    line = answers.readline()
    if line[:1] == b"-":
        raise SystemExit(line.decode())
    if line[:1] == b"$":
        return answers.read(int(line[1:]) + 2)[:-2]
    return [reply() for _ in range(int(line[1:]))] if line[:1] == b"*" else line[1:-2]


def ask(*words):
    link.sendall(command(*words))
    return reply()


def connected(port):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            time.sleep(0.05)
    raise SystemExit("redis-server does not answer")


def drain(hearing):
    while hearing.recv(1 << 18):
        pass


def used():
    fields = Path("/proc/%d/stat" % redis.pid).read_text().split()
    return (int(fields[13]) + int(fields[14])) / 100


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
redis = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL)
try:
    link = connected(port)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = link.makefile("rb", 1 << 20)
    hearing = connected(port)
    hearing.sendall(command("SUBSCRIBE", *[key("bell", number) for number in range(max(100, channels))]))
    threading.Thread(target=drain, args=(hearing,), daemon=True).start()
    sha = ask("SCRIPT", "LOAD", SCRIPT.read_bytes()).decode()
    prepared = [batch(number) for number in range(20 + APPENDS // (channels * entries))]
    for number, (bytes_sent, count) in enumerate(prepared):
        if number == 20:
            ask("CONFIG", "RESETSTAT")
            before = used()
        link.sendall(bytes_sent)
        lines = [reply() for _ in range(count)][-1]
        assert all(line[:1] == b"+" for line in lines[1:]), lines
    cost = (used() - before) / ((len(prepared) - 20) * channels * entries)
    print("%d channels x %d entries%s: %.2f us of Redis an append, %.0f/s" % (channels, entries, " with ids" if ids else "", cost * 1e6, 1 / cost))
    if "--stats" in sys.argv:
        for name, calls, usec in re.findall(r"cmdstat_(\S+?):calls=(\d+),usec=(\d+)", ask("INFO", "commandstats").decode()):
            print("  %-16s %9s calls %8.2f us each" % (name, calls, int(usec) / int(calls)))
finally:
    redis.terminate()
    redis.wait()
