// Opens the dialog named by `for` instead of following the link inside; without it the link leads to a page that asks the same.
class OpenDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.open);
  }

  open(event) {
    const dialog = document.getElementById(this.getAttribute("for"));
    if (!dialog?.showModal || !event.target.closest("a, button")) return;
    event.preventDefault();
    dialog.showModal();
  }
}

customElements.define("open-dialog", OpenDialog);
