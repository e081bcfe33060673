// The line to the server: an outbox that outlives the page, one connection, and the turns in order.
//
// What a person sends goes into the outbox first, one record of the browser's storage a frame, and leaves it only when the
// server has answered that very id. After an outage, after a reload, and in another tab the same frames go out again under
// the same ids; the server answers an id once and repeats the answer afterwards. So nothing is lost or said twice.

const FIRST_RETRY = 500;
// For so long after the line went down it is tried often, then seldom.
const BRISK_FOR = 120_000;
const BRISK_RETRY = 2_000;
const LAST_RETRY = 30_000;
// Without a word from the server for so long while something waits, the connection is dead.
const SILENCE = 10_000;
const PING_EVERY = 30_000;
const POLL_EVERY = 3_000;
// How long plain HTTP does before WebSocket is tried again.
const POLL_FOR = 60_000;

// The browser's storage, or memory where it is closed to us.
export class Shelf {
  #memory = new Map();

  get(key) {
    let stored = null;
    try { stored = localStorage.getItem(key); } catch { /* memory may have it */ }
    return stored ?? this.#memory.get(key) ?? null;
  }

  set(key, value) {
    try { localStorage.setItem(key, value); } catch { this.#memory.set(key, value); }
  }

  remove(key) {
    this.#memory.delete(key);
    try { localStorage.removeItem(key); } catch { /* it was never there */ }
  }

  keys(prefix) {
    let stored = [];
    try { stored = Object.keys(localStorage); } catch { /* none */ }
    return [...new Set([...stored, ...this.#memory.keys()])].filter((key) => key.startsWith(prefix)).sort();
  }
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
let lastTime = 0;

// A ULID: sorts by time, also within one millisecond of one tab.
export function newId(now = Date.now()) {
  let time = lastTime = Math.max(now, lastTime + 1);
  let head = "";
  for (let place = 0; place < 10; place++) { head = DIGITS[time % 32] + head; time = Math.floor(time / 32); }
  return head + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => DIGITS[byte % 32]).join("");
}

export class Line {
  // Whatever happens is told as `tell(name, detail)`: state, start, clear, queued, turn, done, refused, caughtUp.
  constructor(server, tell, about = {}) {
    this.server = server;
    this.tell = tell;
    this.about = about;
    this.shelf = new Shelf();
    this.#address();
    this.seq = 0;
    this.state = "idle";
    this.failures = 0;
    this.downSince = 0;
  }

  // What is stored is stored by server and by person: nobody goes on with another's conversation or sends another's lines.
  #address(person) {
    const of = person === undefined ? "" : ` ${encodeURIComponent(person)}`;
    this.keyPrefix = `daoban conversation ${this.server.href}${of}`;
    this.mailPrefix = `daoban out${of ? " of" : ""} ${this.server.href}${of} `;
  }

  // Who the person is, in a token that the site's own server has signed; null for nobody.
  identify(identity) {
    let person;
    if (identity) {
      // What is no token gets a drawer of its own; the server says what is wrong with it.
      try { person = JSON.parse(atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub; } catch { person = identity; }
    }
    const before = this.mailPrefix;
    this.about.identity = identity || undefined;
    this.#address(person);
    // The same person with a fresh token goes on; it counts at the next connection.
    if (before === this.mailPrefix && this.state !== "unidentified") return;
    this.token = this.keys.token;
    this.#leave("leave");
    if (this.state === "idle") return;
    this.outbox.forEach((entry) => this.tell("queued", entry));
    this.#connect();
  }

  // Away from the conversation as it stands.
  #leave(what) {
    const { socket } = this;
    this.seq = 0;
    this.socket = this.inFlight = undefined;
    if (what) this.tell(what);
    socket?.close();
  }

  get keys() {
    try { return JSON.parse(this.shelf.get(this.keyPrefix)) || {}; } catch { return {}; }
  }

  // What waits for its answer, the oldest first.
  get outbox() {
    return this.shelf.keys(this.mailPrefix).map((key) => JSON.parse(this.shelf.get(key))).filter(Boolean);
  }

  open() {
    if (this.state !== "idle") return;
    this.cleanup = new AbortController();
    const { signal } = this.cleanup;
    addEventListener("online", () => this.hurry(), { signal });
    addEventListener("offline", () => this.#lost(this.socket), { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); }, { signal });
    addEventListener("storage", (event) => this.#otherTab(event), { signal });
    this.heart = setInterval(() => this.#beat(), 2_000);
    this.#connect();
  }

  close() {
    this.cleanup?.abort();
    clearInterval(this.heart);
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = undefined;
    this.state = "idle";
    socket?.close(1000);
  }

  // Takes a frame without an id; `label` is what the person sees of it.
  send(frame, label) {
    const entry = { frame: { ...frame, id: newId() }, label };
    this.shelf.set(this.mailPrefix + entry.frame.id, JSON.stringify(entry));
    this.tell("queued", entry);
    if (this.state === "waiting") this.hurry();
    this.#pump();
    return entry.frame.id;
  }

  // Erases the conversation, here and on the server.
  forget() {
    for (const entry of this.outbox) this.#remove(entry.frame.id);
    if (this.state === "open") this.socket.send(JSON.stringify({ type: "forget", id: newId() }));
    this.isForgetting = true;
    if (this.state !== "open") this.#startAnew();
  }

  // Tries at once instead of waiting out the pause.
  hurry() {
    if (this.state === "waiting") this.#connect();
    else if (this.state === "open") this.#ping();
  }

  #set(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell("state", state);
  }

  // MARK: WebSocket

  #connect() {
    clearTimeout(this.timer);
    this.#set("connecting");
    let socket;
    try {
      socket = new WebSocket(new URL("v1/chat", this.server).href.replace(/^http/, "ws"), "daoban.v1");
    } catch { return this.#lost(); }
    this.socket = socket;
    this.heardAt = Date.now();
    this.askedAt = Date.now();
    socket.onopen = () => {
      const { token, epoch } = this.keys;
      const place = token ? { token, epoch, seq: this.seq } : {};
      socket.send(JSON.stringify({ type: "hello", protocol: 1, client: "widget/1.0", ...this.about, ...place }));
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heardAt = Date.now();
      this.askedAt = 0;
      this.#received(JSON.parse(event.data));
    };
    socket.onclose = (event) => this.#lost(socket, event.code);
  }

  #lost(socket, code = 0) {
    if (socket !== this.socket || (this.state !== "open" && this.state !== "connecting")) return;
    const wasOpen = this.state === "open";
    this.socket = undefined;
    this.inFlight = undefined;
    this.askedAt = 0;
    socket?.close();
    if (code === 4401 || (code === 1000 && this.isForgetting)) return this.#startAnew();
    if (code === 4403) return this.#set("forbidden");
    const now = Date.now();
    if (wasOpen) { this.failures = 0; this.downSince = now; } else this.failures++;
    this.downSince ||= now;
    const most = now - this.downSince < BRISK_FOR && !document.hidden ? BRISK_RETRY : LAST_RETRY;
    let pause = Math.min(FIRST_RETRY * 2 ** this.failures, most) * (0.5 + Math.random() / 2);
    if (code === 4429) pause += LAST_RETRY;
    this.#set("waiting");
    this.timer = setTimeout(() => this.#connect(), pause);
    if (!wasOpen && this.failures % 3 === 2) this.#tryHTTP();
  }

  #received(frame) {
    switch (frame.type) {
      case "welcome": return this.#welcomed(frame);
      case "resumed": return this.#ready();
      case "turn":
        if (frame.seq > this.seq) {
          this.seq = frame.seq;
          this.tell("turn", frame);
        }
        return this.#settle(frame.id);
      case "done": return this.#settle(frame.id);
      case "error": return this.#refused(frame);
    }
  }

  #welcomed({ token, epoch, seq, replies, resumed, reason }) {
    const isNew = !resumed && !reason;
    this.#keep(token, epoch);
    if (isNew || reason) {
      this.seq = 0;
      this.tell("clear");
    }
    if (!isNew) return;
    this.seq = seq;
    this.tell("turn", { type: "turn", seq, replies });
    this.#ready();
  }

  #keep(token, epoch) {
    this.token = token;
    this.shelf.set(this.keyPrefix, JSON.stringify({ token, epoch }));
  }

  #ready() {
    this.failures = 0;
    this.downSince = 0;
    this.#set("open");
    this.tell("caughtUp");
    this.#pump();
  }

  #refused(frame) {
    if (frame.field === "identity") {
      this.#leave("leave");
      clearTimeout(this.timer);
      this.#set("unidentified");
      return this.tell("unidentified", frame.message);
    }
    if (frame.code === "token") {
      if (!this.socket) this.#startAnew();
      return;
    }
    if (!frame.id) return;
    const entry = this.#entry(frame.id);
    if (this.inFlight === frame.id) this.inFlight = undefined;
    if (frame.retryable) {
      setTimeout(() => this.#pump(), Math.max(frame.retry_after_ms || 0, 1_000));
      return;
    }
    this.#remove(frame.id);
    if (entry) this.tell("refused", { ...entry, code: frame.code });
    this.#pump();
  }

  // Another conversation: what still waits is asked there; a choice of the old one is said in its words.
  #startAnew() {
    this.isForgetting = false;
    this.shelf.remove(this.keyPrefix);
    for (const entry of this.outbox) {
      const { id, type } = entry.frame;
      if (type === "feedback") this.#remove(id);
      if (type === "choose") {
        entry.frame = { type: "message", id, text: entry.label };
        this.shelf.set(this.mailPrefix + id, JSON.stringify(entry));
      }
    }
    this.#leave("clear");
    this.#connect();
  }

  #ping() {
    if (this.askedAt || this.state !== "open") return;
    this.askedAt = this.pingedAt = Date.now();
    this.socket.send(JSON.stringify({ type: "ping", id: newId() }));
  }

  #beat() {
    const now = Date.now();
    if (this.askedAt && now - this.askedAt > SILENCE) return this.#lost(this.socket);
    if (this.state === "open" && !document.hidden && now - this.heardAt > PING_EVERY) this.#ping();
  }

  // MARK: The outbox

  // One frame at a time, so that the order holds whatever has to be repeated.
  #pump() {
    if (this.inFlight || (this.state !== "open" && this.state !== "polling")) return;
    const entry = this.outbox.find(({ frame }) => this.socket || frame.type !== "feedback");
    if (!entry) return;
    this.inFlight = entry.frame.id;
    if (!this.socket) return this.#post(entry);
    this.askedAt = Date.now();
    this.socket.send(JSON.stringify(entry.frame));
  }

  #settle(id) {
    if (!id) return;
    this.#remove(id);
    if (this.inFlight === id) this.inFlight = undefined;
    this.tell("done", id);
    this.#pump();
  }

  #entry(id) { return JSON.parse(this.shelf.get(this.mailPrefix + id)); }

  #remove(id) { this.shelf.remove(this.mailPrefix + id); }

  #otherTab({ key, newValue }) {
    if (key === this.keyPrefix) {
      const token = newValue && JSON.parse(newValue).token;
      if (token === this.token) return;
      this.#leave("clear");
      // A conversation that was erased elsewhere is begun anew by whoever erased it.
      this.timer = setTimeout(() => this.#connect(), newValue ? 0 : 1_000);
    } else if (key?.startsWith(this.mailPrefix) && newValue) {
      this.tell("queued", JSON.parse(newValue));
    }
  }

  // MARK: Plain HTTP, where WebSocket does not get through

  async #tryHTTP() {
    try {
      const { ok } = await fetch(new URL("livez", this.server), { cache: "no-store" });
      if (!ok || this.state === "open" || this.state === "idle") return;
    } catch { return; }
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
    this.#set("polling");
    this.tell("caughtUp");
    this.pollUntil = Date.now() + POLL_FOR;
    this.#poll();
  }

  async #poll() {
    clearTimeout(this.timer);
    if (this.state !== "polling") return;
    if (Date.now() > this.pollUntil && !this.inFlight) {
      this.failures = 0;
      return this.#connect();
    }
    const { token } = this.keys;
    try {
      if (token) {
        const answer = await fetch(new URL(`v1/turns?after=${this.seq}`, this.server), {
          headers: { Authorization: `Bearer ${[token, this.about.identity].filter(Boolean).join("~")}` }, cache: "no-store",
        });
        const found = await answer.json();
        if (answer.status === 401) return this.#refused(found);
        for (const turn of found.turns || []) this.#received(turn);
      }
    } catch { return this.#pollFailed(); }
    this.#pump();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#poll(), POLL_EVERY);
  }

  async #post({ frame: { type, ...rest } }) {
    try {
      const answer = await fetch(new URL("v1/turns", this.server), {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: this.keys.token, identity: this.about.identity, ...rest }),
      });
      const turn = await answer.json();
      if (!answer.ok) return this.#refused({ ...turn, id: rest.id });
      this.#keep(turn.token, turn.epoch);
      this.inFlight = undefined;
      // The turn is drawn from the list, after those that may have come before it.
      this.#poll();
    } catch { this.#pollFailed(); }
  }

  #pollFailed() {
    this.inFlight = undefined;
    this.state = "connecting";
    this.#lost();
  }
}
