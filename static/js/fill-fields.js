// Puts what a link offers into the fields of the form around it; without it the link opens the form with them filled in.
class FillFields extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
  }

  press(event) {
    const link = event.target.closest("[data-fill]");
    const form = this.closest("form");
    if (!link || !form) return;
    event.preventDefault();
    let first = null;
    for (const [name, value] of Object.entries(JSON.parse(link.dataset.fill))) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      first ??= field;
    }
    first?.focus();
  }
}

customElements.define("fill-fields", FillFields);
