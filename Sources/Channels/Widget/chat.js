// The chat panel: what a person sees and touches. Loaded by widget.js when it is wanted.
import { Line, Shelf } from "./line.js";
import { drawChoices, drawReplies, drawUser, h, icon } from "./draw.js";
import { languages, wordsIn } from "./words.js";

const SIZES = [17, 20, 24, 30];
const ELDER_SIZE = 24;
const PREFERENCES = "daoban preferences";
// An answer that comes within this time needs no "looking it up".
const PATIENCE = 400;

// Called by the launcher with its element; resolves to the panel's methods.
export async function start(host, styleAddress) {
  const answer = await fetch(styleAddress);
  if (!answer.ok) throw new Error(`no style: ${answer.status}`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await answer.text());
  host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
  return new Panel(host);
}

class Panel {
  constructor(host) {
    this.host = host;
    this.root = host.shadowRoot;
    this.isInline = host.hasAttribute("inline");
    this.shelf = new Shelf();
    this.unread = 0;
    this.cleanup = new AbortController();
    this.narrow = matchMedia("(max-width: 640px), (max-height: 480px)");
    this.preferences = this.#readPreferences();
    this.ticks = this.#tickStore();
    this.#build();
    this.#apply();
    const { signal } = this.cleanup;
    addEventListener("storage", (event) => {
      if (event.key !== PREFERENCES) return;
      this.preferences = this.#readPreferences();
      this.#apply();
    }, { signal });
    visualViewport?.addEventListener("resize", () => this.#fit(), { signal });
    visualViewport?.addEventListener("scroll", () => this.#fit(), { signal });
    this.narrow.addEventListener("change", () => this.#fit(), { signal });
    this.line = new Line(host.server, (name, detail) => this[`on_${name}`]?.(detail), this.#about());
    if (host.identity) this.line.identify(host.identity);
    this.line.outbox.forEach((entry) => this.on_queued(entry));
    if (this.line.outbox.length) this.line.open();
  }

  #about() {
    const city = this.host.getAttribute("home-city");
    return { locale: this.locale, ...(city && { profile: { home_city: city } }) };
  }

  // MARK: What a page may call

  open(focus = true) {
    this.line.open();
    this.panel.hidden = false;
    this.host.button.ariaExpanded = "true";
    this.host.toggleAttribute("open", true);
    this.#setUnread(0);
    this.#fit();
    if (focus && !this.isInline) this.text.focus();
    this.#scrollTo(this.log.lastElementChild);
    this.host.tell("open");
  }

  close() {
    if (this.isInline || this.panel.hidden) return;
    this.panel.hidden = true;
    this.host.removeAttribute("open");
    this.host.button.ariaExpanded = "false";
    this.#hush();
    this.host.button.focus();
    this.host.tell("close");
  }

  toggle() { return this.panel.hidden ? this.open() : this.close(); }

  send(text) {
    const words = String(text).trim();
    if (!words) return;
    this.open(false);
    this.line.send({ type: "message", text: words }, words);
  }

  identify(token) { this.line.identify(token); }

  // elder, theme, size, locale, read.
  set(preferences) {
    const before = this.locale;
    Object.assign(this.preferences, preferences);
    this.shelf.set(PREFERENCES, JSON.stringify(this.preferences));
    this.#apply();
    if (this.locale !== before) this.#rebuild();
  }

  destroy() {
    this.cleanup.abort();
    this.#hush();
    this.line.close();
    this.panel.remove();
  }

  // MARK: Building

  get locale() { return this.preferences.locale || this.host.locale; }

  #build() {
    const word = this.word = wordsIn(this.locale);
    const title = this.host.getAttribute("name") || word("title");
    const button = (name, label, onclick, more = {}) =>
      h("button", { type: "button", className: "tool", "aria-label": label, title: label, onclick, ...more }, icon(name));
    this.log = h("div", { className: "log", role: "log", "aria-label": word("log"), lang: "zh-CN", part: "log" });
    this.choices = h("div", { className: "choices", lang: "zh-CN" });
    this.scroll = h("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": title }, this.log, this.choices);
    this.newer = h("button", { type: "button", className: "newer", hidden: true, onclick: () => this.#scrollTo(this.log.lastElementChild) },
      icon("newer"), word("newer"));
    this.scroll.addEventListener("scroll", () => this.#offerNewer(), { passive: true });
    this.status = h("p", { className: "status", role: "status" });
    this.alert = h("p", { className: "alert", role: "alert" });
    this.text = h("textarea", { id: "text", rows: 1, maxLength: 1300, enterKeyHint: "send", lang: "zh-CN", part: "input" });
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("input", () => this.#grow());
    this.elder = h("button", { type: "button", className: "elder", onclick: () => this.set({ elder: !this.preferences.elder, size: undefined }) }, word("elder"));
    this.settings = this.#settings(word);
    this.gear = button("settings", word("settings"), () => this.#showSettings(this.settings.hidden), { "aria-expanded": "false", "aria-controls": "settings" });
    const listen = this.#listenButton(word, button);
    this.panel = h("section", {
      className: "panel", part: "panel", hidden: true, role: this.isInline ? "region" : "dialog", "aria-label": title, lang: this.locale,
      onkeydown: (event) => this.#keyed(event),
    },
    h("div", { className: "head", part: "header" },
      h("div", { className: "name" }, h("p", { className: "title" }, title), h("p", { className: "robot" }, word("robot"))),
      this.elder, this.gear, this.isInline ? "" : button("close", word("close"), () => this.close())),
    this.settings, this.scroll, this.newer, this.status, this.alert,
    h("form", { className: "composer", onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
      h("label", { htmlFor: "text" }, word("ask")), h("div", { className: "field" }, this.text, listen,
        h("button", { className: "send", "aria-label": word("send"), title: word("send"), part: "send" }, icon("send")))),
    h("p", { className: "note" }, word("note")));
    this.root.append(this.panel);
  }

  // Another language of the controls; what was said stays as it is.
  #rebuild() {
    const { panel, log, choices, text } = this;
    this.#build();
    this.log.append(...log.childNodes);
    this.choices.append(...choices.childNodes);
    this.text.value = text.value;
    this.panel.hidden = panel.hidden;
    panel.remove();
    this.#apply();
    this.#showSettings(true);
    this.on_state(this.line.state);
  }

  #settings(word) {
    const select = (name, options, label) => {
      const node = h("select", { id: name, onchange: () => this.set({ [name]: node.value }) },
        Object.entries(options).map(([value, text]) => h("option", { value }, text)));
      return this[`${name}Field`] = node, h("div", {}, h("label", { htmlFor: name }, label), node);
    };
    const resize = (by) => {
      const at = SIZES.indexOf(this.size);
      this.set({ size: SIZES[Math.min(Math.max(at + by, 0), SIZES.length - 1)] });
    };
    const themes = Object.fromEntries(["auto", "light", "dark", "contrast"].map((name) => [name, word(name)]));
    this.readField = h("input", { type: "checkbox", id: "read", onchange: () => this.set({ read: this.readField.checked }) });
    this.forget = h("button", { type: "button", onclick: () => this.#forget() }, word("forget"));
    return h("div", { className: "settings", id: "settings", role: "group", "aria-label": word("settings"), hidden: true },
      h("div", { role: "group", "aria-label": word("size") }, h("span", {}, word("size")),
        h("button", { type: "button", onclick: () => resize(-1) }, word("smaller")),
        h("button", { type: "button", onclick: () => resize(1) }, word("larger"))),
      select("theme", themes, word("theme")),
      select("locale", languages, word("language")),
      "speechSynthesis" in window ? h("div", {}, h("label", { htmlFor: "read" }, word("read")), this.readField) : "",
      this.forget);
  }

  // Speech input leaves the machine in most browsers, so a site has to ask for it: <daoban-chat speech-input>.
  #listenButton(word, button) {
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    if (!Recognition || !this.host.hasAttribute("speech-input")) return "";
    return button("listen", word("listen"), () => {
      const recognition = new Recognition();
      recognition.lang = "zh-CN";
      recognition.onstart = () => { this.status.textContent = word("listening"); };
      recognition.onresult = (event) => { this.text.value += event.results[0][0].transcript; this.#grow(); this.text.focus(); };
      recognition.onend = () => { this.status.textContent = ""; };
      recognition.start();
    });
  }

  // MARK: Preferences

  #readPreferences() {
    try { return JSON.parse(this.shelf.get(PREFERENCES)) || {}; } catch { return {}; }
  }

  get size() {
    return this.preferences.size || (this.preferences.elder ? ELDER_SIZE : SIZES[0]);
  }

  #apply() {
    const elder = Boolean(this.preferences.elder);
    const theme = this.preferences.theme || this.host.getAttribute("theme") || "auto";
    for (const node of [this.panel, this.host.button]) {
      node.classList.toggle("is-elder", elder);
      node.dataset.theme = theme;
    }
    this.panel.style.setProperty("--size", `${this.size}px`);
    this.elder.setAttribute("aria-pressed", String(elder));
    this.themeField.value = theme;
    this.localeField.value = this.locale;
    this.readField.checked = Boolean(this.preferences.read);
    this.host.tell("preferences", { elder, theme, size: this.size });
  }

  // Which steps are ticked off, by turn; forgotten with the conversation.
  #tickStore() {
    const key = () => `daoban ticks ${this.line.keyPrefix}`;
    const read = () => { try { return JSON.parse(this.shelf.get(key())) || []; } catch { return []; } };
    return {
      has: (name) => read().includes(name),
      set: (name, on) => this.shelf.set(key(), JSON.stringify(read().filter((other) => other !== name).concat(on ? name : []))),
      clear: () => this.shelf.remove(key()),
    };
  }

  // MARK: Keys, focus, size

  #keyed(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (!this.settings.hidden) { this.#showSettings(false); this.gear.focus(); } else this.close();
    }
    // Over the whole screen the page behind is covered, so the focus stays inside.
    if (event.key !== "Tab" || !this.isModal) return;
    const stops = [...this.panel.querySelectorAll("button, a[href], input, select, textarea, summary, [tabindex='0']")]
      .filter((node) => node.tabIndex >= 0 && node.getClientRects().length);
    const [first, last] = [stops[0], stops.at(-1)];
    if (this.root.activeElement !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }

  get isModal() { return !this.isInline && !this.panel.hidden && this.narrow.matches; }

  // Full screen ends where the soft keyboard begins.
  #fit() {
    if (this.isModal) this.panel.setAttribute("aria-modal", "true"); else this.panel.removeAttribute("aria-modal");
    const { height, offsetTop } = visualViewport || { height: innerHeight, offsetTop: 0 };
    this.panel.style.setProperty("--height", `${Math.round(height)}px`);
    this.panel.style.setProperty("--top", `${Math.round(offsetTop)}px`);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, innerHeight / 4)}px`;
  }

  #showSettings(on) {
    this.settings.hidden = !on;
    this.gear.setAttribute("aria-expanded", String(on));
  }

  // An answer is read from its beginning: the last thing said goes to the top.
  #scrollTo(node) {
    if (!node) return;
    const said = node.previousElementSibling?.classList.contains("user") ? node.previousElementSibling : node;
    this.scroll.scrollTop = said.offsetTop - this.scroll.offsetTop - 8;
    this.#offerNewer();
  }

  #offerNewer() {
    const last = this.log.lastElementChild;
    this.newer.hidden = !last || this.panel.hidden || last.offsetTop - this.scroll.offsetTop < this.scroll.scrollTop + this.scroll.clientHeight;
  }

  // MARK: Talking

  #submit() {
    const words = this.text.value.trim();
    if (!words) return this.text.focus();
    this.text.value = "";
    this.#grow();
    this.send(words);
  }

  #choose(turn, choice) {
    this.line.send({ type: "choose", of: turn, choice: choice.id }, choice.label);
    this.text.focus({ preventScroll: true });
  }

  #forget() {
    const { word } = this;
    if (this.line.state !== "open") { this.status.textContent = word("forgetWait"); return; }
    if (!this.isForgetting) {
      this.isForgetting = true;
      this.forget.textContent = word("forgetSure");
      setTimeout(() => { this.isForgetting = false; this.forget.textContent = word("forget"); }, 6_000);
      return;
    }
    this.isForgetting = false;
    this.forget.textContent = word("forget");
    this.#showSettings(false);
    this.line.forget();
    this.text.focus();
  }

  // What stands under an answer. It comes after the answer and is not announced.
  #tools(turn, bubble) {
    const { word } = this;
    const thumbs = ["up", "down"].map((rating) => h("button", {
      type: "button", className: "tool", "aria-pressed": "false", "aria-label": word(rating === "up" ? "helpful" : "unhelpful"),
      title: word(rating === "up" ? "helpful" : "unhelpful"), onclick: (event) => {
        for (const thumb of thumbs) thumb.setAttribute("aria-pressed", String(thumb === event.currentTarget));
        this.line.send({ type: "feedback", of: turn.seq, rating });
        this.status.textContent = word("thanks");
      },
    }, icon(rating)));
    const tools = h("div", { className: "tools", "aria-live": "off" }, thumbs);
    if ("speechSynthesis" in window) {
      tools.append(h("button", { type: "button", className: "tool", "aria-label": word("speak"), title: word("speak"), onclick: () => this.#read(turn) }, icon("speak")));
    }
    if (turn.replies.some((reply) => reply.cites?.length)) tools.append(this.#printForm(turn));
    bubble.append(tools);
  }

  // The checklist page is made by the server; the token goes in the body, never in an address.
  #printForm(turn) {
    const identity = h("input", { type: "hidden", name: "identity" });
    return h("form", {
      method: "post", action: new URL("chat/checklist", this.host.server).href, target: "_blank",
      onsubmit: () => { identity.value = this.line.about.identity || ""; },
    }, identity,
      h("input", { type: "hidden", name: "token", value: this.line.token || "" }),
      h("input", { type: "hidden", name: "turn", value: turn.seq }),
      h("button", { className: "tool wordy" }, icon("print"), this.word("print")));
  }

  #read(turn) {
    if (speechSynthesis.speaking) return this.#hush();
    const text = turn.replies.filter((reply) => reply.kind !== "sources").map((reply) => reply.text).join("\n").replace(/\[\d+\]|·/g, "");
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = "zh-CN";
    speech.rate = this.preferences.elder ? 0.85 : 1;
    speechSynthesis.speak(speech);
  }

  #hush() { if ("speechSynthesis" in window) speechSynthesis.cancel(); }

  #setUnread(count) {
    this.unread = count;
    this.host.unread.textContent = count ? this.word("unread", count) : "";
    if (count) this.host.tell("unread", count);
  }

  #bubbleOf(id) { return id && this.log.querySelector(`[data-id="${CSS.escape(id)}"]`); }

  // MARK: What the line tells

  on_queued({ frame, label }) {
    if (frame.type === "feedback" || this.#bubbleOf(frame.id)) return;
    const bubble = drawUser(label, this.word);
    bubble.dataset.id = frame.id;
    this.log.append(bubble);
    this.choices.hidden = true;
    if (this.line.state !== "unidentified") this.alert.textContent = "";
    bubble.classList.add("waiting");
    bubble.dataset.note = this.word("queued");
    this.#scrollTo(bubble);
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.#tellProgress(), PATIENCE);
  }

  on_turn(turn) {
    const { word } = this;
    let said = this.#bubbleOf(turn.id);
    if (turn.user?.text) {
      const fresh = drawUser(turn.user.text, word);
      fresh.dataset.id = turn.id;
      // Lines that still wait stay below what has been answered.
      const waiting = this.log.querySelector(".waiting");
      if (said) said.replaceWith(fresh); else if (waiting) waiting.before(fresh); else this.log.append(fresh);
      said = fresh;
    }
    const bubble = drawReplies(turn, { word, ticks: this.ticks });
    if (said) said.after(bubble); else this.log.append(bubble);
    this.choices.replaceChildren();
    this.choices.hidden = false;
    const open = turn.replies.filter((reply) => reply.kind === "choices").pop();
    if (open) this.choices.append(...drawChoices(open.choices, word, (choice) => this.#choose(turn.seq, choice)));
    if (turn.user?.text) setTimeout(() => this.#tools(turn, bubble));
    if (this.line.state === "open" || this.line.state === "polling") this.#newTurn(turn, bubble);
  }

  #newTurn(turn, bubble) {
    this.#scrollTo(bubble);
    if (this.panel.hidden) this.#setUnread(this.unread + 1);
    if (this.preferences.read) this.#read(turn);
    this.host.tell("turn", turn);
  }

  on_done(id) {
    this.#bubbleOf(id)?.classList.remove("waiting");
    if (!this.log.querySelector(".waiting")) {
      clearTimeout(this.patience);
      if (this.status.textContent === this.word("working")) this.status.textContent = "";
    }
  }

  on_refused({ frame, label, code }) {
    this.#bubbleOf(frame.id)?.remove();
    this.choices.hidden = false;
    if (label && !this.text.value) this.text.value = label;
    this.#grow();
    this.alert.textContent = this.word(code === "text_too_long" ? "refusedLong" : "refused");
  }

  on_clear() {
    this.ticks.clear();
    this.choices.replaceChildren();
    this.log.replaceChildren(...this.log.querySelectorAll(".waiting"));
  }

  // What is here is somebody else's from now on.
  on_leave() {
    this.choices.replaceChildren();
    this.log.replaceChildren();
    this.alert.textContent = this.status.textContent = "";
    this.#setUnread(0);
  }

  on_unidentified(message) {
    this.alert.textContent = this.word("unidentified");
    this.host.tell("unidentified", message);
  }

  // History is drawn in silence; from here on additions are announced.
  on_caughtUp() {
    setTimeout(() => this.log.removeAttribute("aria-live"));
    this.#scrollTo(this.log.lastElementChild);
  }

  on_state(state) {
    const { word } = this;
    const isUp = state === "open" || state === "polling";
    if (state === "connecting") this.log.setAttribute("aria-live", "off");
    if (state === "waiting") this.wasDown = true;
    if (state === "forbidden") this.alert.textContent = word("forbidden");
    this.panel.dataset.state = state;
    if (isUp && this.wasDown) {
      this.wasDown = false;
      this.status.textContent = word(state === "open" ? "restored" : "polling");
      setTimeout(() => { if (this.status.textContent === word("restored")) this.status.textContent = ""; }, 4_000);
    } else if (!isUp) {
      // Between two attempts the words stay, so that they are not read out again and again.
      clearTimeout(this.slow);
      this.slow = setTimeout(() => {
        if (this.line.state === "connecting" || this.line.state === "waiting") this.#say(word(this.wasDown ? "waiting" : "connecting"));
      }, this.wasDown ? 0 : PATIENCE);
    } else this.status.textContent = "";
    this.host.tell("status", state);
  }

  // The same words are not set again: some screen readers would say them again.
  #say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  #tellProgress() {
    if (this.log.querySelector(".waiting") && this.line.state === "open") this.status.textContent = this.word("working");
  }
}
