@register
@component.define({ selector: "x" })
export class Widget extends ui.Component {
  static defaults = { depth: 1 };
  #secret = load();
  plain;
  onClick = (event) => this.#update(event);
  static create = function () { return new Widget(); };
  Nested = class {};
  [computed] = 1;

  constructor(root) {
    super(root);
    this.render = () => paint(root);
    this.state = {};
  }

  get value() { return this.#secret; }
  set value(next) { this.#secret = next; }

  static async load(url) {
    return new api.Client(url).fetch();
  }

  *items() { yield this.plain; }
  #update(event) { this.emitter.emit(event); }
  @bound handle() {}
  @logged("x") handleToo() {}
  [Symbol.iterator]() {}

  static {
    initialize(Widget);
  }
}

class Mixed extends mixin(Base, Other) {}
class Derived extends Base { render() { super.render(); } }
export default class extends Base {}

Widget.prototype.legacy = function () { return old(); };
Widget.helper = () => {};
Widget.Item = class extends Base {};
window.app.start = function start() { run(); };
