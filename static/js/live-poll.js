// Has htmx ask again every `data-seconds` while the page is looked at; without it the part is as it was loaded.
class LivePoll extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.ask(), 1000 * Number(this.dataset.seconds || 2));
    this.look = () => this.ask();
    document.addEventListener("visibilitychange", this.look);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }

  ask() {
    if (!document.hidden && !this.hasAttribute("data-paused")) this.dispatchEvent(new CustomEvent("poll"));
  }
}

customElements.define("live-poll", LivePoll);
