// Adds the reader's own clock to a time on hover, where it differs from the workspace's; without it the workspace's time stands alone.
class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const moment = new Date(time?.dateTime);
    if (Number.isNaN(moment.getTime())) return;
    const options = { dateStyle: "medium", timeStyle: "short" };
    const here = new Intl.DateTimeFormat(document.documentElement.lang, options).format(moment);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== this.dataset.zone) time.title = `${here} (${zone})`;
  }
}

customElements.define("local-time", LocalTime);
