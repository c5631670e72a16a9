// Keeps a choice that is made while a search's answer is on its way; without it the answer shows what was chosen when it was asked.
class KeepPick extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeSwap", this.compare);
  }

  compare(event) {
    const { requestConfig, shouldSwap } = event.detail;
    const asked = requestConfig.formData.get("picked");
    const chosen = this.querySelector("input:checked")?.value ?? null;
    if (!shouldSwap || chosen === asked) return;
    event.detail.shouldSwap = false;
    // Asked again with the new choice, once htmx is done with this answer.
    queueMicrotask(() => requestConfig.elt.dispatchEvent(new Event("search")));
  }
}

customElements.define("keep-pick", KeepPick);
