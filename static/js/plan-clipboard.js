// Copies a cell of the plan's table, and shows what rows copied from a spreadsheet would become before any is written.
import { send, Unsent } from "./plan-acts.js";
import { formOf, open } from "./plan-editor.js";
import { cellOf } from "./plan-keys.js";
import { run } from "./plan-rows.js";

export function copy(event) {
  const cell = cellOf(event.target);
  if (!cell || formOf(event.target) || !getSelection().isCollapsed) return;
  const link = cell.querySelector(".cell, .cell-text");
  event.clipboardData.setData("text/plain", link?.dataset.typed ?? cell.textContent.trim());
  event.preventDefault();
}

export async function paste(grid, event) {
  const text = event.clipboardData.getData("text/plain");
  const isBlock = /\t|\n./.test(text.trim());
  const cell = cellOf(event.target);
  if (!isBlock && cell && !formOf(event.target) && text.trim() && cell.querySelector("a.cell")) {
    event.preventDefault();
    return open(grid, cell, text.trim());
  }
  if (!isBlock || (formOf(event.target) && !text.includes("\t")) || event.target.closest?.("dialog")) return;
  event.preventDefault();
  await show(grid, { text, at: grid.current?.row ?? "" });
}

async function show(grid, fields) {
  const dialog = document.getElementById("plan-paste");
  try {
    const { content } = await send(grid, `${grid.dataset.base}paste/`, fields);
    dialog.replaceChildren(content);
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    return grid.say(error.message);
  }
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], button")?.focus();
}

// The form of the preview: matched anew, closed, or written.
export async function decide(grid, form, button) {
  const fields = Object.fromEntries(new FormData(form, button));
  if (!("write" in fields)) return show(grid, fields);
  form.setAttribute("aria-busy", "true");
  form.closest("dialog").close();
  await run(grid, form.action, fields);
}
