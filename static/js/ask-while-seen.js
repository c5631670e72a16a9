// Keeps the part inside from asking while nobody sees the page, and has it ask when it is seen again; without it the part asks on.
class AskWhileSeen extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", (event) => {
      if (document.hidden) event.preventDefault();
    });
    this.seen = () => {
      if (!document.hidden) this.querySelector("[hx-get]")?.dispatchEvent(new Event("seen"));
    };
    document.addEventListener("visibilitychange", this.seen);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
  }
}

customElements.define("ask-while-seen", AskWhileSeen);
