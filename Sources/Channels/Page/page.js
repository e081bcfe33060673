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

daoban("on", "preferences", (chosen) => {
  root.classList.toggle("is-elder", chosen.elder);
  root.dataset.theme = chosen.theme;
  elder.setAttribute("aria-pressed", String(chosen.elder));
  theme.value = chosen.theme;
});
daoban("on", "open", () => root.classList.add("has-chat"));
daoban("on", "close", () => root.classList.remove("has-chat"));

// Beside the text there is room, so the chat stands open there; what was chosen before is taken up in any case.
daoban("set", {});
if (wide.matches) daoban("open", false);
