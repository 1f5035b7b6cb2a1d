// Starts the components that a page carries (error summary, notification, details, show password, skip link).
window.GOVUKFrontend.initAll();
