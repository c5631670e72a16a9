// Adds, moves and takes out rows of the plan's table, and shows what else can be done; without it a row's menu is a page.
import { send, Unsent } from "./plan-acts.js";

// Sends one act and shows its answer, a refusal as a message.
export async function run(grid, address, fields) {
  try {
    const { content } = await send(grid, address, fields);
    grid.apply(content);
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    grid.say(error.message);
  }
}

export const act = (grid, row, name) => row.id !== "none" && run(grid, `${grid.dataset.base}row/${row.id}/`, { act: name });
export const undo = (grid, name) => run(grid, `${grid.dataset.base}undo/`, { act: name });

// Opens an empty row under `row` and what stands below it; it is saved by its name.
export function add(grid, row, kind) {
  const table = grid.querySelector("table.plan tbody");
  if (!table) return location.assign(`${grid.dataset.base}add/?kind=${kind}`);
  const words = JSON.parse(document.getElementById("plan-words").textContent);
  const fresh = grid.querySelector("template[data-new-row]").content.firstElementChild.cloneNode(true);
  fresh.classList.add(`depth-${depthOf(row, kind)}`);
  fresh.querySelector(".level").textContent = words[kind];
  const form = fresh.querySelector("form");
  form.elements.kind.value = kind;
  form.elements.at.value = row && row.id !== "none" ? row.id : "";
  const before = row ? after(row, kind) : null;
  if (before === null) table.append(fresh);
  else before.before(fresh);
  form.elements.name.focus();
}

export const kindOf = (row) => ({ none: "macro", target: "kpi" })[row.dataset.word] ?? row.dataset.word;

function depthOf(row, kind) {
  if (kind === "objective" || !row) return kind === "objective" ? 0 : 1;
  const own = Number(row.dataset.level) - 1;
  if (kind === row.dataset.word) return own;
  return kind === "macro" || kind === "question" ? 1 : own + 1;
}

// Gives the row before which a new one goes, null at the end: below its parent at once, else past the row's own rows.
function after(row, kind) {
  const below = depthOf(row, kind) > Number(row.dataset.level) - 1;
  let next = row.nextElementSibling;
  while (!below && next && Number(next.dataset.level) > Number(row.dataset.level)) next = next.nextElementSibling;
  return next;
}

export async function menu(grid, link) {
  const popover = grid.querySelector("#row-menu");
  const { content } = await send(grid, link.href, {}, "GET");
  popover.replaceChildren(...content.childNodes);
  popover.row = link.closest("tr");
  popover.showPopover();
  const { right, bottom } = link.getBoundingClientRect();
  popover.style.left = `${Math.max(8, Math.min(right, innerWidth - 8) - popover.offsetWidth)}px`;
  popover.style.top = `${Math.max(8, Math.min(bottom, innerHeight - popover.offsetHeight - 8))}px`;
  popover.querySelector("a, button").focus();
}

export function walk(popover, key) {
  const items = [...popover.querySelectorAll("a, button")];
  const place = items.indexOf(document.activeElement) + (key === "ArrowDown" ? 1 : -1);
  items[(place + items.length) % items.length].focus();
}
