// The launcher: the one tag that a site puts on its page.
//
//   <script src="https://assistant.example/widget.js" data-theme="auto" defer></script>
//
// It draws a button and nothing else. The chat itself is fetched when the button is pressed, when the page sends something,
// or when lines of an earlier visit still wait to be delivered. Until then the page has paid for this file only.
(() => {
  "use strict";
  if (customElements.get("daoban-chat")) return;
  const script = document.currentScript || document.querySelector('script[src*="widget.js"]');
  const home = new URL(".", script ? script.src : location.href);
  const BUILD = "__BUILD__";
  const names = { "zh-CN": "医保小导，在线问", "zh-Hant": "醫保小導，線上問", en: "Ask about medical insurance" };
  const style = [
    ":host{all:initial;display:contents}:host([hidden]){display:none}",
    ".launcher{all:unset;box-sizing:border-box;position:fixed;z-index:2147483000;right:16px;bottom:16px;",
    "display:flex;align-items:center;gap:8px;min-height:60px;padding:0 20px;border-radius:30px;cursor:pointer;",
    "background:var(--daoban-accent,#0b57a4);color:var(--daoban-on-accent,#fff);font:600 18px/1.2 var(--daoban-font,system-ui,sans-serif);box-shadow:0 4px 16px #0005;border:2px solid transparent}",
    ".launcher:focus-visible{outline:3px solid;outline-offset:-6px}",
    ".launcher svg{width:28px;height:28px;flex:none;fill:none;stroke:currentColor;stroke-width:2}",
    ".unread{padding:2px 8px;border-radius:13px;background:#fff;color:#a3000f}",
    ":host([inline]) .launcher,.unread:empty{display:none}",
    "@media(forced-colors:active){.launcher{border-color:ButtonText}}@media print{.launcher{display:none}}",
  ].join("");

  class DaobanChat extends HTMLElement {
    #loading;
    #listeners = {};

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.className = "launcher";
      this.button.part = "launcher";
      this.button.ariaExpanded = "false";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.ariaHidden = "true";
      const path = document.createElementNS(svg.namespaceURI, "path");
      path.setAttribute("d", "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5");
      svg.append(path);
      this.label = document.createElement("span");
      this.label.textContent = this.getAttribute("name") || names[this.locale];
      this.unread = document.createElement("span");
      this.unread.className = "unread";
      this.button.append(svg, this.label, this.unread);
      this.button.addEventListener("click", () => this.call("toggle"));
      root.append(this.button);
      if (this.hasAttribute("open") || this.hasAttribute("inline")) this.call("open", false);
      else if (this.#hasMail()) this.load();
    }

    get server() { return new URL(this.getAttribute("server") || ".", home); }

    get locale() {
      const wanted = this.getAttribute("lang") || document.documentElement.lang || "zh-CN";
      if (/^en/i.test(wanted)) return "en";
      return /hant|tw|hk|mo/i.test(wanted) ? "zh-Hant" : "zh-CN";
    }

    #hasMail() {
      try {
        return Object.keys(localStorage).some((key) => key.startsWith("daoban out "));
      } catch { return false; }
    }

    // The chat, fetched once; a failed attempt may be repeated.
    load() {
      this.#loading ||= import(new URL(`widget/${BUILD}/chat.js`, home).href)
        .then((chat) => chat.start(this, new URL(`widget/${BUILD}/chat.css`, home)))
        .then((panel) => { this.panel = panel; this.tell("ready"); return panel; })
        .catch((cause) => { this.#loading = undefined; this.tell("error", cause); throw cause; });
      return this.#loading;
    }

    call(name, ...args) {
      switch (name) {
        case "identify": this.identity = args[0]; this.#loading?.then((panel) => panel.identify(this.identity), () => {}); return;
        case "on": (this.#listeners[args[0]] ||= []).push(args[1]); return;
        case "destroy": this.panel?.destroy(); this.remove(); return;
        default: this.load().then((panel) => panel[name]?.(...args), () => {});
      }
    }

    tell(name, detail) {
      for (const listener of this.#listeners[name] || []) listener(detail);
      this.dispatchEvent(new CustomEvent(`daoban-${name}`, { detail, bubbles: true, composed: true }));
    }
  }
  customElements.define("daoban-chat", DaobanChat);

  // daoban("open"), daoban("send", "…"), daoban("on", "unread", f): what was called before this file came is done now.
  const queue = window.daoban?.q || [];
  const element = () => document.querySelector("daoban-chat");
  window.daoban = (...args) => element()?.call(...args);
  const place = () => {
    if (!element() && script && !script.hasAttribute("data-manual")) {
      const chat = document.createElement("daoban-chat");
      for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value);
      document.body.append(chat);
    }
    for (const args of queue) window.daoban(...args);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
