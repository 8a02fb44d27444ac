// Draws the ECharts of the page from their options; colours come from the page's tokens, also after a theme change.
/* global echarts */

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function coloured(options) {
  const text = { color: token("--fg2") };
  const line = { lineStyle: { color: token("--line") } };
  const axis = { axisLabel: text, axisLine: line, splitLine: line };
  return {
    ...options,
    color: [token("--ctl"), token("--brand")],
    textStyle: { fontFamily: token("--font") },
    legend: { ...options.legend, textStyle: text },
    xAxis: { ...options.xAxis, ...axis, splitLine: { show: false } },
    yAxis: { ...options.yAxis, ...axis },
  };
}

function draw(box) {
  const options = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  const paint = () => chart.setOption(coloured(options), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
if (document.readyState !== "loading" && window.echarts) document.querySelectorAll("[data-chart]:empty").forEach(draw);
