export const [useA, UseB] = createPair();
export const { useGet, usePost: post, ...rest } = api;
const [left, right] = pair();
const { top: upper, bottom, nested: { low } } = box;
let f = 1, { g } = x;
declare const { ambient }: Box;
if (flag) { var hoisted = 1; }
function inner() {
  const { local } = box;
}
class Panel {
  width: number;
  constructor() {
    this.width = 1;
  }
}
