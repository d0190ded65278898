export enum Mode { Light, Dark = "dark" }
export const ThemeContext = createContext<Theme | null>(null);
export let current = Mode.Light, listeners: Set<Listener> = new Set();
const { first, second } = pair;
export const { primary, accent: highlight } = palette;

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (!theme) throw new MissingProvider();
  return theme as Theme;
}

export const withTheme = <P extends object>(Inner: ComponentType<P>) => function Wrapped(props: P) {
  return <Inner {...props} theme={useTheme()} />;
};

namespace Internals {
  export const registry = new Map<string, Mode>();
  export type Key = keyof typeof registry;
}

abstract class Store {
  constructor(protected readonly mode: Mode) {}
  abstract subscribe(listener: Listener): Unsubscribe;
}

declare const __DEV__: boolean;
export { useTheme as default } from "./other";

// Broken code must not take its neighbours along.
function Broken(a, , b) { return <div {1 2} />; }
function after() { return <After />; }
