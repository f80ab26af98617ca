// widget.js: defines the component, and puts one into a page that has only the script.

import { AssistantChat } from "./chat.js";

const script = document.currentScript;

// The script's own attributes are the component's, where the page has none of its own.
function place() {
  if (document.querySelector("assistant-chat") || !script) return;
  const chat = document.createElement("assistant-chat");
  for (const [name, value] of Object.entries(script.dataset)) chat.dataset[name] = value;
  if (chat.mode === "launcher" || !script.isConnected || script.parentElement === document.head) document.body.append(chat);
  else script.after(chat);
}

if (!customElements.get("assistant-chat")) {
  customElements.define("assistant-chat", AssistantChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
}
