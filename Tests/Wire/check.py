"""Holds the descriptions of the wire against the server: `Tests/python Tests/Wire/check.py DAOBAN [full]`.

Both files are validated; each example in them is sent and the answer is held against the schema that is promised for it.
Then schemathesis sends what is nearly right; `full` adds bodies that it makes up.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from websockets.sync.client import connect

import channels

FOLDER = pathlib.Path(__file__).parents[2] / "Sources/Channels/Wire"
FILES = {name: yaml.safe_load((FOLDER / name).read_text()) for name in ("openapi.yaml", "asyncapi.yaml")}
REGISTRY = Registry().with_resources(
    (f"file:///{name}", Resource.from_contents(content, default_specification=DRAFT202012)) for name, content in FILES.items())
OPEN, ASYNC = FILES["openapi.yaml"], FILES["asyncapi.yaml"]
DESK = "a secret of the desk, for this check alone"


def hold(value, file, pointer):
    """The value against the schema at that place."""
    schema = {"$ref": f"file:///{file}#{pointer}"}
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema, registry=REGISTRY).iter_errors(value)]
    assert not errors, f"{pointer}: {errors[:3]} in {json.dumps(value, ensure_ascii=False)[:300]}"


def escaped(*parts):
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def references(node, file):
    """Every $ref with the file that it stands in."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value, file)
    elif isinstance(node, list):
        for value in node:
            yield from references(value, file)


def resolved(node):
    return REGISTRY.resolver("file:///openapi.yaml").lookup(node["$ref"]).contents if "$ref" in node else node


def the_files_are_well_formed(_):
    validate(OPEN)
    for name, content in FILES.items():
        for reference in references(content, name):
            REGISTRY.resolver(f"file:///{name}").lookup(reference)
    assert ASYNC["asyncapi"] == "3.0.0" and set(ASYNC) <= {"asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components"}
    for operation in ASYNC["operations"].values():
        assert operation["action"] in ("send", "receive") and operation["channel"]["$ref"].rsplit("/", 1)[1] in ASYNC["channels"]
    for name, message in ASYNC["components"]["messages"].items():
        Draft202012Validator.check_schema(message["payload"])
        for example in message.get("examples", []):
            hold(example["payload"], "asyncapi.yaml", escaped("components", "messages", name, "payload"))


def each_example_of_the_socket_gets_what_is_promised(address):
    messages = ASYNC["components"]["messages"]
    with connect(address.replace("http", "ws") + "/v1/chat", subprotocols=["daoban.v1"]) as socket:
        for name in ("hello", "message", "choose", "feedback", "ping", "forget"):
            promised = next(
                [m["$ref"].rsplit("/", 1)[1] for m in operation["reply"]["messages"]]
                for operation in ASYNC["operations"].values()
                if operation["action"] == "receive" and any(m["$ref"].endswith("/" + name) for m in operation["messages"]))
            for example in messages[name]["examples"]:
                socket.send(json.dumps(example["payload"], ensure_ascii=False))
                answer = json.loads(socket.recv(10))
                assert answer["type"] == promised[0], answer
                hold(answer, "asyncapi.yaml", escaped("components", "messages", answer["type"], "payload"))
                assert answer.get("id") == example["payload"].get("id")


def resuming_and_errors_are_as_described(address):
    with connect(address.replace("http", "ws") + "/v1/chat") as socket:
        socket.send('{"type":"hello","protocol":1}')
        welcome = json.loads(socket.recv(10))
        for frame in ('{"type":"dance","id":"x"}', '{"type":"choose","id":"y","of":1,"choice":"no=1"}', "{"):
            socket.send(frame)
            hold(json.loads(socket.recv(10)), "asyncapi.yaml", "/components/messages/error/payload")
    with connect(address.replace("http", "ws") + "/v1/chat") as socket:
        socket.send(json.dumps({"type": "hello", "protocol": 1, "token": welcome["token"], "seq": 0}))
        for kind in ("welcome", "turn", "resumed"):
            frame = json.loads(socket.recv(10))
            assert frame["type"] == kind, frame
            hold(frame, "asyncapi.yaml", f"/components/messages/{kind}/payload")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def each_example_over_http_gets_what_is_promised(address):
    opener = urllib.request.build_opener(NoRedirect)
    token = conversation = None
    for path, item in OPEN["paths"].items():
        for method, operation in item.items():
            bodies = [(None, None)]
            if "requestBody" in operation:
                kind, content = next(iter(resolved(operation["requestBody"])["content"].items()))
                # What needs a session first is tried in channels.py.
                bodies = [] if "examples" not in content else [(kind, example["value"]) for example in content["examples"].values()]
            for kind, body in bodies:
                headers = {"Content-Type": kind} if kind else {}
                if operation.get("security"):
                    headers["Authorization"] = f"Bearer {DESK if {'desk': []} in operation['security'] else token}"
                data = None
                if body is not None:
                    data = (urllib.parse.urlencode(body) if "form" in kind else json.dumps(body)).encode()
                query = {p["name"]: p["example"] for p in map(resolved, operation.get("parameters", [])) if "example" in p}
                url = address + path.format(conversation=conversation) + ("?" + urllib.parse.urlencode(query) if query else "")
                if method == "post":
                    data = data or b""
                request = urllib.request.Request(url, data, headers, method=method.upper())
                try:
                    answer = opener.open(request)
                except urllib.error.HTTPError as refused:
                    answer = refused
                status, type_ = str(answer.status), answer.headers.get_content_type()
                assert status[0] in "23" and status in operation["responses"], f"{method} {path}: {status}"
                place, promised = ["paths", path, method, "responses", status], operation["responses"][status]
                if "$ref" in promised:
                    place = promised["$ref"].split("/")[1:]
                    promised = OPEN["components"]["responses"][place[-1]]
                text = answer.read().decode()
                if "content" not in promised:
                    continue
                assert type_ in promised["content"], f"{method} {path}: {type_}"
                if type_ == "application/json":
                    value = json.loads(text)
                    hold(value, "openapi.yaml", escaped(*place, "content", type_, "schema"))
                    if isinstance(value, dict):
                        token, conversation = value.get("token", token), value.get("conversationId", conversation)


def a_desk_takes_over_as_described(address):
    def post(path, body, secret=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        with urllib.request.urlopen(urllib.request.Request(address + path, json.dumps(body).encode(), headers)) as answer:
            turn = json.loads(answer.read())
        hold(turn, "openapi.yaml", "/components/schemas/HTTPTurn")
        return turn
    token = post("/v1/turns", {"id": "a", "text": "医保电话"})["token"]
    order = {"token": token, "id": "d1", "owner": "王老师", "text": "您好"}
    hold(order, "openapi.yaml", "/components/schemas/HandoffRequest")
    post("/v1/turns", {"token": token, "id": "h", "text": "转人工"})
    with urllib.request.urlopen(urllib.request.Request(address + "/v1/handoffs", headers={"Authorization": f"Bearer {DESK}"})) as answer:
        waiting = json.loads(answer.read())["waiting"]
    for person in waiting:
        hold(person, "openapi.yaml", "/components/schemas/WaitingPerson")
    assert hashlib.sha256(token.encode()).hexdigest() in [person["conversation"] for person in waiting], waiting
    taken, mute = post("/v1/handoff", order, DESK), post("/v1/turns", {"token": token, "id": "b", "text": "聊城的"})
    assert taken["owner"] == mute["owner"] == "王老师" and "user" not in taken and mute["replies"] == [], (taken, mute)
    back = post("/v1/handoff", {"token": token, "id": "d2", "owner": None}, DESK)
    assert "owner" not in back and back["replies"], back


def schemathesis(address, *more):
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = ["schemathesis", "run", str(FOLDER / "openapi.yaml"), "--url", address, "--checks", checks, "--seed", "1",
               "--workers", "1", "--no-color", *more]
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(command, capture_output=True, text=True, timeout=500, cwd=folder)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    print("    " + [line.strip() for line in result.stdout.splitlines() if "generated" in line][-1])


def http_14_what_is_nearly_right_is_answered_as_described(address):
    schemathesis(address, "--phases", "examples,coverage")


def http_14_bodies_that_were_made_up_are_answered_as_described(address):
    # Only bodies: queries that are no queries are refused beneath what is described here.
    schemathesis(address, "--phases", "fuzzing", "--include-method", "POST", "--max-examples", "300", "--generation-allow-x00", "false")


def what_other_front_ends_get_is_as_described(address):
    messages = ASYNC["components"]["messages"]
    answers = channels.samples(address, {name: [example["payload"] for example in messages[name].get("examples", [])] for name in messages})
    for name, payloads in answers.items():
        assert payloads, name
        for payload in payloads:
            hold(payload, "asyncapi.yaml", escaped("components", "messages", name, "payload"))


def main():
    daoban, full = sys.argv[1], "full" in sys.argv[2:]
    checks = [the_files_are_well_formed, each_example_of_the_socket_gets_what_is_promised, resuming_and_errors_are_as_described, a_desk_takes_over_as_described,
              each_example_over_http_gets_what_is_promised, what_other_front_ends_get_is_as_described, http_14_what_is_nearly_right_is_answered_as_described]
    if full:
        checks.append(http_14_bodies_that_were_made_up_are_answered_as_described)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        desk = pathlib.Path(folder, "desk")
        desk.write_text(DESK)
        command = [daoban, "serve", "--port", "0", "--limits", "off", "--store", f"{folder}/daoban.sqlite", "--desk-secret-file", desk]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = server.stdout.readline().split()[-1]
        for check in checks + channels.CHECKS:
            name = check.__name__.replace("_", " ")
            try:
                # The channels' checks start servers of their own.
                check(daoban if check in channels.CHECKS else address)
                outcomes.append(True)
                print(f"ok   {name}", flush=True)
            except Exception as error:  # the other checks say more
                outcomes.append(False)
                print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
        server.terminate()
        server.wait(20)
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    sys.exit(outcomes.count(False) > 0)


main()
