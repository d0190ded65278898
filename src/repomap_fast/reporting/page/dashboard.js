"use strict";
// The words and tables of the page are there already; this draws its charts, of the data that it carries.
const data = JSON.parse(document.getElementById("data").textContent);
const MOST_SYMBOLS = 60, LETTER_WIDTH = 6.4;
const colour = (element, name) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
const tip = (text) => Object.assign(document.createElement("div"), { className: "tip", textContent: text });
const units = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e4, "k", 1e3]];
// Labels of an axis have seven characters or less.
const tick = (value) => {
  if (value !== 0 && (Math.abs(value) >= 1e15 || Math.abs(value) < 1e-4)) return value.toExponential(1).replace("+", "");
  const found = units.find(([least]) => value >= least);
  return found ? `${+(value / (found[2] || found[0])).toPrecision(4)}${found[1]}` : `${+value.toPrecision(4)}`;
};

const tooltip = (element, more) => ({
  confine: true, backgroundColor: colour(element, "text"), borderWidth: 0, padding: [6, 10],
  textStyle: { color: colour(element, "card") }, ...more,
});
// An axis from zero in steps of 1, 2, 2.5 or 5 times a power of ten, which reaches the top.
const axis = (top, isFixed) => {
  if (!(top > 1e-30)) return { max: 1, interval: 1 };
  if (isFixed) return { max: top, interval: top / 4 };
  const power = 10 ** Math.floor(Math.log10(top / 4));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => power * factor >= (top / 4) * (1 - 1e-9));
  return { max: step * Math.max(1, Math.ceil(top / step - 1e-9)), interval: step };
};
const line = (element, chart) => {
  const { marks } = chart, { max: top, interval } = axis(chart.top, chart.isFixed);
  const own = colour(element, "case"), alert = colour(element, "alert"), faint = colour(element, "faint");
  const many = marks.length > MOST_SYMBOLS;
  const points = marks.map((mark) => {
    const isAbove = mark.value > chart.top * (1 + 1e-9);
    return {
      value: Math.min(mark.value, top),
      symbol: isAbove ? "triangle" : mark.isAlert ? "diamond" : many ? "none" : "circle",
      symbolSize: isAbove || mark.isAlert ? (many ? 7 : 11) : 6,
      itemStyle: { color: mark.isAlert ? alert : own },
    };
  });
  const capped = (value) => Math.min(value, top);
  const hasSpread = marks.some((mark) => mark.low !== mark.high);
  const band = { type: "line", silent: true, symbol: "none", stack: "spread", lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return {
    animation: false,
    grid: { left: 4, right: 14, top: 12, bottom: 4, containLabel: true },
    tooltip: tooltip(element, {
      trigger: "axis", axisPointer: { type: "line", lineStyle: { color: colour(element, "axis") } },
      formatter: (items) => tip(marks[items[0].dataIndex].title),
    }),
    xAxis: {
      type: "category", data: marks.map((mark) => mark.day), boundaryGap: marks.length === 1,
      axisLine: { lineStyle: { color: colour(element, "axis") } },
      axisLabel: { color: faint, fontSize: 11, interval: 0, formatter: (day, i) => (
        i === 0 || i === marks.length - 1 ? day : ""), alignMinLabel: "left", alignMaxLabel: marks.length > 1 ? "right" : "center" },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value", min: 0, max: top, interval,
      axisLabel: { color: faint, fontSize: 11, formatter: tick, showMaxLabel: true, hideOverlap: true },
      splitLine: { lineStyle: { color: colour(element, "rule") } },
    },
    series: [
      ...(hasSpread ? [
        { ...band, data: marks.map((mark) => capped(mark.low)) },
        { ...band, data: marks.map((mark) => capped(mark.high) - capped(mark.low)), areaStyle: { color: own, opacity: 0.22 } },
      ] : []),
      { type: "line", data: points, showAllSymbol: true, lineStyle: { color: own, width: 1.6 }, z: 3 },
    ],
  };
};
const bar = (element, chart) => {
  const total = chart.parts.reduce((sum, part) => sum + part.seconds, 0) || 1;
  const width = element.clientWidth;
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    tooltip: tooltip(element, { formatter: ({ seriesIndex }) => tip(chart.parts[seriesIndex].title) }),
    xAxis: { type: "value", show: false, max: total },
    yAxis: { type: "category", show: false, data: [""] },
    series: chart.parts.map((part) => ({
      type: "bar", stack: "all", barWidth: "100%", data: [part.seconds],
      itemStyle: { color: colour(element, `s${part.colour}`) },
      label: {
        show: (width * part.seconds) / total > (part.name.length + 1) * LETTER_WIDTH, formatter: () => part.name,
        color: colour(element, "on"), fontSize: 11, fontWeight: 600,
      },
    })),
  };
};

const charts = data.charts.map((chart, i) => {
  const element = document.getElementById(`chart-${i}`);
  return { chart, element, drawn: echarts.init(element) };
});
const draw = () => charts.forEach(({ chart, element, drawn }) => {
  drawn.setOption(chart.kind === "bar" ? bar(element, chart) : line(element, chart), { notMerge: true });
});
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return;
  lastWidth = innerWidth;
  charts.forEach(({ drawn }) => drawn.resize());
  draw();
});
