import type { Shape, Point as Position } from "./shapes";
import Default, { type Inline, value } from "./values";
import legacy = require("legacy");
export type { Exported } from "./exported";

export interface Reader<T extends Source = Stream> extends Closable, io.Reader<T>, Iterable<T> {
  readonly path: string;
  parse?: Parser;
  read(count: number, into?: Buffer): Promise<Chunk[]>;
  get position(): Position;
  [key: string]: unknown;
  (call: Call): Result;
  new (made: Made): Reader<T>;
}

export type Tree<T> = Leaf | Node<T> & { parent: Tree<T>; walk(visitor: Visitor): void };
type Options = { depth: number; nested: { inner: Inner } };
type Alias = Original;
type Handler = (event: Event) => Handled;
type Constructor = new (...parts: Part[]) => Constructed;
type Conditional<T> = T extends Tested ? Yes : No;
type Mapped = { [K in keyof Keys]: Values };
type Picked = Options["depth"] | (typeof value) | readonly Item[] | [First, Second?, ...Rest[]] | `a${Text}`;
type Both = Left & { right: Right };

export enum Color { Red, Green = 2, "Dark Blue" = compute() }
const enum Flag { On }
declare enum Foreign { Value }

export function guard(value: unknown): value is Guarded {
  return (value as Cast).ok satisfies Checked;
}
function assertion(value: unknown): asserts value is Asserted {}
export function inline({ depth }: { depth: Depth }): void {}
function overloaded(value: string): Text;
function overloaded(value: number): Numeric;
function overloaded(value: any) { return convert<Target>(value); }

export const typed: Typed<Argument> = make(), generic = <T,>(value: T): Boxed<T> => new Box<T>(value);
let later!: Later;
const old = <Old>value;
