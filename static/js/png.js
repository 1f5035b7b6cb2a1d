// Offers each drawing as PNG too: the browser paints the SVG that the link leads to, twice as large, and saves it.
// Without this file the SVG alone is offered.
(function () {
  "use strict";

  const TIMES = 2;

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function paint(link) {
    const drawing = new Image();
    drawing.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = drawing.naturalWidth * TIMES;
      canvas.height = drawing.naturalHeight * TIMES;
      canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        if (blob) { save(blob, link.dataset.png); } else { window.location.assign(link.href); }
      }, "image/png");
    };
    // What cannot be painted is at least fetched as it is.
    drawing.onerror = function () { window.location.assign(link.href); };
    drawing.src = link.href;
  }

  document.querySelectorAll("a[data-png]").forEach(function (link) {
    link.parentElement.hidden = false;
    link.addEventListener("click", function (event) {
      event.preventDefault();
      paint(link);
    });
  });
})();
