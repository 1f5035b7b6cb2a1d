// Marks the page as scripted before it is drawn, so that components do not jump when they start.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
