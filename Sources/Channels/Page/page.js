// The plain page at `/`: one conversation over the socket, kept in this browser. What was typed while the line was down is
// sent once it is up again, under the same id, so that nothing is lost and nothing is answered twice.
"use strict";

const KEY = "daoban";
const log = document.getElementById("log");
const status = document.getElementById("status");
const text = document.getElementById("text");
const state = load();
let socket, ready = false, delay = 500, timer;

function load() {
  try { return Object.assign({ outbox: [] }, JSON.parse(localStorage.getItem(KEY) || "{}")); } catch { return { outbox: [] }; }
}

function save() {
  try { localStorage.setItem(KEY, JSON.stringify({ token: state.token, epoch: state.epoch, outbox: state.outbox })); } catch { /* private window */ }
}

function element(name, className, content) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

function add(node) {
  log.append(node);
  log.scrollTop = log.scrollHeight;
}

function showUser(words, id) {
  let node = id && document.getElementById("m-" + id);
  if (node) { node.classList.remove("waiting"); return; }
  node = element("div", "bubble user");
  node.append(element("span", "hidden", "您说:"), document.createTextNode(words));
  if (id) node.id = "m-" + id;
  add(node);
  return node;
}

function showReply(reply, seq) {
  if (reply.kind === "sources") {
    const details = element("details");
    details.append(element("summary", "", "来源(" + reply.sources.length + ")"));
    const list = element("ol");
    for (const source of reply.sources) {
      const item = element("li", "", (source.publisher ? source.publisher + " " : "") + "《" + source.title + "》(" + source.region + "," + (source.date || "日期不详") + ")");
      item.value = source.n;
      list.append(item);
    }
    details.append(list);
    return add(details);
  }
  const bubble = element("div", "bubble");
  bubble.append(element("span", "hidden", "助手说:"));
  if (reply.kind === "steps") {
    bubble.append(element("span", "title", reply.text.split("\n")[0]));
    const list = element("ol");
    for (const step of reply.steps) list.append(element("li", "", step));
    bubble.append(list);
  } else if (reply.kind === "table") {
    bubble.append(element("span", "title", reply.text.split("\n")[0]));
    const scroll = element("div", "scroll"), table = element("table"), head = table.createTHead().insertRow();
    scroll.tabIndex = 0;
    for (const column of reply.columns) head.append(element("th", "", column));
    const body = table.createTBody();
    for (const row of reply.rows) { const line = body.insertRow(); for (const cell of row) line.append(element("td", "", cell)); }
    scroll.append(table);
    bubble.append(scroll);
  } else {
    bubble.append(document.createTextNode(reply.kind === "choices" ? reply.text.split("\n")[0] : reply.text));
  }
  add(bubble);
  if (reply.kind === "choices") {
    const row = element("div", "choices");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "可以选");
    for (const choice of reply.choices) {
      const button = element("button", "", choice.label);
      button.type = "button";
      button.addEventListener("click", () => send({ type: "choose", id: newId(), of: seq, choice: choice.id }, choice.label));
      row.append(button);
    }
    add(row);
  }
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function send(frame, words) {
  state.outbox.push(frame);
  save();
  showUser(words, frame.id).classList.add("waiting");
  if (ready) socket.send(JSON.stringify(frame));
}

function settle(id) {
  state.outbox = state.outbox.filter((frame) => frame.id !== id);
  save();
}

function received(frame) {
  switch (frame.type) {
    case "welcome":
      state.token = frame.token;
      state.epoch = frame.epoch;
      save();
      if (frame.resumed === false && frame.reason) log.textContent = "";
      for (const reply of frame.replies || []) showReply(reply, frame.seq);
      if (!state.resuming) opened();
      break;
    case "resumed": opened(); break;
    case "turn":
      if (frame.seq <= (state.seq || 0)) { settle(frame.id); break; }
      state.seq = frame.seq;
      if (frame.user) showUser(frame.user.text, frame.id);
      for (const reply of frame.replies) showReply(reply, frame.seq);
      // A long answer is read from its beginning.
      const said = document.getElementById("m-" + frame.id);
      if (said) log.scrollTop = said.offsetTop - 8;
      settle(frame.id);
      break;
    case "error":
      if (frame.code === "token") { forget(); return; }
      if (frame.id && !frame.retryable) settle(frame.id);
      status.textContent = frame.message;
      break;
  }
}

function opened() {
  ready = true;
  delay = 500;
  state.resuming = false;
  status.textContent = "";
  for (const frame of state.outbox) socket.send(JSON.stringify(frame));
}

function forget() {
  state.token = state.epoch = undefined;
  state.seq = 0;
  log.textContent = "";
  save();
}

function connect() {
  clearTimeout(timer);
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/v1/chat", "daoban.v1");
  socket.addEventListener("open", () => {
    const hello = { type: "hello", protocol: 1, client: "page/1", locale: "zh-CN" };
    state.resuming = Boolean(state.token);
    if (state.token) Object.assign(hello, { token: state.token, epoch: state.epoch, seq: state.seq || 0 });
    socket.send(JSON.stringify(hello));
  });
  socket.addEventListener("message", (event) => received(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    ready = false;
    status.textContent = "已断开,正在重连……";
    timer = setTimeout(connect, delay * (0.5 + Math.random() / 2));
    delay = Math.min(delay * 2, 30000);
  });
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  send({ type: "message", id: newId(), text: words }, words);
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("form").requestSubmit();
  }
});

document.getElementById("elder").addEventListener("click", (event) => {
  const on = document.documentElement.classList.toggle("elder");
  event.currentTarget.setAttribute("aria-pressed", String(on));
});

addEventListener("online", () => { if (!ready) connect(); });
connect();
