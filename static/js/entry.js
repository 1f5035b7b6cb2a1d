// Enhances the entry grid: saves each row as it is left, moves by keys, takes a block from Excel. The page works
// without it: Save then sends all rows at once. Texts reach the page by textContent only.
(() => {
  "use strict";

  const form = document.getElementById("entry");
  if (!form || !window.fetch || !document.body.classList.contains("js-enabled")) return;

  const bodies = [...form.querySelectorAll("tbody.line")];
  const footer = document.getElementById("counts");
  const last = document.getElementById("last");
  const told = document.getElementById("told");
  const shapes = document.getElementById("shapes").content;
  const NUMBERS = ["numerator", "denominator", "value"];
  const SIGNED_OUT = "You have been signed out: press Save to sign in again, nothing typed is lost.";
  const NO_LINE = "No connection. What you typed stays on this page and is sent again with your next change.";

  let queue = Promise.resolve();
  let waiting = 0;
  let isLeaving = false;
  let isSignedOut = false;

  // Rows and their boxes -------------------------------------------------------------------------------------------

  const box = (body, field) => document.getElementById(`c-${body.dataset.line}-${field}`);
  const hidden = (body, field) => form.elements[`c-${body.dataset.line}-${field}`];
  const isOpen = (element) => Boolean(element) && element.offsetParent !== null;
  const fieldOf = (element) => (element.name || "").split("-").slice(2).join("-");
  const hasParts = (body) => Boolean(box(body, "numerator"));

  function typed(body) {
    const fields = new URLSearchParams();
    for (const element of body.querySelectorAll("input[name], select[name], textarea[name]")) {
      const isOff = (element.type === "checkbox" || element.type === "radio") && !element.checked;
      if (!isOff) fields.append(element.name, element.value);
    }
    return fields;
  }

  function snapshot(body) {
    const fields = typed(body);
    for (const name of ["base", "was", "their"]) fields.delete(`c-${body.dataset.line}-${name}`);
    return fields.toString();
  }

  const memory = new Map();
  for (const body of bodies) {
    const isKept = body.dataset.state === "error" || body.dataset.state === "unsaved";
    memory.set(body, { saved: isKept ? null : snapshot(body), refused: isKept ? snapshot(body) : null });
  }
  const isDisputed = (body) => Boolean(body.querySelector(".clash"));
  const isUnsaved = (body) => memory.get(body).saved !== snapshot(body);

  // What a row says -------------------------------------------------------------------------------------------------

  function span(className, text) {
    const made = document.createElement("span");
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function message(text, isError) {
    const made = span(`msg msg--${isError ? "e" : "w"}`, "");
    if (isError) made.append(span("vh", "Error: "));
    made.append(text);
    return made;
  }

  function showState(body, state, words, when = "") {
    body.dataset.state = state;
    body.querySelector(".now").textContent = words;
    body.querySelector(".when").textContent = when;
    body.classList.toggle("tone-err", state === "error");
    body.classList.toggle("tone-warn", state === "warning");
    showCounts();
  }

  function showMessages(body, problems, doubts) {
    const id = `m-${body.dataset.line}`;
    const place = document.getElementById(id);
    // What does not add up stands until the server says otherwise: other rows may decide it.
    const sums = [...place.querySelectorAll("[data-sum]")];
    place.replaceChildren(
      ...problems.map((p) => message(p.message, true)),
      ...doubts.map((d) => message(d.message, false)),
      ...sums,
    );
    for (const element of body.querySelectorAll(`[aria-describedby="${id}"]`)) {
      element.removeAttribute("aria-invalid");
      element.removeAttribute("aria-describedby");
    }
    const boxOf = (said) => box(body, !hasParts(body) && NUMBERS.includes(said.field) ? "value" : said.field);
    for (const doubt of doubts) boxOf(doubt)?.setAttribute("aria-describedby", id);
    for (const problem of problems) {
      const element = boxOf(problem);
      if (!element) continue;
      element.setAttribute("aria-invalid", "true");
      element.setAttribute("aria-describedby", id);
      const details = element.closest("details");
      if (details) details.open = true;
    }
    if (sums.length) box(body, "keep_reason").setAttribute("aria-describedby", id);
    const isAsked = problems.some((p) => p.field === "keep_reason") || doubts.some((d) => d.asks_reason);
    if (isAsked || sums.length) body.querySelector(".why").hidden = false;
  }

  // The sums that rows stand for, by row: what still asks for a reason; nothing where it adds up or is explained.
  function showSums(sums) {
    for (const [line, sentences] of Object.entries(sums || {})) {
      const body = document.getElementById(`r-${line}`);
      if (!body) continue;
      const place = document.getElementById(`m-${line}`);
      const before = place.querySelectorAll("[data-sum]");
      for (const said of before) said.remove();
      for (const sentence of sentences) {
        const made = message(sentence, false);
        made.dataset.sum = "";
        place.append(made);
      }
      const reason = box(body, "keep_reason");
      const when = body.querySelector(".when").textContent;
      if (sentences.length) {
        body.querySelector(".why").hidden = false;
        reason.removeAttribute("aria-invalid");
        reason.setAttribute("aria-describedby", place.id);
        if (body.dataset.state === "saved") settle(body, "warning", "Saved, with a warning", when);
      } else if (before.length && !place.childElementCount) {
        reason.removeAttribute("aria-invalid");
        reason.removeAttribute("aria-describedby");
        if (body.dataset.state === "warning") settle(body, "saved", "Saved", when);
      }
    }
  }

  function settle(body, ...state) {
    memory.get(body).settled = state;
    showState(body, ...state);
  }

  function showResult(body, answer) {
    const cell = body.querySelector(".res");
    if (!answer.result) {
      const dash = span("mute", "–");
      dash.setAttribute("aria-hidden", "true");
      cell.replaceChildren(dash, span("vh", "No result"));
      return;
    }
    cell.replaceChildren(answer.result);
    const shape = answer.rating && shapes.querySelector(`[data-code="${answer.rating.code}"] .k`);
    if (shape) {
      const made = shape.cloneNode(true);
      made.append(answer.rating.words);
      cell.append(made);
    }
  }

  function showCounts() {
    const counted = { all: bodies.length, saved: 0, error: 0, warning: 0, unsaved: 0, none: 0 };
    for (const body of bodies) counted[body.dataset.state === "saving" ? "unsaved" : body.dataset.state] += 1;
    const parts = [Object.assign(document.createElement("b"), { textContent: `${counted.saved + counted.warning} of ${counted.all} saved.` })];
    const add = (number, one, many, className) => {
      if (!number) return;
      const made = document.createElement(className ? "b" : "span");
      if (className) made.className = className;
      made.textContent = `${number} ${number === 1 ? one : many}.`;
      parts.push(" ", made);
    };
    add(counted.error, "error", "errors", "msg--e");
    add(counted.warning, "warning", "warnings", "msg--w");
    add(counted.unsaved, "not saved yet", "not saved yet", "");
    add(counted.none, "not started", "not started", "");
    footer.replaceChildren(...parts);
  }

  function tell(text, isLoud) {
    told.textContent = text;
    last.textContent = text;
    last.classList.toggle("msg--e", Boolean(isLoud));
  }

  // Which boxes of a row are open: the same rule as the server's shape_of.
  function reshape(body) {
    const kind = box(body, "kind").value;
    const filled = (field) => Boolean(box(body, field) && box(body, field).value.trim());
    const parts = filled("numerator") || filled("denominator");
    let shape = "is-none";
    if (!hasParts(body)) shape = kind === "figure" || filled("value") ? "is-value" : "is-none";
    else if (kind === "figure") shape = filled("value") ? "is-all" : "is-figure";
    else if (kind === "value") shape = parts ? "is-all" : "is-value";
    else if (parts || filled("value")) shape = "is-all";
    body.classList.remove("is-figure", "is-value", "is-none", "is-all");
    body.classList.add(shape);
    if (kind === "not_reportable") body.querySelector("details").open = true;
  }

  // Saving ----------------------------------------------------------------------------------------------------------

  function token() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : form.elements.csrfmiddlewaretoken.value;
  }

  async function send(body) {
    const remembered = memory.get(body);
    const sent = snapshot(body);
    // Two versions of a row are decided between by Save, which shows both again or takes one.
    if (isSignedOut || sent === remembered.saved || sent === remembered.refused || isDisputed(body)) return;
    const fields = typed(body);
    fields.append("line", body.dataset.line);
    showState(body, "saving", "Saving…");
    let response;
    let answer;
    try {
      response = await fetch(form.dataset.cell, {
        method: "POST",
        body: fields,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        credentials: "same-origin",
      });
    } catch {
      showState(body, "unsaved", "Not saved", "no connection");
      tell(NO_LINE, true);
      return;
    }
    try {
      answer = await response.json();
    } catch {
      answer = null;
    }
    if (response.status === 401) {
      isSignedOut = true;
      showState(body, "unsaved", "Not saved", "signed out");
      tell(SIGNED_OUT, true);
    } else if (response.ok && answer && answer.state !== "error") {
      taken(body, answer, sent);
    } else {
      const problems = (answer && answer.problems) || [];
      const reason = (answer && answer.message) || "Press Save to try again.";
      if (answer) remembered.refused = sent;
      showMessages(body, problems.length ? problems : [{ field: "", message: reason }], []);
      showState(body, "error", "Not saved", "kept on this page");
      told.textContent = `${body.dataset.name}: not saved. ${problems.map((p) => p.message).join(" ") || reason}`;
    }
  }

  function taken(body, answer, sent) {
    const remembered = memory.get(body);
    // A number typed over a count no longer names its file; whoever types on meanwhile keeps what stands in the boxes.
    const isStill = snapshot(body) === sent;
    if (isStill) box(body, "source_system").value = answer.source_system;
    Object.assign(remembered, { saved: isStill ? snapshot(body) : sent, refused: null });
    hidden(body, "base").value = answer.base;
    hidden(body, "was").value = answer.was;
    showMessages(body, answer.problems, answer.doubts);
    showResult(body, answer);
    body.querySelector(".hints").replaceChildren(...(answer.hints ? [span("small", answer.hints)] : []));
    remembered.settled = [answer.state, answer.words, answer.when];
    if (isStill) showState(body, answer.state, answer.words, answer.when);
    else showState(body, "unsaved", "Not saved yet");
    if (answer.state === "saved" || answer.state === "warning") tell(`Last saved ${answer.when}`);
    showSums(answer.sums);
    const odd = answer.doubts.map((d) => d.message).join(" ");
    if (odd) told.textContent = `${body.dataset.name}: ${answer.words}. ${odd}`;
  }

  for (const body of bodies) {
    const words = [".now", ".when"].map((part) => body.querySelector(part).textContent);
    if (memory.get(body).saved !== null) memory.get(body).settled = [body.dataset.state, ...words];
  }

  function save(chosen) {
    for (const body of chosen) {
      waiting += 1;
      queue = queue.then(() => send(body)).finally(() => {
        waiting -= 1;
      });
    }
    return queue;
  }

  const saveAll = (except) => save(bodies.filter((body) => body !== except && isUnsaved(body)));

  form.addEventListener("input", (event) => {
    const body = event.target.closest("tbody.line");
    if (!body) return;
    if (NUMBERS.includes(fieldOf(event.target)) || fieldOf(event.target) === "kind") reshape(body);
    if (isDisputed(body)) return;
    if (isUnsaved(body)) showState(body, "unsaved", "Not saved yet");
    else if (memory.get(body).settled) showState(body, ...memory.get(body).settled);
  });

  // A row left for a button waits until the button is let go: an answer between press and release would move the
  // button from under the pointer, and the click would be lost.
  let isPressing = false;
  form.addEventListener("pointerdown", (event) => {
    isPressing = Boolean(event.target.closest("button"));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => {
      if (!isPressing) return;
      isPressing = false;
      setTimeout(() => {
        if (!isLeaving) saveAll(null);
      });
    });
  }

  form.addEventListener("focusout", (event) => {
    const body = event.target.closest("tbody.line");
    const next = event.relatedTarget && event.relatedTarget.closest("tbody.line");
    if (body && body !== next && !isPressing) saveAll(next);
  });

  form.addEventListener("submit", (event) => {
    if (waiting) {
      event.preventDefault();
      const submitter = event.submitter;
      queue.then(() => form.requestSubmit(submitter));
      return;
    }
    form.elements.csrfmiddlewaretoken.value = token();
    isLeaving = true;
  });

  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && bodies.some(isUnsaved)) event.preventDefault();
  });

  // Coming back by the browser's Back button must not warn for a form that was sent.
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });

  // Keys ------------------------------------------------------------------------------------------------------------

  function move(from, step) {
    const field = fieldOf(from);
    let index = bodies.indexOf(from.closest("tbody.line")) + step;
    for (; index >= 0 && index < bodies.length; index += step) {
      const body = bodies[index];
      const wanted = NUMBERS.includes(field) ? [field, "numerator", "value"] : [field];
      const target = wanted.map((name) => box(body, name)).find(isOpen);
      if (target) {
        target.focus();
        if (target.select) target.select();
        return true;
      }
    }
    return false;
  }

  form.addEventListener("keydown", (event) => {
    const element = event.target;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      saveAll(null);
      return;
    }
    if (!element.closest("tbody.line") || !isPlain || event.isComposing) return;
    const isBox = element.matches('input[type="text"]');
    if (event.key === "Enter" && (isBox || element.matches("textarea"))) {
      event.preventDefault();
      if (!move(element, 1)) saveAll(null);
    } else if (isBox && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(element, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  // A block from Excel -----------------------------------------------------------------------------------------------

  // Cells are parted by tabs and line ends; a cell that holds either is quoted, with its own quotes doubled.
  function cellsOf(text) {
    const rows = [[]];
    let cell = "";
    let isQuoted = false;
    const close = () => rows[rows.length - 1].push(cell.trim());
    for (let i = 0; i < text.length; i += 1) {
      const sign = text[i];
      if (isQuoted) {
        if (sign === '"' && text[i + 1] === '"') {
          cell += '"';
          i += 1;
        } else if (sign === '"') isQuoted = false;
        else cell += sign;
      } else if (sign === '"' && cell === "") isQuoted = true;
      else if (sign === "\t") {
        close();
        cell = "";
      } else if (sign === "\n") {
        close();
        cell = "";
        rows.push([]);
      } else if (sign !== "\r") cell += sign;
    }
    if (cell !== "" || rows[rows.length - 1].length) close();
    return rows.filter((row, index) => row.length || index < rows.length - 1);
  }

  function fill(body, slot, text) {
    if (text === "") return true;
    if (slot === "commentary") {
      // A block never replaces words that somebody wrote.
      if (box(body, "commentary").value.trim() && box(body, "commentary").value !== text) return false;
      box(body, "commentary").value = text;
      return true;
    }
    const kind = box(body, "kind");
    if (!hasParts(body)) {
      if (slot === "denominator") return false;
      if (kind.value !== "figure") kind.value = "figure";
      box(body, "value").value = text;
      return true;
    }
    const isValue = kind.value === "value" && slot === "numerator" && !box(body, "numerator").value;
    if (isValue) {
      box(body, "value").value = text;
      return true;
    }
    if (kind.value === "value" && slot === "denominator" && box(body, "value").value) {
      box(body, "numerator").value = box(body, "value").value;
      box(body, "value").value = "";
    }
    kind.value = "figure";
    box(body, slot).value = text;
    return true;
  }

  form.addEventListener("paste", (event) => {
    const slots = ["numerator", "denominator", "commentary"];
    const field = fieldOf(event.target) === "value" ? "numerator" : fieldOf(event.target);
    const body = event.target.closest("tbody.line");
    if (!body || !slots.includes(field) || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain");
    const isTable = /<table/i.test(event.clipboardData.getData("text/html"));
    const hasCells = text.includes("\t") || (text.trim().includes("\n") && (isTable || field !== "commentary"));
    if (!hasCells) return;
    event.preventDefault();
    const rows = cellsOf(text);
    const first = bodies.indexOf(body);
    let lost = 0;
    rows.forEach((cells, down) => {
      const target = bodies[first + down];
      cells.forEach((value, across) => {
        const slot = slots[slots.indexOf(field) + across];
        if ((!target || !slot || !fill(target, slot, value)) && value !== "") lost += 1;
      });
      if (!target) return;
      reshape(target);
      if (isUnsaved(target)) showState(target, "unsaved", "Not saved yet");
    });
    const filled = Math.min(rows.length, bodies.length - first);
    const some = filled === 1 ? "1 row" : `${filled} rows`;
    const left = lost === 1 ? "1 of its cells was" : `${lost} of its cells were`;
    const said = lost ? `${some} filled from the block; ${left} left out for want of an empty box.` : `${some} filled from the block.`;
    tell(said, lost);
    saveAll(null).then(() => tell(said, lost));
  });

  // The page of a form that was sent without a session stands at the sign-in address: a reload should lead here.
  if (window.location.pathname !== new URL(form.action).pathname) window.history.replaceState(null, "", form.action);
})();
