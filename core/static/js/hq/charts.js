// Draws the charts of the page from their options; colours come from the page's tokens, also after a theme change.
// Without script the boxes stay hidden: the table beside each chart has the same figures.
import * as echarts from "../../vendor/echarts/echarts.esm.min.js";

const ROW = 64;
const FRAME = 72;

/** @param {string} name */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {any} options */
function coloured(options) {
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 };
  const text = { ...font, color: token("--fg2") };
  const line = { lineStyle: { color: token("--line2") } };
  return {
    ...options,
    color: [token("--brand"), token("--ctl")],
    textStyle: font,
    legend: { ...options.legend, textStyle: text, itemWidth: 14, itemHeight: 10 },
    tooltip: {
      ...options.tooltip,
      backgroundColor: token("--surface"),
      borderColor: token("--line"),
      textStyle: { ...font, color: token("--fg") },
    },
    xAxis: { ...options.xAxis, axisLabel: text, splitLine: line },
    yAxis: { ...options.yAxis, axisLabel: { ...text, color: token("--fg"), width: 112, overflow: "break" }, axisTick: { show: false }, axisLine: line },
    series: options.series.map((series) => ({ ...series, barMaxWidth: 16, barGap: "15%", itemStyle: { borderRadius: [0, 3, 3, 0] } })),
  };
}

/** @param {HTMLElement} box */
function draw(box) {
  const options = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  box.hidden = false;
  box.style.height = `${FRAME + ROW * options.yAxis.data.length}px`;
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const paint = () => chart.setOption(coloured(options), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

document.querySelectorAll("[data-chart]").forEach(draw);
