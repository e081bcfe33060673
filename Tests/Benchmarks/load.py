#!/usr/bin/env python3
"""Drives WebSocket connections in closed loop and tells what a turn costs the server.

The processor time is the server's own, read from /proc, so that this program's slowness does not count; latencies are
those seen from here and hold for comparison within one run only.
"""
import argparse
import json
import os
import select
import socket
import struct
import time

SCRIPT = [
    ["异地备案怎么办", "聊城的，去北京", "长期住在那边"],
    ["职工医保住院能报多少", "济南", "在职，三甲"],
    ["居民医保怎么交", "聊城", "用微信"],
    ["家庭共济怎么绑", "济南", "给老伴用"],
    ["医保断缴了怎么补", "青岛职工", "断了两个月"],
    ["医保电话是多少", "茌平", "再说一遍"],
]


def frame(text):
    payload = text.encode()
    mask = os.urandom(4)
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + struct.pack(">H", size)
    return head + mask + bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))


class Connection:
    def __init__(self, address, talks, number):
        self.talks = talks
        self.group, self.step, self.count, self.sent = number % len(SCRIPT), 0, 0, 0.0
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(
            b"GET /v1/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(4096)
        self.buffer = data.split(b"\r\n\r\n", 1)[1]
        if talks:
            self.socket.sendall(frame('{"type":"hello","protocol":1}'))
        else:
            self.send()

    def send(self):
        self.count += 1
        if self.talks:
            text = SCRIPT[self.group][self.step]
            self.step += 1
            if self.step == len(SCRIPT[self.group]):
                self.group, self.step = (self.group + 1) % len(SCRIPT), 0
            text = json.dumps({"type": "message", "id": f"m{self.count}", "text": text}, ensure_ascii=False)
        else:
            text = "x" * 80
        self.sent = time.perf_counter()
        self.socket.sendall(frame(text))

    def receive(self, latencies):
        self.buffer += self.socket.recv(262144)
        answers = 0
        while len(self.buffer) >= 2:
            size, start = self.buffer[1] & 127, 2
            if size == 126:
                if len(self.buffer) < 4:
                    break
                size, start = struct.unpack(">H", self.buffer[2:4])[0], 4
            if len(self.buffer) < start + size:
                break
            message, self.buffer = self.buffer[start:start + size], self.buffer[start + size:]
            if message.startswith(b'{"type":"error"'):
                raise SystemExit(message.decode())
            if self.sent:
                latencies.append(time.perf_counter() - self.sent)
                answers += 1
            self.send()
        return answers


def processor_ticks(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--process", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--mode", choices=["echo", "talk"], required=True)
    options = parser.parse_args()
    connections = [Connection(("127.0.0.1", options.port), options.mode == "talk", number)
                   for number in range(options.connections)]
    by_descriptor = {connection.socket.fileno(): connection for connection in connections}
    poll = select.epoll()
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    turns, latencies = 0, []
    before, begun = processor_ticks(options.process), time.perf_counter()
    while time.perf_counter() - begun < options.seconds:
        for descriptor, _ in poll.poll(0.1):
            turns += by_descriptor[descriptor].receive(latencies)
    seconds = time.perf_counter() - begun
    ticks = processor_ticks(options.process) - before
    latencies.sort()
    print(json.dumps({
        "mode": options.mode, "connections": options.connections, "turns": turns,
        "turns_per_second": round(turns / seconds),
        "cpu_us_per_turn": round(ticks * 1e6 / os.sysconf("SC_CLK_TCK") / turns, 1),
        "p50_us": round(latencies[len(latencies) // 2] * 1e6),
        "p99_us": round(latencies[len(latencies) * 99 // 100] * 1e6),
    }))


main()
