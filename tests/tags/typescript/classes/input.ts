@Component({ selector: "app" })
@sealed
export abstract class Store<S extends State> extends Base<S> implements Reader<S>, io.Writer, Plain {
  private readonly cache = new Map<string, Entry>();
  static shared?: Store<any>;
  declare declared: Declared;
  count = 0;
  onChange = (next: S): void => this.emit(next);
  handler: () => void;
  #hidden: Hidden = make();
  accessor current = 1;

  constructor(private readonly service: Service, public name = "store", plain: Plain, @Inject(TOKEN) protected token: Token) {
    super();
  }

  abstract load(key: Key): Promise<S>;
  abstract get size(): number;
  find(key: string): Entry;
  find(key: Key): Entry;
  find(key: any) { return this.cache.get(key)!.value; }

  @Input() set value(next: S) { this.service?.save<S>(next); }
  protected async update<T>(this: Store<S>, change: Partial<S>): Promise<T> {
    const local: Local = await this.#apply(change);
    return local as unknown as T;
  }
  #apply(change: Partial<S>) {}
}

class Größe extends ns.Inner.Base<Item> {}
export default class Anonymous extends mixin(Base) {}
const Expression = class Named extends Base {};
