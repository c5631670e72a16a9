// Sends the acts of the plan's page one after another and puts the answers in place; without it each act is a form's page.
// Not by htmx: it gives up an older request for a newer one, and here each carries somebody's text.
let last = Promise.resolve();

export class Unsent extends Error {}

// Gives the answer's status and its elements; throws Unsent with words for the reader where nothing was saved.
export function send(grid, address, fields, method = "POST") {
  const turn = last.then(() => ask(grid, address, fields, method));
  last = turn.catch(() => {});
  return turn;
}

async function ask(grid, address, fields, method) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": token };
  const body = method === "POST" ? new URLSearchParams(fields) : undefined;
  let answer;
  try {
    answer = await fetch(address, { method, headers, body, redirect: "error" });
  } catch {
    throw new Unsent(grid.dataset.offline);
  }
  if (answer.headers.has("HX-Redirect") || answer.status === 403) throw new Unsent(grid.dataset.denied);
  if (answer.status >= 500) throw new Unsent(grid.dataset.offline);
  const content = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  return { ok: answer.ok, content };
}

// Puts each part of an answer in the place of its namesake; live figures that the page has already are kept.
export function replace(content) {
  for (const part of content.querySelectorAll("[data-part]")) {
    const here = document.getElementById(part.id);
    if (!here || part.parentElement?.closest("[data-part]")) continue;
    if (here.hasAttribute("aria-live")) {
      here.replaceChildren(...part.childNodes); // read out, which a new element would not be
      continue;
    }
    for (const place of part.querySelectorAll("[data-keep]")) {
      const known = document.getElementById(place.id);
      if (known) place.replaceWith(known);
    }
    // What the old part still asks for finds no place any more; the new one asks anew.
    for (const asking of here.querySelectorAll(".htmx-request")) window.htmx?.trigger(asking, "htmx:abort");
    here.replaceWith(part);
    window.htmx?.process(part);
  }
}
