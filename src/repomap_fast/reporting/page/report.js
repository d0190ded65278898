"use strict";
// Names of a repository reach the page as text alone: nothing here writes HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
// Made once: "toLocaleString" makes one for each number, a tenth of the time of a click.
const number = new Intl.NumberFormat("en").format;
const counted = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
const MOST_CHILDREN = 90, MOST_ROWS = 200, FIRST_ROWS = 10, MOST_FOUND = 50;

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A table whose cells are texts, numbers, or elements. What does not fit at first comes at a click.
const fill = (table, headings, rows, { most = MOST_ROWS } = {}) => {
  // The roles are said, as a narrow page lays rows out as blocks, and then browsers take them for none.
  const row = (cells) => make("tr", { role: "row" }, ...cells.map((cell, i) => {
    const { title, isNumber } = headings[i];
    const text = typeof cell === "number" ? number(cell) : cell;
    const made = make("td", { role: "cell", className: isNumber ? "number" : "" }, text);
    made.dataset.title = title;
    return made;
  }));
  table.parentElement.querySelector(".more")?.remove();
  if (!rows.length) { table.replaceChildren(); return; }
  const head = make("tr", { role: "row" }, ...headings.map(({ title, isNumber }) =>
    make("th", { scope: "col", role: "columnheader", className: isNumber ? "number" : "" }, title)));
  const body = make("tbody", { role: "rowgroup" }, ...rows.slice(0, most).map(row));
  table.role = "table";
  table.replaceChildren(make("thead", { role: "rowgroup" }, head), body);
  if (rows.length > most) {
    const more = make("button", { type: "button", className: "more" }, `Show all ${number(rows.length)}`);
    more.addEventListener("click", () => { body.append(...rows.slice(most).map(row)); more.remove(); });
    table.after(more);
  }
};
const words = (...titles) => titles.map((title) =>
  title.startsWith("#") ? { title: title.slice(1), isNumber: true } : { title, isNumber: false });

// The tree: folders by number, each with its files; what was too small for the page is a number of each folder.
const { folders, files } = data;
const nFolders = folders.names.length, nFiles = files.names.length;
const innerOf = Array.from({ length: nFolders }, () => []), filesOf = Array.from({ length: nFolders }, () => []);
const totals = Array.from({ length: nFolders }, (_, i) => ({
  lines: folders.foldedLines[i], files: folders.folded[i], changes: folders.foldedChanges[i], most: 0,
  place: Infinity, kinds: new Map(),
  // By lines, of the files that are on the page.
  weight: 0, levelSum: 0, changeSum: 0,
}));
for (let i = 0; i < nFiles; i++) {
  filesOf[files.folders[i]].push(i);
  const total = totals[files.folders[i]];
  total.lines += files.lines[i];
  total.files += 1;
  total.changes += files.changes[i];
  total.weight += files.lines[i];
  total.levelSum += files.lines[i] * files.levels[i];
  total.changeSum += files.lines[i] * files.changes[i];
  total.most = Math.max(total.most, files.changes[i]);
  total.place = Math.min(total.place, files.places[i]);
  total.kinds.set(files.kinds[i], (total.kinds.get(files.kinds[i]) || 0) + files.lines[i]);
}
for (let i = nFolders - 1; i > 0; i--) {
  const from = totals[i], to = totals[folders.parents[i]];
  innerOf[folders.parents[i]].push(i);
  to.lines += from.lines;
  to.files += from.files;
  to.changes += from.changes;
  to.weight += from.weight;
  to.levelSum += from.levelSum;
  to.changeSum += from.changeSum;
  to.most = Math.max(to.most, from.most);
  to.place = Math.min(to.place, from.place);
  for (const [kind, lines] of from.kinds) to.kinds.set(kind, (to.kinds.get(kind) || 0) + lines);
}
const mostChanges = Math.max(1, totals[0].most);
const pathOf = (folder) => {
  const parts = [];
  for (let i = folder; i > 0; i = folders.parents[i]) parts.unshift(folders.names[i]);
  return parts.join("/");
};
const filePath = (file) => {
  const folder = pathOf(files.folders[file]);
  return folder ? `${folder}/${files.names[file]}` : files.names[file];
};
const largestKind = (kinds) => {
  let best = 0, most = -1;
  for (const [kind, lines] of kinds) if (lines > most) { best = kind; most = lines; }
  return best;
};

// Colours, of the style sheet.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (low, high, share) => {
  const a = channels(low), b = channels(high);
  return `rgb(${a.map((one, i) => Math.round(one + (b[i] - one) * share)).join(",")})`;
};
const inkOn = (fill) => {
  const [r, g, b] = (fill.startsWith("#") ? channels(fill) : fill.match(/\d+/g).map(Number))
    .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#101418" : "#ffffff";
};
let palette = {};
const readPalette = () => {
  for (const name of ["ground", "card", "text", "faint", "rule", "axis", "accent", "alert", "low", "high", "low-changes",
    "high-changes", "empty", ...data.kinds]) palette[name] = colour(name);
};
let colourBy = "importance";
const fillOf = (level, changes, kind) => {
  if (colourBy === "importance") return mix(palette.low, palette.high, level / 100);
  if (colourBy === "changes") {
    return mix(palette["low-changes"], palette["high-changes"], Math.log1p(changes) / Math.log1p(mostChanges));
  }
  return palette[data.kinds[kind]];
};

let folder = -1, picked = -1;
const treemap = echarts.init(byId("treemap")), graph = echarts.init(byId("graph"));
const tip = (lines) => make("div", { className: "tip" }, lines.filter(Boolean).join("\n"));
// At a click the page draws anew, and what a tip would tell is there no more.
const tooltip = (formatter) => ({
  confine: true, triggerOn: "mousemove", formatter, backgroundColor: palette.card, borderColor: palette.axis, textStyle: { color: palette.text },
});

// A piece with less than this share of the drawing has no room for a name; a folder with less is one piece.
const LEAST_NAMED = 0.001, LEAST_DIVIDED = 0.02, GAP = 2;
const box = (name, lines, fill, all, more) => ({
  name, value: Math.max(lines, 1), itemStyle: { color: fill },
  label: { show: lines >= LEAST_NAMED * all, color: inkOn(fill) }, ...more,
});
const fileBox = (file, all) => box(
  files.names[file], files.lines[file], fillOf(files.levels[file], files.changes[file], files.kinds[file]), all, { file });
const folderBox = (inner, all, isDivided) => {
  const total = totals[inner], weight = total.weight || 1, share = total.lines / all;
  const fill = fillOf(total.levelSum / weight, total.changeSum / weight, largestKind(total.kinds));
  const children = isDivided && share >= LEAST_DIVIDED ? childrenOf(inner, 6 + Math.round(160 * share), all, false) : [];
  return box(folders.names[inner], total.lines, fill, all, { folder: inner, ...(children.length && { children }) });
};
// The largest pieces of a folder; the others are one piece.
const childrenOf = (parent, most, all, isDivided) => {
  const pieces = [
    ...innerOf[parent].map((inner) => ({ lines: totals[inner].lines, make: () => folderBox(inner, all, isDivided) })),
    ...filesOf[parent].map((file) => ({ lines: files.lines[file], make: () => fileBox(file, all) })),
  ].sort((a, b) => b.lines - a.lines);
  const shown = pieces.slice(0, most).map((one) => one.make());
  const rest = pieces.slice(most);
  const n = rest.length + folders.folded[parent];
  const lines = rest.reduce((sum, one) => sum + one.lines, folders.foldedLines[parent]);
  if (n && lines) shown.push(box(`${number(n)} smaller`, lines, palette.empty, all, { rest: parent }));
  return shown;
};

const aboutFile = (file) => [
  filePath(file), `${counted(files.lines[file], "line")}, ${data.kinds[files.kinds[file]]}, ${data.languages[files.languages[file]]}`,
  `importance: number ${number(files.places[file])} of ${number(data.nFiles)}`,
  data.nCommits ? `changed in ${counted(files.changes[file], "commit")}` : "",
];
const aboutFolder = (one) => [
  pathOf(one) || data.name, `${counted(totals[one].files, "file")}, ${counted(totals[one].lines, "line")}`,
  Number.isFinite(totals[one].place) ? `its most important file is number ${number(totals[one].place)}` : "",
  data.nCommits ? `${counted(totals[one].changes, "change")} of its files` : "",
];
const drawTreemap = () => {
  treemap.setOption({
    animation: false,
    tooltip: tooltip(({ data: one }) => tip(
      one.file !== undefined ? aboutFile(one.file) : one.folder !== undefined ? aboutFolder(one.folder)
        : [one.name || data.name, counted(one.value, "line")])),
    series: [{
      // Said here too: a treemap moves for a second otherwise, whatever is said above, and a click hits what was there.
      type: "treemap", animation: false, left: 0, right: 0, top: 0, bottom: 0, roam: false, nodeClick: false, breadcrumb: { show: false },
      visibleMin: 1, childrenVisibleMin: 1,
      label: { show: true, overflow: "truncate", fontSize: 11, padding: 2 },
      upperLabel: { show: true, height: 18, overflow: "truncate", fontSize: 11, color: palette.text, padding: [0, 4] },
      levels: [
        { itemStyle: { gapWidth: GAP, borderWidth: 0, borderColor: palette.card }, upperLabel: { show: false } },
        { itemStyle: { gapWidth: 1, borderWidth: 1, borderColor: palette.rule } },
        { itemStyle: { gapWidth: 0, borderWidth: 0.5, borderColor: palette.card } },
      ],
      data: childrenOf(folder, MOST_CHILDREN, totals[folder].lines || 1, true),
    }],
  }, { notMerge: true });
  const where = pathOf(folder) || "the repository";
  byId("treemap").setAttribute("aria-label",
    `Treemap of ${where}: ${counted(totals[folder].files, "file")}, ${counted(totals[folder].lines, "line")}`);
};
// What the innermost piece at a point stands for. A gap between pieces belongs to the folder around it; the one that is open
// has nothing more to open, so there it belongs to a piece beside it.
const pieceAt = (x, y) => {
  const pieces = treemap.getModel().getSeriesByIndex(0).getData();
  const has = (node, margin) => {
    const { x: left, y: top, width, height } = node.getLayout();
    return x >= left - margin && x < left + width + margin && y >= top - margin && y < top + height + margin;
  };
  const inner = ({ viewChildren = [] }, margin) => viewChildren.find((child) => has(child, 0)) || viewChildren.find((child) => has(child, margin));
  let found = null;
  for (let node = inner(pieces.tree.root, GAP); node; node = inner(node, 0)) {
    found = pieces.getRawDataItem(node.dataIndex);
    x -= node.getLayout().x;
    y -= node.getLayout().y;
  }
  return found;
};
// The browser's own click: that of the library takes a press and a release on the same shape, and has none where a frame
// between them drew anew.
byId("treemap").addEventListener("click", ({ clientX, clientY }) => {
  const { x, y } = byId("treemap").getBoundingClientRect();
  const one = pieceAt(clientX - x, clientY - y);
  if (!one) return;
  if (one.file !== undefined) pickFile(one.file);
  else if (one.folder !== undefined) openFolder(one.folder);
  else if (one.rest !== folder) openFolder(one.rest);
  // The table has them all.
  else byId("contents").parentElement.focus();
});

const drawCrumbs = () => {
  const chain = [];
  for (let i = folder; i >= 0; i = folders.parents[i]) chain.unshift(i);
  byId("crumbs").replaceChildren(...chain.map((one) => {
    const button = make("button", { type: "button" }, one ? folders.names[one] : data.name);
    if (one === folder) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => openFolder(one));
    return make("li", {}, button);
  }));
};
const drawContents = () => {
  const place = (one) => (Number.isFinite(one) ? number(one) : "");
  const rows = innerOf[folder].map((one) => {
    const button = make("button", { type: "button" }, `${folders.names[one]}/`);
    button.addEventListener("click", () => openFolder(one, true));
    const total = totals[one];
    return [total.lines, [button, total.lines, total.files, place(total.place), total.changes,
      data.kinds[largestKind(total.kinds)]]];
  });
  for (const file of filesOf[folder]) {
    rows.push([files.lines[file], [files.names[file], files.lines[file], "", place(files.places[file]),
      files.changes[file], data.kinds[files.kinds[file]]], file]);
  }
  if (folders.folded[folder]) {
    rows.push([-1, [`${counted(folders.folded[folder], "smaller file")}`, folders.foldedLines[folder],
      folders.folded[folder], "", folders.foldedChanges[folder], ""]]);
  }
  rows.sort((a, b) => (b[2] === picked && picked >= 0) - (a[2] === picked && picked >= 0) || b[0] - a[0]);
  fill(byId("contents"), words("Name", "#Lines", "#Files", "#Place by importance", "#Changes", "Kind"),
    rows.map((row) => row[1]), { most: MOST_ROWS });
  if (picked >= 0 && rows.length && rows[0][2] === picked) {
    byId("contents").tBodies[0].rows[0].className = "picked";
    byId("contents").parentElement.scrollTop = 0;
  }
};
const drawLegend = () => {
  const swatch = (background, text, className = "") => {
    const mark = make("i", { className });
    mark.style.background = background;
    return make("span", {}, mark, text);
  };
  const ramp = (low, high, text) => swatch(`linear-gradient(to right, ${palette[low]}, ${palette[high]})`, text, "ramp");
  const legend = byId("legend");
  if (colourBy === "importance") {
    legend.replaceChildren(ramp("low", "high", "less to more important; a folder has the mean of its lines"));
  } else if (colourBy === "changes") {
    legend.replaceChildren(ramp("low-changes", "high-changes", data.nCommits
      ? `0 to ${counted(totals[0].most, "commit")} that changed it` : "there is no history of git here"));
  } else {
    legend.replaceChildren(...data.kinds.map((kind) => swatch(palette[kind], kind)));
  }
};
const show = (nextFolder, file, about) => {
  const isOther = nextFolder !== folder;
  folder = nextFolder;
  picked = file;
  byId("picked").textContent = about.filter(Boolean).join(" · ");
  drawContents();
  if (!isOther) return;
  drawTreemap();
  drawCrumbs();
  drawGraph();
};
const openFolder = (one, keepsFocus = false) => {
  show(one, -1, aboutFolder(one));
  if (keepsFocus) byId("crumbs").lastElementChild.firstElementChild.focus();
};
const pickFile = (file) => show(files.folders[file], file, aboutFile(file));

// The graph: boxes in rows, so that most edges lead downwards; a layer that is too wide takes more rows.
const BOX_WIDTH = 140, BOX_HEIGHT = 26, END_SIZE = 16, ROW_HEIGHT = 62, MOST_ARROWS = 70;
const GRAPH_LEFT = BOX_WIDTH / 2 + 4, GRAPH_TOP = BOX_HEIGHT / 2 + 6;
let drawnGraph = null, boxes = [];
const drawGraph = (isOutdated = false) => {
  const own = folder ? data.graphs[folder] : undefined;
  const shown = own || data.overview;
  if (shown === drawnGraph && !isOutdated) return;
  drawnGraph = shown;
  const where = own ? `in ${pathOf(folder)}` : "the largest folders";
  byId("folders-title").textContent = `Who refers to whom: ${where}`;
  const { nodes, edges, layers, cycles, nMore } = shown;
  const layerOf = [];
  layers.forEach((layer, i) => layer.forEach((node) => { layerOf[node] = i; }));
  const leadsBack = ([source, target]) => layerOf[source] >= layerOf[target];
  // What closes a cycle is always drawn; of the others those that count most.
  const arrows = [...edges.filter(leadsBack), ...edges.filter((edge) => !leadsBack(edge))].slice(0, MOST_ARROWS);
  const basis = { imports: "imports", names: "references to names that one file alone defines", nothing: "" }[data.basis];
  byId("folders-note").textContent = !edges.length ? "No folder here is known to refer to another one."
    : `An arrow leads to what is referred to, by ${basis}; its width says how often. `
      + (cycles.length ? "What is in a cycle has a heavy frame and a ↻; dashed arrows lead back and close cycles." : "There are no cycles among these.")
      + (nodes.some((node) => node[5]) ? " A dotted frame: most lines are of tests." : "")
      + (arrows.length < edges.length ? ` ${counted(edges.length - arrows.length, "arrow")} of fewer references are in the table alone.` : "")
      + (nMore ? ` ${counted(nMore, "folder")} of fewer references are left out.` : "");
  const element = byId("graph");
  const room = Math.max(element.clientWidth - BOX_WIDTH - 8, 1), perRow = 1 + Math.floor(room / (BOX_WIDTH + 8));
  const rows = layers.flatMap((layer) => {
    const n = Math.ceil(layer.length / perRow), size = Math.ceil(layer.length / n);
    return Array.from({ length: n }, (_, i) => layer.slice(i * size, (i + 1) * size));
  });
  const height = Math.max(1, rows.length - 1) * ROW_HEIGHT;
  element.style.height = `${edges.length ? height + BOX_HEIGHT + 24 : 0}px`;
  // Emptied first, or it would draw the graph before once more, in the new size.
  graph.clear();
  graph.resize();
  boxes = [];
  fillEdges();
  if (!edges.length) { byId("cycles").replaceChildren(); return; }
  const inCycle = new Set(cycles.flat());
  const place = [];
  rows.forEach((row, y) => row.forEach((node, x) => {
    // Rows by turns to the left and to the right, so that arrows pass by the boxes between their ends.
    const step = row.length > 1 ? Math.max(BOX_WIDTH + 8, room / row.length) : 0;
    const free = room - step * (row.length - 1);
    place[node] = [free * (y % 2 ? 0.68 : 0.32) + step * x, y * ROW_HEIGHT];
  }));
  boxes = nodes.map(([, number_], i) => ({ x: place[i][0], y: place[i][1], folder: number_ }));
  // Two nodes that nobody sees keep the corners, so that a unit is a pixel.
  const corners = [[0, 0], [room, height]].map(([x, y], i) => ({ name: `corner ${i}`, x, y, symbolSize: 0, label: { show: false } }));
  const most = Math.max(1, ...edges.map((edge) => edge[2]));
  // An arrow ends at a node as if it were round, which would be below the box of a label. So each arrow has a small round
  // node of its own that nobody sees, just within the border of the box.
  const ends = arrows.map(([source, target], i) => {
    const [x, y] = place[target], dx = place[source][0] - x, dy = place[source][1] - y;
    const length = Math.max(Math.hypot(dx, dy), 1);
    const toBorder = Math.min(BOX_WIDTH / 2 / Math.max(Math.abs(dx), 1e-9), BOX_HEIGHT / 2 / Math.max(Math.abs(dy), 1e-9));
    const part = Math.min(Math.max(toBorder - (END_SIZE / 2 - 2) / length, 0), 1);
    return {
      id: `end ${i}`, name: `end ${i}`, x: x + dx * part, y: y + dy * part, symbolSize: END_SIZE, cursor: "default",
      itemStyle: { opacity: 0 }, label: { show: false },
    };
  });
  graph.setOption({
    animation: false,
    tooltip: tooltip(({ dataType, data: one }) => (one.about ? tip(one.about) : "")),
    series: [{
      type: "graph", layout: "none", roam: false, left: GRAPH_LEFT, top: GRAPH_TOP, width: room, height,
      symbol: "circle", symbolSize: BOX_HEIGHT, edgeSymbol: ["none", "arrow"], edgeSymbolSize: 7,
      emphasis: { focus: "adjacency", lineStyle: { width: 3 } },
      label: {
        show: true, fontSize: 11.5, width: BOX_WIDTH, height: BOX_HEIGHT, lineHeight: BOX_HEIGHT, overflow: "truncate",
        color: palette.text, borderRadius: 6, align: "center",
      },
      itemStyle: { color: palette.low },
      data: [...nodes.map(([name, number_, path, nFiles_, nLines, isTests], i) => ({
        id: String(i), name: String(i), x: place[i][0], y: place[i][1], cursor: number_ >= 0 ? "pointer" : "default",
        label: {
          formatter: () => (inCycle.has(i) ? "↻ " : "") + name, backgroundColor: isTests ? palette.ground : palette.low,
          borderColor: inCycle.has(i) ? palette.alert : palette.axis, borderWidth: inCycle.has(i) ? 2 : 1,
          borderType: isTests ? "dotted" : "solid",
        },
        about: [path, `${counted(nFiles_, "file")}, ${counted(nLines, "line")}`, isTests ? "tests" : "",
          inCycle.has(i) ? "in a cycle" : ""],
      })), ...corners, ...ends],
      links: arrows.map(([source, target, n], i) => ({
        source: String(source), target: `end ${i}`,
        lineStyle: {
          color: leadsBack([source, target]) ? palette.alert : palette.axis,
          type: leadsBack([source, target]) ? "dashed" : "solid",
          width: 0.6 + (2.4 * Math.log1p(n)) / Math.log1p(most), curveness: 0.12, opacity: 0.75,
        },
        about: [`${nodes[source][0]} → ${nodes[target][0]}`, counted(n, "time")],
      })),
    }],
  }, { notMerge: true });
  element.setAttribute("aria-label", `Graph of ${counted(nodes.length, "folder")}, ${where}, ${counted(cycles.length, "cycle")}`);
  byId("cycles").replaceChildren(...cycles.map((cycle) =>
    make("li", {}, `↻ ${counted(cycle.length, "folder")} reach each other: ${cycle.slice(0, 12).map((i) => nodes[i][0]).join(", ")}${cycle.length > 12 ? " …" : ""}`)));
};
// The table of arrows is made when it is looked at.
const fillEdges = () => {
  const { nodes, edges } = drawnGraph, isOpen = byId("edges-title").parentElement.open;
  byId("edges-title").textContent = `${counted(edges.length, "arrow")} as a table`;
  fill(byId("edges"), words("From", "To", "#Times", "In a cycle"), isOpen ? edges.map(
    ([source, target, n, isInCycle]) => [nodes[source][0], nodes[target][0], n, isInCycle ? "yes" : ""]) : []);
};
byId("edges-title").parentElement.addEventListener("toggle", fillEdges);
// Ends of arrows lie upon the borders of boxes, and are part of them for a click.
byId("graph").addEventListener("click", ({ clientX, clientY }) => {
  const { x: left, y: top } = byId("graph").getBoundingClientRect();
  const x = clientX - left - GRAPH_LEFT, y = clientY - top - GRAPH_TOP;
  const one = boxes.find((box_) => Math.abs(x - box_.x) <= BOX_WIDTH / 2 && Math.abs(y - box_.y) <= BOX_HEIGHT / 2);
  if (one && one.folder >= 0) openFolder(one.folder);
});

// Search.
let index = null, matches = [], active = -1;
const readIndex = () => {
  if (index) return;
  index = [];
  for (let i = 1; i < nFolders; i++) index.push({ text: `${pathOf(i)}/`, go: () => openFolder(i) });
  for (let i = 0; i < nFiles; i++) index.push({ text: filePath(i), go: () => pickFile(i) });
  const fileAt = new Map(index.slice(nFolders - 1).map((one, i) => [one.text, i]));
  for (const one of [...data.keyDefinitions, ...data.unused.definitions]) {
    const file = fileAt.get(one.path);
    if (file === undefined) continue;
    const name = one.scope ? `${one.scope}.${one.name}` : one.name;
    index.push({ text: `${name} (${one.kind}, ${one.path}:${one.line})`, go: () => pickFile(file) });
  }
  for (const one of index) one.lower = one.text.toLowerCase();
};
const search = byId("search"), found = byId("found");
const close = () => { found.hidden = true; search.setAttribute("aria-expanded", "false"); search.removeAttribute("aria-activedescendant"); active = -1; };
const choose = (one) => { close(); one.go(); };
const select = (i) => {
  active = i;
  [...found.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === i)));
  if (i >= 0) { search.setAttribute("aria-activedescendant", `found-${i}`); found.children[i].scrollIntoView({ block: "nearest" }); }
};
const look = () => {
  readIndex();
  const parts = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!parts.length) { close(); return; }
  // What ends with the text comes first, then what has it in its last part, then the shortest.
  const last = parts[parts.length - 1];
  const score = (one) => (one.lower.slice(one.lower.lastIndexOf("/", one.lower.length - 2) + 1).includes(last) ? 0 : 10000) + one.lower.length;
  matches = index.filter((one) => parts.every((part) => one.lower.includes(part)));
  const n = matches.length;
  matches = matches.sort((a, b) => score(a) - score(b)).slice(0, MOST_FOUND);
  found.replaceChildren(...matches.map((one, i) => {
    const item = make("li", { id: `found-${i}` }, one.text);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(one); });
    return item;
  }));
  if (!n || n > MOST_FOUND || data.nFolded) {
    const folded = data.nFolded ? `; ${counted(data.nFolded, "small file")} of the repository are not on this page` : "";
    const item = make("li", {}, (n > MOST_FOUND ? `${number(n - MOST_FOUND)} more` : n ? "" : "nothing found") + folded);
    item.setAttribute("role", "presentation");
    if (item.textContent.replace(/^; /, "")) { item.textContent = item.textContent.replace(/^; /, ""); found.append(item); }
  }
  found.hidden = false;
  search.setAttribute("aria-expanded", "true");
  active = -1;
};
search.addEventListener("input", look);
search.addEventListener("blur", close);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
  else if (event.key === "Enter" && matches.length && !found.hidden) choose(matches[Math.max(active, 0)]);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (found.hidden) look();
    if (!matches.length) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    select((active + step + matches.length) % matches.length);
  } else return;
  event.preventDefault();
});

// What does not change.
const openPath = (path) => {
  readIndex();
  const one = index.find((entry) => entry.text === path);
  const button = make("button", { type: "button" }, path);
  button.addEventListener("click", () => { if (one) { one.go(); byId("files").scrollIntoView(); } });
  return one ? button : path;
};
const drawTexts = () => {
  byId("state").textContent = data.state;
  byId("numbers").replaceChildren(...data.numbers.map(([title, value, more]) =>
    make("div", {}, make("dt", {}, title), make("dd", {}, value, make("span", {}, more)))));
  fill(byId("key-files"), words("#Place", "File", "Reason"),
    data.keyFiles.map((one) => [one.place, openPath(one.path), one.reason]), { most: FIRST_ROWS });
  fill(byId("key-definitions"), words("#Place", "Definition", "Kind", "Where", "Reason"), data.keyDefinitions.map((one) => [
    one.place, one.scope ? `${one.scope}.${one.name}` : one.name, one.kind, `${one.path}:${one.line}`, one.reason,
  ]), { most: FIRST_ROWS });
  byId("hot-note").textContent = data.hotNote;
  fill(byId("hot-spots"), words("File", "#Changes", "#Place by importance", "#Lines", "#Heat"), data.hotSpots.map((one) => [
    openPath(one.path), one.n_changes, one.place, one.n_lines, `${(100 * one.heat).toFixed(one.heat < 0.1 ? 1 : 0)} %`,
  ]), { most: FIRST_ROWS });
  byId("unused-note").textContent = data.unused.note;
  fill(byId("unused-table"), words("Definition", "Kind", "Where"), data.unused.definitions.map((one) => [
    one.scope ? `${one.scope}.${one.name}` : one.name, one.kind, `${one.path}:${one.line}`,
  ]), { most: FIRST_ROWS });
  byId("notes").textContent = data.notes;
};
const budget = byId("budget");
budget.max = String(data.maps.length - 1);
budget.value = String(Math.min(2, data.maps.length - 1));
const drawMap = () => {
  const map = data.maps[Number(budget.value)];
  byId("map-text").textContent = map.text;
  byId("tokens").textContent = `${number(map.budget)} tokens`;
  budget.setAttribute("aria-valuetext", `${number(map.budget)} tokens`);
  byId("copied").textContent = "";
};
budget.addEventListener("input", drawMap);
byId("copy").addEventListener("click", async () => {
  const text = byId("map-text").textContent;
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = "copied";
  } catch {
    getSelection().selectAllChildren(byId("map-text"));
    byId("copied").textContent = document.execCommand("copy") ? "copied" : "selected: copy it with your browser";
  }
});
for (const input of document.querySelectorAll('input[name="colour"]')) {
  input.addEventListener("change", () => { colourBy = input.value; drawTreemap(); drawLegend(); });
}
const drawAll = () => { readPalette(); drawTreemap(); drawCrumbs(); drawContents(); drawLegend(); drawGraph(true); };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new ResizeObserver(() => treemap.resize()).observe(byId("treemap"));
let lastWidth = byId("graph").clientWidth;
addEventListener("resize", () => {
  // A telephone changes the height of its window while it scrolls.
  if (byId("graph").clientWidth === lastWidth) return;
  lastWidth = byId("graph").clientWidth;
  drawGraph(true);
});
readPalette();
drawTexts();
drawMap();
drawLegend();
openFolder(0);
