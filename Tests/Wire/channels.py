"""The channels of other front ends, as the clients that people have talk to them: python-socketio, websocket-client, requests.

Each check starts the server itself, since some take it down; `check.py` runs them.
"""
import contextlib
import json
import pathlib
import queue
import signal
import socket
import subprocess
import tempfile
import threading
import time

import requests
import socketio
import websocket

FILING = "聊城的医保，去北京看病怎么备案"
PHONE = "我是聊城的，医保电话给一个"
SITE = "https://front.example"


class Server:
    def __init__(self, daoban, *options):
        self.command = [daoban, "serve", *options]
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.http = f"http://127.0.0.1:{self.port}"
        self.ws = f"ws://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        store = pathlib.Path(self.folder.name) / "daoban.sqlite"
        self.process = subprocess.Popen([*self.command, "--port", str(self.port), "--store", store], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline().startswith("ready ")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def metric(self, name):
        for line in requests.get(self.http + "/metrics").text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])

    def stored(self, text):
        """How often the text stands in the files of the store."""
        return sum(path.read_bytes().count(text.encode()) for path in pathlib.Path(self.folder.name).iterdir())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.folder.cleanup()


# MARK: Rasa's Socket.IO

class Rasa:
    """A front end of Rasa's: what it hears is put into a queue."""

    def __init__(self, server, **options):
        self.heard, self.confirmed = queue.Queue(), queue.Queue()
        self.client = socketio.Client(reconnection=False)
        self.client.on("bot_uttered", self.heard.put)
        self.client.on("session_confirm", self.confirmed.put)
        self.client.connect(server.http, **options)

    def session(self, name=None):
        self.client.emit("session_request", {"session_id": name})
        return self.confirmed.get(timeout=5)

    def say(self, text, session=None, until="来源"):
        """All that is said until a message has those words."""
        self.client.emit("user_uttered", {"message": text, "session_id": session, "customData": {"language": "zh"}})
        return self.hear(until)

    def hear(self, until):
        messages = []
        while not messages or not (until in messages[-1]["text"] or (until == "quick_replies" and "quick_replies" in messages[-1])):
            messages.append(self.heard.get(timeout=5))
        return messages

    def waiting(self):
        """What was heard and not looked at yet."""
        return [self.heard.get() for _ in range(self.heard.qsize())]

    def close(self):
        self.client.disconnect()


def rasa_front_ends_talk_by_polling_by_websocket_and_by_both(daoban):
    with Server(daoban) as server:
        for transports in (["polling"], ["websocket"], ["polling", "websocket"]):
            rasa = Rasa(server, transports=transports)
            assert rasa.client.transport() == transports[-1], rasa.client.transport()
            name = rasa.session()
            assert isinstance(name, str) and len(name) >= 20
            asked = rasa.say(FILING, name, until="quick_replies")
            replies = asked[-1]["quick_replies"]
            assert {reply["content_type"] for reply in replies} == {"text"} and "1." not in asked[-1]["text"]
            answer = rasa.say(replies[0]["payload"], name)
            assert "聊城" in answer[0]["text"] and all(set(message) <= {"text", "quick_replies"} for message in answer)
            time.sleep(0.2)
            answer += rasa.waiting()
            texts = [message["text"] for message in answer]
            assert len(set(texts)) == len(texts), "a turn was said twice"
            rasa.close()


def a_rasa_session_goes_on_after_a_crash_and_in_another_window(daoban):
    with Server(daoban) as server:
        rasa = Rasa(server)
        name = rasa.session()
        asked = rasa.say(FILING, name, until="quick_replies")
        server.kill()
        server.start()
        first, second = Rasa(server, transports=["websocket"]), Rasa(server, transports=["polling"])
        assert first.session(name) == second.session(name) == name
        answer = first.say(asked[-1]["quick_replies"][0]["payload"], name)
        assert second.hear("来源") == answer
        # The same name is somebody else on every other channel.
        rest = requests.post(server.http + "/webhooks/rest/webhook", json={"sender": name, "message": "再说一遍"}).json()
        assert rest != answer
        assert requests.get(server.http + "/v1/turns", headers={"Authorization": f"Bearer {name}"}).status_code == 401
        first.close()
        second.close()


def an_event_is_acknowledged_once_its_turn_is_stored(daoban):
    with Server(daoban) as server:
        rasa = Rasa(server, transports=["websocket"])
        before = server.metric("daoban_turns_total")
        assert not rasa.client.call("user_uttered", {"message": PHONE}, timeout=5)
        assert server.metric("daoban_turns_total") == before + 1
        error = rasa.client.call("user_uttered", {"message": "长" * 2000}, timeout=5)
        assert error["code"] == "text_too_long" and not error["retryable"], error
        message = rasa.hear("太长")[-1]
        assert message["error"]["code"] == "text_too_long"
        assert rasa.client.call("user_uttered", {"text": "好"}, timeout=5)["code"] == "bad_field"
        rasa.close()


def personal_numbers_never_reach_the_store(daoban):
    number = "13812345678"
    with Server(daoban) as server:
        rasa = Rasa(server)
        rasa.say(f"我的手机号是{number}，{PHONE}", rasa.session())
        rasa.close()
        chat = websocket.create_connection(server.ws + "/compat/deep-chat")
        chat.send(json.dumps({"messages": [{"role": "user", "text": f"我的手机号是{number}"}]}))
        json.loads(chat.recv())
        chat.close()
        line = DirectLine(server)
        posted = line.post(f"我的手机号是{number}", "c1")
        assert posted.status_code == 200
        assert all(number not in activity["text"] for activity in line.get()["activities"])
        assert server.stored(number) == 0


def engine_io_is_spoken_to_the_letter(daoban):
    with Server(daoban) as server:
        base = server.http + "/socket.io/"
        poll = {"EIO": "4", "transport": "polling"}
        answer = requests.get(base, params=poll)
        assert answer.headers["Content-Type"] == "text/plain; charset=UTF-8" and answer.text[0] == "0"
        opening = json.loads(answer.text[1:])
        assert opening["upgrades"] == ["websocket"] and (opening["pingInterval"], opening["pingTimeout"]) == (25000, 20000)
        poll["sid"] = opening["sid"]
        assert requests.post(base, params=poll, data="40").text == "OK"
        assert requests.get(base, params=poll).text.startswith('40{"sid":"')
        assert requests.post(base, params=poll, data='42["session_request",{"session_id":null}]\x1e420["user_uttered",{"message":"谢谢"}]'.encode()).text == "OK"
        said = ""
        while "430[]" not in said:
            said += requests.get(base, params=poll).text + "\x1e"
        assert [packet[:2] for packet in said.split("\x1e") if packet][:2] == ["42", "42"], said
        for wanted, params, method, body in (
            (5, {"EIO": "3", "transport": "polling"}, "GET", None), (0, {"EIO": "4", "transport": "pigeon"}, "GET", None),
            (1, {**poll, "sid": "nobody"}, "GET", None), (2, {"EIO": "4", "transport": "polling"}, "POST", "40"), (3, poll, "POST", "nonsense"),
        ):
            answer = requests.request(method, base, params=params, data=body)
            assert (answer.status_code, answer.json()["code"]) == (400, wanted), answer.text
        assert requests.get(base, params=poll).json()["code"] == 1, "nonsense ends the session"
        assert requests.delete(base, params=poll).status_code == 405
        # A namespace that is not there, and a WebSocket from the start.
        line = websocket.create_connection(server.ws + "/socket.io/?EIO=4&transport=websocket")
        assert json.loads(line.recv()[1:])["upgrades"] == []
        line.send("40/admin,")
        assert line.recv() == '44/admin,{"message":"Invalid namespace"}'
        line.send("40")
        assert line.recv().startswith("40{")
        line.send("41")
        with contextlib.suppress(websocket.WebSocketException):
            assert line.recv() == ""


def a_poll_waits_is_pinged_and_is_bounded_in_number(daoban):
    with Server(daoban, "--max-connections-per-address", "3", "--max-engine-sessions", "4") as server:
        base, poll = server.http + "/socket.io/", {"EIO": "4", "transport": "polling"}
        sids = [json.loads(requests.get(base, params=poll).text[1:])["sid"] for _ in range(3)]
        refused = requests.get(base, params=poll)
        assert refused.status_code == 429 and refused.json()["code"] == "rate_limited"
        with contextlib.suppress(websocket.WebSocketBadStatusException):
            websocket.create_connection(server.ws + "/socket.io/?EIO=4&transport=websocket")
            raise AssertionError("a fourth session was let in")
        mine = {**poll, "sid": sids[0]}
        requests.post(base, params=mine, data="40")
        requests.get(base, params=mine)
        began = time.monotonic()
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(requests.get(base, params=mine, timeout=40).text))
        waiting.start()
        time.sleep(12)
        # Whoever did not even join the namespace was let go meanwhile, so there is room again.
        assert requests.get(base, params={**poll, "sid": sids[1]}).json()["code"] == 1
        assert requests.get(base, params=poll).status_code == 200
        waiting.join(40)
        assert answers == ["2"] and 20 < time.monotonic() - began < 30, (answers, time.monotonic() - began)
        # A second poll beside the first ends the session.
        requests.post(base, params=mine, data="3")
        waiting = threading.Thread(target=lambda: answers.append(requests.get(base, params=mine, timeout=40).text))
        waiting.start()
        time.sleep(0.5)
        assert requests.get(base, params=mine).status_code == 400
        waiting.join(5)
        assert answers[-1] == "1"


# MARK: Deep Chat

def deep_chat_gets_one_message_a_turn(daoban):
    with Server(daoban) as server:
        def chat(query=""):
            return websocket.create_connection(server.ws + "/compat/deep-chat" + query)

        def ask(line, text):
            line.send(json.dumps({"messages": [{"role": "user", "text": text}]}, ensure_ascii=False))
            return json.loads(line.recv())

        line = chat()
        answer = ask(line, FILING)
        assert set(answer) == {"text", "html"} and "deep-chat-suggestion-button" in answer["html"], answer
        label = answer["html"].split('suggestion-button">')[1].split("<")[0]
        answer = ask(line, label)
        assert "来源" in answer["text"] and "聊城" in answer["text"], answer
        for wrong, code in (("{", "bad_json"), ('{"messages":[]}', "bad_field"), (json.dumps({"messages": [{"text": "长" * 2000}]}), "text_too_long")):
            line.send(wrong)
            error = json.loads(line.recv())
            assert error["code"] == code and error["error"].endswith("。"), error
        assert "text" in ask(line, "谢谢")
        # A page that names a session goes on where it was, also after a crash.
        kept = chat("?session=page-7")
        ask(kept, FILING)
        server.kill()
        server.start()
        assert "来源" in ask(chat("?session=page-7"), label)["text"]
        line = chat()
        line.send_binary(b"{}")
        opcode, data = line.recv_data()
        assert opcode == websocket.ABNF.OPCODE_CLOSE and int.from_bytes(data[:2], "big") == 1003


# MARK: Direct Line

class DirectLine:
    def __init__(self, server, token=None):
        self.root = server.http + "/v3/directline/"
        self.server = server
        begun = requests.post(self.root + "conversations", json={"user": {"id": "r_1"}}, headers=self.headers(token))
        assert begun.status_code in (200, 201), begun.text
        self.status = begun.status_code
        self.__dict__.update({"id": begun.json()["conversationId"], "token": begun.json()["token"], "stream_url": begun.json()["streamUrl"]})

    def headers(self, token=None):
        return {"Authorization": f"Bearer {token or getattr(self, 'token', 'anything')}", "x-ms-bot-agent": "DirectLine/3.0"}

    def url(self, rest=""):
        return f"{self.root}conversations/{self.id}{rest}"

    def post(self, text, own=None, **more):
        activity = {"type": "message", "text": text, "from": {"id": "r_1", "name": "张", "role": "user"}, "locale": "zh-CN", **more}
        if own:
            activity["channelData"] = {"clientActivityID": own}
        return requests.post(self.url("/activities"), json=activity, headers=self.headers())

    def get(self, watermark=None):
        return requests.get(self.url("/activities"), params={"watermark": watermark} if watermark else {}, headers=self.headers()).json()

    def stream(self, url=None):
        return websocket.create_connection(url or self.stream_url, timeout=5)


def whk_05_direct_line_streams_echoes_and_answers_what_is_sent_again_once(daoban):
    with Server(daoban) as server:
        line = DirectLine(server)
        assert line.status == 201 and line.stream_url.startswith(server.ws)
        stream = line.stream()
        opening = json.loads(stream.recv())
        assert opening["watermark"] == "1" and {activity["from"]["role"] for activity in opening["activities"]} == {"bot"}
        stream.send("")
        posted = line.post(FILING, "1494524132938.4936.0")
        assert posted.status_code == 200
        said = json.loads(stream.recv())
        echo, *answers = said["activities"]
        assert echo["id"] == posted.json()["id"] and echo["id"].startswith(line.id + "|")
        assert echo["channelData"]["clientActivityID"] == "1494524132938.4936.0" and echo["from"]["id"] == "r_1"
        assert all(answer["replyToId"] == echo["id"] and answer["from"]["role"] == "bot" for answer in answers)
        # The same activity again is the same turn.
        again = line.post(FILING, "1494524132938.4936.0")
        assert again.json() == posted.json() and line.get("1") == said
        assert line.post("谢谢", "1494524132938.4936.0").status_code == 409
        # A suggested action is said in its words.
        action = answers[-1]["suggestedActions"]["actions"][0]
        assert action["type"] == "imBack"
        line.post(action["value"], "c2")
        answer = json.loads(stream.recv())
        assert answer["watermark"] == "3" and any("来源" in activity["text"] for activity in answer["activities"])
        assert line.post("", "c3", type="typing").status_code == 200
        assert line.get("3") == {"activities": [], "watermark": "3"}


def direct_line_comes_back_where_it_was(daoban):
    with Server(daoban) as server:
        line = DirectLine(server)
        line.stream().close()
        line.post(FILING, "c1")
        seen = line.get()
        server.kill()
        server.start()
        line.post("谢谢", "c2")
        again = requests.get(line.url(), params={"watermark": seen["watermark"]}, headers=line.headers())
        assert again.status_code == 200 and again.json()["conversationId"] == line.id
        stream = line.stream(again.json()["streamUrl"])
        missed = json.loads(stream.recv())
        assert [activity["channelData"].get("clientActivityID") for activity in missed["activities"]][0] == "c2"
        assert missed == line.get(seen["watermark"]) and line.get() != seen
        # One stream a conversation: the newer one takes over.
        other = line.stream(requests.get(line.url(), headers=line.headers()).json()["streamUrl"])
        assert len(json.loads(other.recv())["activities"]) == len(line.get()["activities"])
        opcode, data = stream.recv_data()
        assert opcode == websocket.ABNF.OPCODE_CLOSE and data[2:] == b"collision", data
        line.post("医保电话", "c3")
        assert json.loads(other.recv())["watermark"] == "4"
        # The page is loaded anew with the token that it kept.
        assert DirectLine(server, line.token).id == line.id


def direct_line_refuses_strangers(daoban):
    with Server(daoban) as server:
        mine, other = DirectLine(server), DirectLine(server)
        made = requests.post(mine.root + "tokens/generate", json={"user": {"id": "r_2"}}).json()
        assert DirectLine(server, made["token"]).id == made["conversationId"]
        assert requests.post(mine.root + "tokens/refresh", headers=mine.headers()).json()["conversationId"] == mine.id
        for wanted, method, url, headers in (
            (401, "GET", mine.url("/activities"), {}), (403, "GET", mine.url("/activities"), mine.headers("made up")),
            (404, "GET", mine.url("/activities"), other.headers()), (404, "GET", mine.root + "conversations/nobody", mine.headers()),
            (400, "GET", mine.url("/activities?watermark=x"), mine.headers()), (404, "GET", mine.root + "nothing", mine.headers()),
            (403, "POST", mine.root + "tokens/refresh", mine.headers("made up")), (415, "POST", mine.url("/upload"), mine.headers()),
            (400, "POST", mine.url("/activities"), mine.headers()), (405, "DELETE", mine.url(), mine.headers()),
        ):
            answer = requests.request(method, url, headers=headers, data="{}" if method == "POST" else None)
            assert answer.status_code == wanted, (wanted, method, url, answer.status_code, answer.text)
            if wanted not in (405,):
                assert set(answer.json()["error"]) == {"code", "message"}, answer.text
        assert mine.post("长" * 2000).status_code == 413
        for url in (mine.stream_url.split("&t=")[0], mine.stream_url[:-1] + "_", mine.stream_url.replace(mine.id, other.id)):
            try:
                mine.stream(url)
                raise AssertionError(f"{url} was opened")
            except websocket.WebSocketBadStatusException as refused:
                assert refused.status_code == 403
        assert mine.token not in mine.stream_url


# MARK: All of them

def samples(address, examples):
    """What the examples of the description are answered with, by the messages' names."""
    class Running:
        http, ws = address, address.replace("http", "ws")

    rasa = Rasa(Running, transports=["websocket"])
    rasa.client.emit("session_request", examples["session_request"][0])
    confirmed = rasa.confirmed.get(timeout=5)
    rasa.client.call("user_uttered", examples["user_uttered"][0], timeout=5)
    uttered = rasa.say(FILING, until="quick_replies")
    rasa.client.emit("user_uttered", {"message": "长" * 2000})
    uttered += rasa.hear("太长")
    rasa.close()
    chat = websocket.create_connection(Running.ws + "/compat/deep-chat")
    chat.send(json.dumps(examples["deepChatRequest"][0]))
    answer = json.loads(chat.recv())
    chat.send("{}")
    error = json.loads(chat.recv())
    line = DirectLine(Running)
    line.post(FILING, "c1")
    sets = [json.loads(line.stream().recv()), line.get("1"), line.get("2")]
    return {"session_confirm": [confirmed], "bot_uttered": uttered, "deepChatAnswer": [answer], "deepChatError": [error], "activitySet": sets}


def only_listed_sites_may_use_the_channels(daoban):
    with Server(daoban, "--origin", SITE) as server:
        for path, wanted in (("/socket.io/?EIO=4&transport=polling", "content-type"), ("/v3/directline/conversations", "x-ms-bot-agent"), ("/webhooks/rest/webhook", "content-type")):
            asked = requests.options(server.http + path, headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
            assert asked.status_code == 204 and asked.headers["Access-Control-Allow-Origin"] == SITE
            assert wanted in asked.headers["Access-Control-Allow-Headers"]
            foreign = requests.options(server.http + path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
            assert foreign.status_code == 403 and "Access-Control-Allow-Origin" not in foreign.headers
        assert requests.get(server.http + "/socket.io/?EIO=4&transport=polling", headers={"Origin": SITE}).headers["Access-Control-Allow-Origin"] == SITE
        stream = DirectLine(server).stream_url
        for url in (server.ws + "/compat/deep-chat", server.ws + "/socket.io/?EIO=4&transport=websocket", stream):
            websocket.create_connection(url, origin=SITE).close()
            try:
                websocket.create_connection(url, origin="https://evil.example")
                raise AssertionError(f"{url} was opened for a foreign site")
            except websocket.WebSocketBadStatusException as refused:
                assert refused.status_code == 403
        # A page that came over TLS is told an address that it may open.
        begun = requests.post(server.http + "/v3/directline/conversations", json={}, headers={"Origin": SITE})
        assert begun.json()["streamUrl"].startswith("wss://")


def too_much_at_once_is_told_and_then_ended(daoban):
    with Server(daoban, "--message-rate", "1", "--message-burst", "3", "--error-limit", "5") as server:
        line = websocket.create_connection(server.ws + "/compat/deep-chat")
        for _ in range(6):
            line.send(json.dumps({"messages": [{"text": "谢谢"}]}))
        answers = [json.loads(line.recv()) for _ in range(6)]
        assert [answer.get("code") for answer in answers].count("rate_limited") == 3, answers
        # Mistakes count too.
        time.sleep(3)
        other = websocket.create_connection(server.ws + "/compat/deep-chat")
        for _ in range(3):
            other.send("{")
        time.sleep(4)
        for _ in range(3):
            other.send("{")
        closed = None
        for _ in range(8):
            opcode, data = other.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                closed = int.from_bytes(data[:2], "big")
                break
        assert closed == 4429, closed


def a_drain_tells_everyone(daoban):
    with Server(daoban) as server:
        base, poll = server.http + "/socket.io/", {"EIO": "4", "transport": "polling"}
        poll["sid"] = json.loads(requests.get(base, params=poll).text[1:])["sid"]
        requests.post(base, params=poll, data="40")
        requests.get(base, params=poll)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(requests.get(base, params=poll, timeout=20).text))
        waiting.start()
        lines = [websocket.create_connection(server.ws + "/compat/deep-chat"), DirectLine(server).stream()]
        lines[1].recv()
        time.sleep(0.3)
        server.process.terminate()
        for line in lines:
            opcode, data = line.recv_data()
            assert opcode == websocket.ABNF.OPCODE_CLOSE and int.from_bytes(data[:2], "big") == 1001
        waiting.join(10)
        assert answers == ["1"] and server.process.wait(20) == 0


CHECKS = [
    rasa_front_ends_talk_by_polling_by_websocket_and_by_both, a_rasa_session_goes_on_after_a_crash_and_in_another_window,
    an_event_is_acknowledged_once_its_turn_is_stored, personal_numbers_never_reach_the_store, engine_io_is_spoken_to_the_letter,
    a_poll_waits_is_pinged_and_is_bounded_in_number, deep_chat_gets_one_message_a_turn, whk_05_direct_line_streams_echoes_and_answers_what_is_sent_again_once,
    direct_line_comes_back_where_it_was, direct_line_refuses_strangers, only_listed_sites_may_use_the_channels,
    too_much_at_once_is_told_and_then_ended, a_drain_tells_everyone,
]
