// Replies as elements. Text is only ever set as text; links are made of http(s) addresses and of phone numbers.

// h("button", { type: "button", "aria-label": "…", onclick }, "text", child): an element with what belongs to it.
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.includes("-") && name !== "role") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

const SHAPES = {
  close: "M5 5l14 14M19 5L5 19", settings: "M4 7h10M18 7h2M14 4v6M4 17h2M10 17h10M10 14v6", send: "M4 12h15M13 6l6 6-6 6",
  up: "M7 21V10l5-7 2 1-1 6h6l-1 9-2 2zM3 10h4v11H3z", down: "M7 3v11l5 7 2-1-1-6h6l-1-9-2-2zM3 3h4v11H3z",
  speak: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 010 6M18.5 6.5a8 8 0 010 11", listen: "M12 3a3 3 0 013 3v6a3 3 0 01-6 0V6a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v4",
  print: "M7 8V3h10v5M5 8h14v8h-3M8 16H5V8M8 13h8v8H8z", newer: "M12 4v15M6 13l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

// `[1]`, a phone number that a person would call, or an address.
const MARKS = /\[(\d{1,3})\]|(?<![\d-])(0\d{2,3}-\d{7,8}|400-\d{3}-\d{4}|123\d{2})(?![\d.%％元万千人])/g;

// Text with its citations and its phone numbers as links; a citation opens the sources under the answer.
function inline(text, cites, context) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, number, phone] = match;
    if (number && !cites.has(Number(number))) continue;
    parts.push(text.slice(end, match.index));
    parts.push(phone
      ? h("a", { href: `tel:${phone}`, className: "phone" }, phone)
      : h("a", {
        href: `#source-${number}`, className: "cite", "aria-label": `${whole} ${context.word("sources")}`, title: context.titles[number] || "",
        onclick: (event) => { event.preventDefault(); context.openSource(number); },
      }, whole));
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

// Paragraphs, and lists where lines begin with a dot; a line that ends with a colon is the heading of what follows.
function prose(text, cites, context) {
  const blocks = [];
  let list;
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const item = /^[·•]\s*(.*)/.exec(line);
    if (item) {
      if (!list) blocks.push(list = h("ul"));
      list.append(h("li", {}, inline(item[1], cites, context)));
    } else {
      list = undefined;
      blocks.push(h("p", { className: /[:：]$/.test(line) ? "heading" : "" }, inline(line, cites, context)));
    }
  }
  return blocks;
}

function steps(reply, cites, context, key) {
  const title = reply.text.split("\n")[0].replace(/[:：]$/, "");
  const items = reply.steps.map((step, index) => {
    const box = h("input", { type: "checkbox", checked: context.ticks.has(`${key}.${index}`) });
    box.addEventListener("change", () => context.ticks.set(`${key}.${index}`, box.checked));
    return h("li", {}, h("label", { className: "step" }, box, h("span", {}, step)));
  });
  return [h("p", { className: "heading" }, inline(title, cites, context)), h("ol", { className: "steps" }, items)];
}

function table(reply, cites, context) {
  const [head, ...tail] = reply.text.split("\n");
  const caption = head.replace(/[:：]$/, "");
  const said = new Set(reply.rows.flat());
  const columns = reply.columns.map((column) => h("th", { scope: "col" }, column));
  const rows = reply.rows.map((row) => h("tr", {}, row.map((cell, index) =>
    h(index ? "td" : "th", index ? {} : { scope: "row" }, inline(cell, cites, context)))));
  // What the text says after the rows, such as a doubt, is not in the table.
  const after = tail.filter((line) => !reply.rows.some((row) => row.every((cell) => line.includes(cell)))
    && !reply.columns.every((column) => line.includes(column)) && !said.has(line));
  return [
    h("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": `${caption} ${context.word("table")}` },
      h("table", {}, h("caption", {}, inline(caption, cites, context)), h("thead", {}, h("tr", {}, columns)), h("tbody", {}, rows))),
    ...prose(after.join("\n"), cites, context),
  ];
}

function sources(reply, context) {
  const items = reply.sources.map((source) => {
    const title = `《${source.title}》`;
    const about = [source.publisher, source.document_no, source.region, source.date || context.word("undated")].filter(Boolean).join(" · ");
    return h("li", { value: source.n, tabIndex: -1, className: `source-${source.n}` },
      /^https?:\/\//.test(source.url || "")
        ? h("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, title) : title,
      h("span", { className: "about" }, about));
  });
  return h("details", { className: "sources", part: "sources" },
    h("summary", {}, `${context.word("sources")}（${reply.sources.length}）`), h("ol", {}, items));
}

// One turn: what the person said and what was answered. Choices are not in it: they stand below the log while they are
// open, and the person's own words show what was chosen. `context`: word, ticks.
export function drawReplies(turn, { word, ticks }) {
  const found = turn.replies.find((reply) => reply.kind === "sources");
  const titles = Object.fromEntries((found?.sources || []).map((source) => [source.n, source.title]));
  const article = h("div", { className: "bubble assistant", part: "bubble assistant" },
    h("span", { className: "hidden" }, word("assistant")));
  const openSource = (number) => {
    const details = article.querySelector("details.sources");
    if (!details) return;
    details.open = true;
    details.querySelector(`.source-${number}`)?.focus();
  };
  const context = { word, ticks, titles, openSource };
  turn.replies.forEach((reply, index) => {
    const cites = new Set(reply.cites || []);
    switch (reply.kind) {
      case "steps": article.append(...steps(reply, cites, context, `${turn.seq}.${index}`)); break;
      case "table": article.append(...table(reply, cites, context)); break;
      case "sources": article.append(sources(reply, context)); break;
      case "choices": {
        const prompt = reply.text.split("\n").filter((line) => !/^\d+[.．、]/.test(line)).join("\n");
        article.append(...prose(prompt, cites, context));
        break;
      }
      default: article.append(...prose(reply.text, cites, context));
    }
  });
  return article;
}

export function drawUser(text, word) {
  return h("div", { className: "bubble user", part: "bubble user" }, h("span", { className: "hidden" }, word("you")), text);
}

// More choices than this come as a list with a field to narrow it.
const FEW = 9;

// Choices as buttons: one stop for the Tab key, arrows move, digits choose.
export function drawChoices(choices, word, choose) {
  const buttons = choices.map((choice, index) => h("button", {
    type: "button", className: "choice", part: "choice", tabIndex: index ? -1 : 0, onclick: () => choose(choice),
  }, index < FEW ? h("span", { className: "digit", "aria-hidden": "true" }, String(index + 1)) : "", h("span", {}, choice.label)));
  const row = h("div", { className: "row", role: "toolbar", "aria-label": word("choices") }, buttons);
  const focus = (button) => {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  };
  row.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const shown = buttons.filter((button) => !button.hidden);
    const at = shown.findIndex((button) => button.matches(":focus"));
    const last = shown.length - 1;
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) focus(shown[(next + shown.length) % shown.length]);
    else if (/^[1-9]$/.test(event.key) && buttons[event.key - 1]) buttons[event.key - 1].click();
    else return;
    event.preventDefault();
  });
  if (choices.length <= FEW) return [row];
  row.classList.add("many");
  const count = h("span", { className: "hidden", role: "status" });
  const field = h("input", {
    type: "search", "aria-label": word("filter"), oninput: () => {
      const shown = buttons.filter((button, index) => {
        button.hidden = !choices[index].label.includes(field.value.trim());
        return !button.hidden;
      });
      for (const button of buttons) button.tabIndex = button === shown[0] ? 0 : -1;
      count.textContent = word("found", shown.length);
    },
  });
  return [h("label", { className: "filter" }, word("filter"), field), count, row];
}
