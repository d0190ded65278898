declare module "config" {
  export function read(path: string): Config;
  export const defaults: Config;
  const internal: Internal;
  interface Config { depth: number }
}

declare global {
  interface Window { app: App }
  var started: boolean;
}

declare const VERSION: string, BUILD: Build;
declare let mutable: Mutable;
declare function greet(name: string): Greeting;
declare class Foreign extends Base {
  constructor(options: Options);
  run(): void;
  field: Field;
}

namespace Geometry {
  export const unit = 1;
  const origin = new Point(), distance = (a: Point) => measure(a);
  export function area(shape: Shape) { const local = 1; return local; }
  export namespace Solid.Inner { export class Cube {} }
}
module Legacy {
  let state;
}
export = Geometry;
export as namespace Geo;

// Broken code must not take its neighbours along.
interface Before { field: Type }
const broken: = 1;
function after(): Result { return done(); }
