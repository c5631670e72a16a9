// Puts the focus back where it was once an answer stands in the place of its part; without it the next Tab begins at the top of the page.
const CONTROLS = "a[href], button, summary, select, textarea, input:not([type=hidden])";
const text = (element) => element.textContent.trim();
// A menu is called by what is read before its choice: the choice changes.
const called = (summary) => text(summary.querySelector(".visually-hidden") ?? summary);
const named = (control) => control.id || control.name || (control.matches("summary") ? called(control) : text(control));
let left = null;

class Key {
  constructor(part, control) {
    [this.tag, this.name] = [control.tagName, named(control)];
    this.nth = this.alike(part).indexOf(control);
  }

  alike(part) {
    return [...part.querySelectorAll(CONTROLS)].filter((each) => each.tagName === this.tag && named(each) === this.name);
  }

  in(part) {
    const alike = this.alike(part);
    return alike[this.nth] ?? alike.at(-1);
  }
}

document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
  const control = document.activeElement;
  left = null;
  if (!shouldSwap || !target.id || control === target || !target.contains(control)) return;
  // What was pressed may lie in a fold that is closed again: then the fold itself has the focus.
  const folds = [control, control.closest("details")?.querySelector("summary")].filter(Boolean);
  left = { id: target.id, keys: folds.map((each) => new Key(target, each)) };
});

document.addEventListener("htmx:afterSwap", () => {
  const part = left && document.getElementById(left.id);
  if (!part || document.activeElement !== document.body) return;
  const control = left.keys.map((key) => key.in(part)).find((each) => each?.checkVisibility());
  // Where it is gone, such as a filter that was taken away, what is next to be read is the part itself.
  if (!control) part.tabIndex = -1;
  (control ?? part).focus({ preventScroll: true });
  left = null;
});
