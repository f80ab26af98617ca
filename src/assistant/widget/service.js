// The service over HTTP. A question is one POST, answered by a stream of server-sent events that ends with a result.

// What went wrong, in two kinds: `key` names one of our texts, `detail` is the service's own words.
export class ServiceError extends Error {
  constructor(key, detail = "", status = 0) {
    super(detail || key);
    this.key = key;
    this.detail = detail;
    this.status = status;
  }
}

// base: the address that the service's own paths begin at, with a slash at its end.
// language: a function that gives the language to be told faults in.
// onContact(there): told of each reply, and of each request that came to nothing because the line is down.
export function makeService(base, language, onContact) {
  const at = (path) => new URL(path, base).href;

  async function reach(path, options = {}) {
    const headers = { Accept: "application/json", "Accept-Language": language(), ...options.headers };
    let response;
    try {
      response = await fetch(at(path), { ...options, headers });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw broken(await cause());
    }
    onContact(true);
    if (!response.ok) throw await refusal(response);
    return response;
  }

  function broken(key) {
    if (key !== "denied") onContact(false);
    return new ServiceError(key);
  }

  // A reply may break off after it has begun; key: what is said of that.
  async function read(part, key = "network") {
    try {
      return await part;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw error instanceof SyntaxError ? new ServiceError("garbled") : broken(key);
    }
  }

  // A browser does not say why it kept a reply away. Where the service is there and still says nothing that may be read,
  // it does not let this site in.
  async function cause() {
    if (!(await answers())) return "network";
    try {
      await fetch(at("healthz"), { cache: "no-store" });
      return "network";
    } catch {
      return "denied";
    }
  }

  // Whether anything is there at all. What a browser may not read it may still fetch.
  async function answers() {
    try {
      await fetch(at("widget.js"), { mode: "no-cors", cache: "no-store" });
      return true;
    } catch {
      return false;
    }
  }

  const json = (body) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

  async function get(path, field) {
    const found = await read((await reach(path)).json());
    if (field && !Array.isArray(found?.[field])) throw new ServiceError("garbled");
    return field ? found[field] : found;
  }

  // The events, {name, data}, that a request is answered by. Throws ServiceError, or the signal's AbortError when the user
  // stopped.
  async function* answered(path, options = {}, signal = null) {
    const response = await reach(path, { ...options, signal, headers: { ...options.headers, Accept: "text/event-stream" } });
    if (!(response.headers.get("Content-Type") || "").startsWith("text/event-stream") || !response.body) {
      throw new ServiceError("garbled");
    }
    const reader = response.body.getReader();
    for await (const event of events(reader, () => read(reader.read(), "cut"), signal)) {
      if (event.name === "error") throw problem(event.data, event.data?.status || 500);
      yield event;
    }
  }

  // Calls onEvent(name, data) for each event and resolves to the data of the one named `last`. Rejects as `answered`.
  async function stream(path, body, signal, last, onEvent) {
    for await (const { name, data } of answered(path, { ...json(body), method: "POST" }, signal)) {
      if (name === last) return data;
      onEvent(name, data);
    }
    throw broken("cut");
  }

  return {
    base,
    at,
    reach,
    get,
    stream,
    events: answered,
    json,
    answers,
    ask: async (body, signal, onEvent) => checked(await stream("api/v1/ask", body, signal, "answer", onEvent)),
    documents: () => get("api/v1/documents", "documents"),
    // Questions that the documents can answer, to begin with or about some of them; and whether these are all.
    questions: async (ids) => {
      const query = new URLSearchParams([["language", language()], ...ids.map((id) => ["document", id])]);
      const found = await get(`api/v1/questions?${query}`);
      if (!Array.isArray(found?.questions)) throw new ServiceError("garbled");
      return { questions: found.questions, complete: found.complete !== false };
    },
    rate: (answer_id, rating, comment) =>
      reach("api/v1/feedback", { method: "POST", ...json(comment ? { answer_id, rating, comment } : { answer_id, rating }) }),
    conversation: (id) => get(`api/v1/conversations/${encodeURIComponent(id)}`, "turns"),
    file: async (path) => read((await reach(path, { headers: { Accept: "*/*" } })).blob()),
    forget: (id) => reach(`api/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE" }),
  };
}

async function refusal(response) {
  try {
    return problem(await response.json(), response.status);
  } catch {
    return new ServiceError("refused", "", response.status);
  }
}

function problem(data, status) {
  const detail = typeof data?.detail === "string" ? data.detail : typeof data?.title === "string" ? data.title : "";
  return new ServiceError("refused", detail, status);
}

// A function of the texts that says what went wrong and what to do.
export function reason(error) {
  if (error.name === "AbortError") return (texts) => texts.stopped;
  if (!(error instanceof ServiceError)) {
    console.error(error);
    return (texts) => texts.garbled;
  }
  if (error.detail) return () => error.detail;
  if (error.key === "denied") return (texts) => (self.origin === "null" ? texts.deniedFile : texts.denied(location.origin));
  return (texts) => (error.key === "refused" ? texts.refused(error.status) : texts[error.key]);
}

export function checked(answer) {
  const lists = [answer?.sentences, answer?.citations, answer?.near, answer?.dropped];
  if (typeof answer?.text !== "string" || !lists.every(Array.isArray)) throw new ServiceError("garbled");
  return answer;
}

// The server-sent events format: lines of `field: value`, an empty line ends an event.
async function* events(reader, more, signal) {
  const decoder = new TextDecoder();
  let buffer = "";
  let name = "message";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await more();
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
    if (!signal?.aborted) reader.cancel().catch(() => {});
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError("garbled");
  }
}
