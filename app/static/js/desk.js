// A form that opens its answer in another tab may be sent again from this one.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((event.submitter?.formTarget || form.target) !== "_blank") return;
  setTimeout(() => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  }, 1500);
});
