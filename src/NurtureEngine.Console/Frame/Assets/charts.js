// Draws a chart from the table beside it. The table stays on the page for readers who cannot see the chart.
const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const palette = () => [css("--tblr-primary"), "#0ca678", "#f59f00", "#ae3ec9", "#d63939", "#4299e1"];

const draw = (figure) => {
  const table = figure.querySelector("table");
  const box = figure.querySelector("[data-chart]");
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent.trim()));
  echarts.getInstanceByDom(box)?.dispose();
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: palette(),
    textStyle: { fontFamily: "inherit" },
    grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: head.length > 2 ? { top: 0, textStyle: { color: css("--tblr-body-color") } } : undefined,
    xAxis: { type: "category", data: rows.map((row) => row[0]), axisLabel: { color: css("--tblr-secondary") } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: css("--tblr-secondary") }, splitLine: { lineStyle: { color: css("--tblr-border-color") } } },
    series: head.slice(1).map((name, column) => ({ name, type: box.dataset.chart, data: rows.map((row) => Number(row[column + 1])) })),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
};

const drawAll = () => document.querySelectorAll("figure.chart").forEach(draw);
Blazor.addEventListener("enhancedload", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
