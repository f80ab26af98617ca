// Asking over HTTP: one POST, answered by a stream of server-sent events that ends with `answer` or `error`.

// What went wrong, in two kinds: `key` names one of our texts, `detail` is the service's own words.
export class AskError extends Error {
  constructor(key, detail = "", status = 0) {
    super(detail || key);
    this.key = key;
    this.detail = detail;
    this.status = status;
  }
}

// Calls onEvent(name, data) for each event and resolves to the Answer. Rejects with AskError, or with the
// signal's AbortError when the user stopped.
export async function ask(body, language, signal, onEvent) {
  const response = await reach("/api/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", "Accept-Language": language },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await refusal(response);
  if (!(response.headers.get("Content-Type") || "").startsWith("text/event-stream") || !response.body) {
    throw new AskError("garbled");
  }
  for await (const { name, data } of events(response.body.getReader(), signal)) {
    if (name === "error") throw problem(data, data?.status || 500);
    if (name === "answer") return checked(data);
    onEvent(name, data);
  }
  throw new AskError("cut");
}

export async function documents(language) {
  const response = await reach("/api/v1/documents", { headers: { Accept: "application/json", "Accept-Language": language } });
  if (!response.ok) throw await refusal(response);
  const found = (await response.json())?.documents;
  if (!Array.isArray(found)) throw new AskError("garbled");
  return found;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new AskError("network");
  }
}

async function refusal(response) {
  try {
    return problem(await response.json(), response.status);
  } catch {
    return new AskError("refused", "", response.status);
  }
}

function problem(data, status) {
  const detail = typeof data?.detail === "string" ? data.detail : typeof data?.title === "string" ? data.title : "";
  return new AskError("refused", detail, status);
}

function checked(answer) {
  const lists = [answer?.sentences, answer?.citations, answer?.near, answer?.dropped];
  if (typeof answer?.text !== "string" || !lists.every(Array.isArray)) throw new AskError("garbled");
  return answer;
}

// The server-sent events format: lines of `field: value`, an empty line ends an event.
async function* events(reader, signal) {
  const decoder = new TextDecoder();
  let buffer = "";
  let name = "message";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await read(reader);
      buffer += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A lone \r at the end may be the first half of \r\n.
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield { name, data: parsed(data.join("\n")) };
          name = "message";
          data = [];
        } else if (!line.startsWith(":")) {
          const [, field, text] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
          if (field === "event") name = text || "";
          if (field === "data") data.push(text || "");
        }
      }
      if (done) return;
    }
  } finally {
    if (!signal.aborted) reader.cancel().catch(() => {});
  }
}

async function read(reader) {
  try {
    return await reader.read();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new AskError("cut");
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new AskError("garbled");
  }
}
