// Starts the components that a page carries (error summary, notification, details, show password, skip link).
window.GOVUKFrontend.initAll();

// The link at the top of a page to what it is about opens it at once.
document.querySelector('.about-link a')?.addEventListener("click", () => {
    document.querySelector("#about details")?.setAttribute("open", "");
});
