/* Unpacks plotly.js, then draws every chart of the page in order. The page's policy allows these scripts by digest. */
(() => {
  "use strict";
  const NARROW = 560;
  const config = {
    responsive: true, displaylogo: false, modeBarButtons: [["toImage"]], showTips: false,
    toImageButtonOptions: { format: "png", scale: 2 },
  };

  async function unpack() {
    const bytes = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    window.PlotlyConfig = { MathJaxConfig: "local" };
    document.head.appendChild(script);
  }

  /* A phone shows the same chart with smaller letters and the margins that it can spare. */
  function fitted(layout, width) {
    const wide = structuredClone(layout);
    if (width >= NARROW) return wide;
    wide.font = { ...wide.font, size: 11 };
    wide.margin = { ...wide.margin, l: 8, r: 30 };
    return wide;
  }

  /* On paper the drawing is scaled as a whole: each layer needs to know the size that it was drawn in. */
  function scalable(plot) {
    for (const layer of plot.querySelectorAll("svg.main-svg")) {
      layer.setAttribute("viewBox", `0 0 ${layer.getAttribute("width")} ${layer.getAttribute("height")}`);
    }
    const box = plot.querySelector(".svg-container");
    if (box) plot.style.setProperty("--drawn", `${box.offsetWidth} / ${box.offsetHeight}`);
  }

  async function draw(figure) {
    const plot = figure.querySelector(".plot");
    const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
    const words = plot.querySelector(".instead");
    words.remove();
    try {
      await Plotly.newPlot(plot, data, fitted(layout, plot.clientWidth), config);
    } catch (error) {
      plot.replaceChildren(words);
      throw error;
    }
    scalable(plot);
    plot.on("plotly_afterplot", () => scalable(plot));
  }

  async function drawAll() {
    const figures = document.querySelectorAll("figure.chart");
    let drawn = 0;
    if (figures.length) await unpack();
    for (const figure of figures) {
      try {
        await draw(figure);
        drawn += 1;
      } catch (error) {
        console.error("a chart could not be drawn", error);
      }
    }
    window.flightreadyChartsDrawn = drawn;
    document.documentElement.dataset.chartsDrawn = drawn;
  }

  drawAll().catch((error) => console.error("the charts could not be drawn", error));
})();
