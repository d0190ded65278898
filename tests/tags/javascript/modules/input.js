// What a module defines, and what it does not.
import defaultImport, { named, original as renamed, "quoted-name" as quoted } from "./module.js";
import * as everything from "everything";
import "./side-effect.js";
export { named, renamed as again };
export { forwarded, internal as external } from "./forwarded.js";
export * from "./all.js";

export const LIMIT = 10, handler = (event) => dispatch(event);
export let counter;
export const { alpha, beta: gamma } = settings();
const options = { depth: 3, load() { return read(this.depth); }, save: async () => write(), "with-dash": function () {} };
let pending, other = await start();
var legacy = new Map();
const made = create().build();
const doubled = ((value) => value * 2)(LIMIT);
const shape = class Shape extends Base {};

export function main(argument = fallback()) {
  const local = 1;
  let alsoLocal = compute(local);
  const bound = function () { return inner(); };
  function nested() {
    return everything.call(alsoLocal);
  }
  for (const item of list) item.visit?.();
  return nested;
}

export default async function () {
  await import("./lazy.js");
}

function* numbers() {
  yield* sequence(1);
}

async function* größe() {}

if (LIMIT) {
  const inBlock = 1;
}

const tagged = html`<p>${main()}</p>`;
label: for (;;) break label;

const App = () => (
  <Layout title="x">
    <Menu.Item onClick={() => select(1)} />
    <div className="plain"><span>text</span></div>
    <Icon />
  </Layout>
);
