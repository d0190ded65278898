// Reads paths of templates, one a line, and prints for each what the parser of TypeScript sees called and declared in its
// JavaScript: PATH, then NAME GROUP LINE. Outside of `<% %>` every character but line feeds becomes a blank. Where `//`
// may begin a comment, a line feed is added before what closes the code; such lines do not count.
"use strict";
const fs = require("fs");
const ts = require("typescript");

function scriptOf(text) {
  const blank = (part) => part.replace(/[^\n]/g, " ");
  const added = [];
  let script = "", at = 0;
  const add = (code, end) => {
    script += code;
    if (code.includes("//")) {
      added.push(script.length);
      script += "\n";
    }
    script += end;
  };
  for (const tag of text.matchAll(/<%([%#=_-]?)([\s\S]*?)([-_]?%>)/g)) {
    script += blank(text.slice(at, tag.index));
    const [whole, mark, code] = tag;
    if (mark === "%" || mark === "#") script += blank(whole);
    else if (mark === "=" || mark === "-") add(";(" + code.replace(/;\s*$/, blank), ");");
    else add(" " + code, /\/\/[^\n]*$/.test(code) ? "" : ";");
    at = tag.index + whole.length;
  }
  return [script, added];
}

for (const path of fs.readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const [script, added] = scriptOf(fs.readFileSync(path, "utf-8"));
  const source = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  if (source.parseDiagnostics.length) continue;
  console.log(path);
  const say = (name, group) => {
    if (name && ts.isIdentifier(name)) {
      const row = source.getLineAndCharacterOfPosition(name.getStart()).line;
      const n_added = added.filter((position) => position < name.getStart()).length;
      console.log(`\t${name.text}\t${group}\t${row + 1 - n_added}`);
    }
  };
  const visit = (node) => {
    if (ts.isCallExpression(node)) say(ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression, "call");
    if (ts.isFunctionDeclaration(node)) say(node.name, "function");
    if (ts.isVariableDeclaration(node)) say(node.name, "variable");
    ts.forEachChild(node, visit);
  };
  visit(source);
}
