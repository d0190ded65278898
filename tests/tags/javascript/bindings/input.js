const [first, , third = 3, ...others] = list();
const { name, alias: renamed, deep: { inner }, withDefault = 1, pair: [left], ...rest } = box;
export const { exported, other: given } = api;
export const [useA, useB] = hooks();
let f = 1, { g } = x;
var [one, two] = [1, 2], { three } = four;
const { readFile, stat: st } = require("fs");
if (flag) {
  var hoisted = 1;
  let blockLocal = 2;
}
try {
  var tried = 1;
} catch (e) {}

exports.LIMIT = 10;
exports.table = { key: 1 };
exports.made = make();
exports.again = LIMIT;
exports.required = require("./x");
exports.undef = void 0;
exports.default = 3;
module.exports.NAME = "name";
module.exports.Other = class { method() {} };
exports.Klass = class Named {};
module.exports = { eta: class {}, theta: 3, iota() {} };
exports.helper = function () {
  const { local } = this;
  exports.late = 1;
};

class Point {
  declared = 1;

  constructor(x) {
    this.x = x;
    this.declared = 2;
    this.#secret = 3;
    this.made = this.x = 4;
    this.child.deep = 5;
    other.foreign = 6;
  }

  reset() {
    this.x = 0;
    this.later = () => {
      this.inArrow = 1;
    };
  }

  get area() {
    this.area = 1;
    return this.x;
  }
}

function Old() {
  this.notOfAClass = 1;
}

const { p: { q1 = 2, ...q2 } = {}, r: [r1] = [], s: [{ s1 }] } = x;
const [{ t: t1 }, { u1 = 2 }, [v1, ...v2]] = y;
