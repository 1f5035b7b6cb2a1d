// Draws every trend of the page from the figure beside it (a dict that the server has validated), wide or, below 760
// pixels, in the narrower layout. Without this file the heading, the sentence and the table say the same.
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
    const layout = narrow.matches ? figure.narrow : figure.layout;
    if (!place.classList.contains("chart--drawn")) {
      place.replaceChildren();
      place.classList.add("chart--drawn");
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", place.dataset.label);
    }
    return window.Plotly.newPlot(place, figure.data, layout, config).then(function () {
      // So that paper can scale the drawing, whose size is that of the window.
      place.querySelectorAll("svg.main-svg").forEach(function (svg) {
        svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
      });
    });
  }

  function drawAll() {
    delete document.documentElement.dataset.charts;
    return Promise.all(places.map(draw)).then(function () {
      document.documentElement.dataset.charts = "done";
    });
  }

  narrow.addEventListener("change", drawAll);
  drawAll();
})();
