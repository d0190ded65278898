"use strict";
const path = require("path");
const { join, resolve: resolvePath } = require("node:path");
var Parser = require("./parser").Parser;
let lazy;

exports.parse = function (text) { return new Parser(text).run(); };
exports.VERSION = "1";
module.exports.format = (tree) => tree.print();
module.exports = function create(options) {
  const fs = require("fs");
  return Object.assign(Object.create(prototype), options);
};
module.exports = { parse, format() {}, parseAll: function* () {} };
lazy = function () { return path.join(lazy); };

var prototype = {
  start: function () {
    var self = this, callback = function (error) { self.stop(error); };
    return callback;
  },
  stop() {},
};

(function (root) {
  var hidden = 1;
  function insideOut() { hidden = root; }
  root.shown = insideOut;
})(this);

// Broken code must not take its neighbours along.
function before() { return helper(; }
function broken(a, , b) { return [1 2]; }
function after() { return helper(); }
