// Reads paths of JavaScript and TypeScript files, one a line, and prints for each what the TypeScript compiler's parser
// sees: PATH, then NAME GROUP LINE, tabs between.
const fs = require("fs");
const ts = require("typescript");

const isFunction = (node) => node && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
const nameOf = (node) =>
  node && (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteral(node)) ? node : undefined;

// What only gives another name to what is there: it is defined where it has its own.
const isName = (node) => ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || isRequire(node);
const isRequire = (node) => node && ts.isCallExpression(node) && node.expression.getText() === "require";

function read(path) {
  const kind = path.endsWith(".tsx") ? ts.ScriptKind.TSX
    : /\.[cm]?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, fs.readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, kind);
  if (file.parseDiagnostics.length) return undefined;
  const seen = new Set();
  const say = (name, group) => {
    if (!name || !name.text) return;
    const { line } = file.getLineAndCharacterOfPosition(name.getStart(file));
    seen.add(`\t${name.text}\t${group}\t${line + 1}`);
  };
  // TypeScript wants the members of a class to be declared.
  visit(file, { isOuter: true, classOf: undefined, setsMembers: kind === ts.ScriptKind.JSX }, say);
  return seen;
}

// What a value is by its name: a function, a class, or only a value.
function groupOf(value, otherwise) {
  if (isFunction(value)) return "function";
  return value && ts.isClassExpression(value) ? "type" : otherwise;
}

function sayBound(pattern, group, say) {
  if (ts.isIdentifier(pattern)) return say(pattern, group);
  for (const element of pattern.elements) if (!ts.isOmittedExpression(element)) sayBound(element.name, group, say);
}

// `where` says whether a node stands at the top of a file or a namespace, and in which class.
function visit(node, where, say) {
  if (ts.isFunctionDeclaration(node)) say(node.name, "function");
  else if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) say(nameOf(node.name), "function");
  else if (ts.isConstructorDeclaration(node)) sayConstructor(node, say);
  else if (ts.isMethodSignature(node)) where.isNamedType && say(nameOf(node.name), "function");
  else if (ts.isClassLike(node)) say(node.name, "type");
  else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node))
    say(node.name, "type");
  else if (ts.isModuleDeclaration(node)) (node.flags & ts.NodeFlags.GlobalAugmentation) || say(node.name, "type");
  else if (ts.isPropertyDeclaration(node)) say(nameOf(node.name), groupOf(node.initializer, "field"));
  else if (ts.isPropertySignature(node)) where.isNamedType && say(nameOf(node.name), "field");
  else if (ts.isEnumMember(node)) say(nameOf(node.name), "field");
  else if (ts.isVariableDeclaration(node)) sayVariable(node, where, say);
  else if (ts.isPropertyAssignment(node)) sayValue(nameOf(node.name), node.initializer, undefined, say);
  else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    sayAssigned(node, where, say);
  const inner = around(node, where);
  ts.forEachChild(node, (child) => visit(child, inner, say));
}

function around(node, where) {
  if (ts.isClassLike(node)) return { ...where, isOuter: false, isNamedType: false, classOf: node };
  if (ts.isInterfaceDeclaration(node)) return { ...where, isNamedType: true };
  if (ts.isTypeAliasDeclaration(node)) return { ...where, isNamedType: true };
  if (ts.isTypeLiteralNode(node)) {
    const isOfAlias = ts.isTypeAliasDeclaration(node.parent) || ts.isIntersectionTypeNode(node.parent);
    return { ...where, isNamedType: where.isNamedType && isOfAlias };
  }
  if (ts.isFunctionLike(node)) return { ...where, isOuter: false, isNamedType: false };
  if (ts.isTypeNode(node) && !ts.isIntersectionTypeNode(node)) return { ...where, isNamedType: false };
  return where;
}

function sayConstructor(node, say) {
  say({ text: "constructor", getStart: (file) => node.getStart(file) + node.getText(file).indexOf("constructor") }, "function");
  for (const parameter of node.parameters)
    if (ts.isParameterPropertyDeclaration(parameter, node)) say(nameOf(parameter.name), "field");
}

function sayVariable(node, where, say) {
  const value = node.initializer;
  const isBlock = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.BlockScoped) !== 0;
  const isOfFile = where.isOuter && !isRequire(value) && !ts.isCatchClause(node.parent) && (!isBlock || isAtTop(node.parent));
  const group = ts.isIdentifier(node.name) ? groupOf(value, isOfFile ? "variable" : undefined) : isOfFile && "variable";
  if (group) sayBound(node.name, group, say);
}

function isAtTop(list) {
  const block = list.parent.parent;
  return ts.isVariableStatement(list.parent) && (ts.isSourceFile(block) || ts.isModuleBlock(block));
}

function sayValue(name, value, otherwise, say) {
  const group = groupOf(value, otherwise);
  if (group) say(name, group);
}

function sayAssigned(node, where, say) {
  const { left } = node;
  const right = node.right;
  if (ts.isIdentifier(left)) return isFunction(right) && say(left, "function");
  if (!ts.isPropertyAccessExpression(left)) return;
  if (left.expression.getText() === "module" && isFunction(right)) return say(right.name, "function");
  if (left.getText() === "module.exports") return;
  const isExport = where.isOuter && !isName(right) && /(^|\.)exports$/.test(left.expression.getText());
  const isOwn = where.setsMembers && where.classOf && left.expression.kind === ts.SyntaxKind.ThisKeyword;
  sayValue(left.name, right, isExport ? "variable" : isOwn ? "set" : undefined, say);
}

for (const path of fs.readFileSync(0, "utf8").split("\n")) {
  const seen = path && read(path);
  if (seen) process.stdout.write([path, ...seen, ""].join("\n"));
}
