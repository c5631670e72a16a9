// Turns a cell of the plan's table into a field and saves it; without it the cell is a link to a page with the same form.
import { send, Unsent } from "./plan-acts.js";

export const formOf = (element) => element.closest?.(".cell-form");
const control = (form) => form.querySelector('[name="value"], [name="name"]');

export function open(grid, cell, typed) {
  const link = cell.querySelector("a.cell");
  const there = cell.querySelector(".cell-form");
  if (!link || there) return there && control(there).focus();
  const name = `${cell.closest("tr").dataset.kind} ${cell.dataset.col}`;
  const form = grid.querySelector(`template[data-editor="${name}"]`).content.firstElementChild.cloneNode(true);
  const text = link.dataset.typed ?? link.textContent.trim();
  form.action = link.href;
  form.elements.before.value = text;
  place(cell, form);
  const field = control(form);
  field.value = typed !== undefined && field.type === "text" ? typed : text;
  field.focus();
  if (typed === undefined) field.select?.();
}

export function place(cell, form) {
  cell.querySelector("a.cell").hidden = true;
  cell.querySelector("a.cell").after(form);
}

export function close(form) {
  form.dataset.closed = "";
  const link = form.previousElementSibling;
  if (link?.matches("a.cell")) link.hidden = false;
  (form.closest(".new-row") ?? form).remove();
}

// Says whether the form is on its way or done; the text stays in it until the server has it.
export async function save(grid, form, { even = false } = {}) {
  if ("saving" in form.dataset || "closed" in form.dataset) return;
  const field = control(form);
  const isNew = field.name === "name";
  const same = isNew ? !field.value.trim() : field.value === form.elements.before.value && !("fault" in form.dataset);
  if (same && !even) return close(form);
  form.dataset.saving = "";
  try {
    const row = form.closest("tr");
    const folds = "folds" in row.dataset ? { folds: "" } : {};
    const { ok, content } = await send(grid, form.action, { ...Object.fromEntries(new FormData(form)), ...folds });
    if (ok) return done(grid, form, content);
    const again = content.querySelector(".cell-form");
    delete form.dataset.saving;
    if (again) form.replaceWith(again);
    else fail(form, content.textContent.trim());
    control(again ?? form).focus();
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    delete form.dataset.saving;
    fail(form, error.message);
    control(form).focus();
  }
}

function done(grid, form, content) {
  form.dataset.closed = "";
  form.closest(".new-row")?.remove();
  grid.apply(content, form);
}

function fail(form, text) {
  form.dataset.fault = "";
  const fault = form.querySelector(".cell-fault") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "cell-fault" }));
  fault.setAttribute("role", "alert");
  fault.textContent = text;
}
