// The demo page: its entries speak through the chat, and its switches are those of the chat.
"use strict";

const root = document.documentElement;
const elder = document.getElementById("elder");
const theme = document.getElementById("theme");
const wide = matchMedia("(min-width: 1100px)");

for (const entry of document.querySelectorAll("[data-say]")) {
  entry.addEventListener("click", (event) => {
    event.preventDefault();
    daoban("open");
    daoban("send", entry.dataset.say);
  });
}
elder.addEventListener("click", () => daoban("set", { elder: elder.getAttribute("aria-pressed") !== "true", size: undefined }));
theme.addEventListener("change", () => daoban("set", { theme: theme.value }));

function apply({ elder: isElder = false, theme: colours = "auto" }) {
  root.classList.toggle("is-elder", isElder);
  root.dataset.theme = colours;
  elder.setAttribute("aria-pressed", String(isElder));
  theme.value = colours;
}

// What was chosen before, without fetching the chat for it.
try { apply(JSON.parse(localStorage.getItem("daoban preferences")) || {}); } catch { /* nothing was chosen, or nothing can be kept */ }
daoban("on", "preferences", apply);
daoban("on", "open", () => root.classList.add("has-chat"));
daoban("on", "close", () => root.classList.remove("has-chat"));

// Beside the text there is room, so the chat stands open there.
if (wide.matches) daoban("open", false);
