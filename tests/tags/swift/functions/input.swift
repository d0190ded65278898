func größe<T: Shape>(of shape: inout T, done: @escaping (Result) -> Void) where T: Sized {
  free(1)
  thing.method().chained()
  optional?.call()
  forced!.call()
  Static.call { closure in closure.run() }
  self.table[0].lookup()
  let made = Outer.Inner(1)
  let generic = Dictionary<Key, Value>()
  let some: any Proto = value
  let opaque: some View = value
  if value is Checked { use(value as! Forced) }
  guard let item = find() else { return }
  switch value {
  case let .node(left): visit(left)
  case is Matched: break
  default: break
  }
  do { try risky() } catch let error as Failure { handle(error) }
  list.map { $0.transform() }
  let text = "\(interpolated())"
  view.font(.system(size: 1))
}

@discardableResult
@available(iOS 13, *)
func annotated(@Builder content: () -> Content) -> (Left, Right) { (left(), right()) }

struct Screen: View {
  @State private var open = false
  var body: some View {
    VStack {
      Text("x").padding()
      Button(action: tap) { Label() }
    }
  }
}

#if DEBUG
func onlyForDebugging() {}
#endif

infix operator <+>: AdditionPrecedence

// Broken code must not take its neighbours along.
func broken(x: { return }

func after() -> Result { done() }
