// Reads paths of templates, one a line, and prints for each what the parser of TypeScript sees called and declared in its
// JavaScript: PATH, then NAME GROUP LINE. Outside of `<% %>` every character but line feeds becomes a blank.
"use strict";
const fs = require("fs");
const ts = require("typescript");

function scriptOf(text) {
  const blank = (part) => part.replace(/[^\n]/g, " ");
  let script = "", at = 0;
  for (const tag of text.matchAll(/<%([%#=_-]?)([\s\S]*?)([-_]?%>)/g)) {
    script += blank(text.slice(at, tag.index));
    const [whole, mark, code] = tag;
    if (mark === "%" || mark === "#") script += blank(whole);
    else if (mark === "=" || mark === "-") script += ";(" + code.replace(/;\s*$/, blank) + "\n);".replace(/\n/, code.includes("//") ? "\n" : "");
    else script += " " + code + (/\/\/[^\n]*$/.test(code) ? "\n" : ";");
    at = tag.index + whole.length;
  }
  return script;
}

for (const path of fs.readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const source = ts.createSourceFile(path, scriptOf(fs.readFileSync(path, "utf-8")), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  if (source.parseDiagnostics.length) continue;
  console.log(path);
  const say = (name, group) => {
    if (name && ts.isIdentifier(name)) {
      console.log(`\t${name.text}\t${group}\t${source.getLineAndCharacterOfPosition(name.getStart()).line + 1}`);
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
