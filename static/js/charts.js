// Draws every chart of the page from the figure beside it (which the server has written), wide or, below 760
// pixels, in the narrower layout, which may have data of its own. Without this file the heading, the sentence and the
// table say the same.
(function () {
  "use strict";

  const config = {
    displayModeBar: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    scrollZoom: false,
    doubleClick: false,
  };
  const narrow = window.matchMedia("(max-width: 759.98px)");
  const places = Array.from(document.querySelectorAll("[data-chart]"));

  function draw(place) {
    const figure = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    if (!place.classList.contains("chart--drawn")) {
      place.replaceChildren();
      place.classList.add("chart--drawn");
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", place.dataset.label);
    }
    const data = (narrow.matches && figure.narrow_data) || figure.data;
    return window.Plotly.newPlot(place, data, narrow.matches ? figure.narrow : figure.layout, config);
  }

  function drawAll() {
    delete document.documentElement.dataset.charts;
    return Promise.all(places.map(draw)).then(function () {
      document.documentElement.dataset.charts = "done";
    });
  }

  // A drawing has the width of the window; paper scales it as a whole.
  function scale(isOnPaper) {
    places.forEach(function (place) {
      place.querySelectorAll("svg.main-svg").forEach(function (svg) {
        const size = [svg.getAttribute("width"), svg.getAttribute("height")];
        if (isOnPaper) {
          svg.setAttribute("viewBox", "0 0 " + size.join(" "));
          svg.parentElement.style.aspectRatio = size.join(" / ");
        } else {
          svg.removeAttribute("viewBox");
          svg.parentElement.style.aspectRatio = "";
        }
      });
    });
  }

  window.addEventListener("beforeprint", function () { scale(true); });
  window.addEventListener("afterprint", function () { scale(false); });
  narrow.addEventListener("change", drawAll);
  drawAll();
})();
