import Foundation
import class UIKit.UIView

let limit: Int = 10, depth = compute()
var current: Store<Item>?
let (low, high) = range

@objc(Store)
@MainActor
public class Store<T: Codable>: Base<T>, Reader, io.Writer where T: Hashable {
  static let shared = Store()
  private(set) var items: [Item] = [], index: [String: Entry]
  lazy var cache: Cache<Key> = { Cache() }()
  @Published var state = State.idle
  weak var delegate: (any Delegate)?
  var size: Int { return items.count() }
  var value: Value {
    get { read() }
    set { write(newValue) }
  }

  init(service: Service, _ options: Option...) throws {
    super.init(service)
    self.register(service)
  }

  convenience init?() { self.init(service: Service()) }

  deinit { close() }

  func load<U>(_ key: Key, with options: [String: Option]) async throws -> Result<U>? {
    let local = 1
    func nested() {}
    return local as? Result<U>
  }

  subscript(position: Int) -> Item { items[position] }
  class func make() -> Store { .init(service: .default) }
  static func == (left: Store, right: Store) -> Bool { true }
  typealias Handler = (Event) -> Void

  class Inner {
    var deep = 0
  }
}

struct Point: Equatable {
  var x, y: Double
  mutating func move(by offset: Vector) { x += offset.x }
}

indirect enum Tree<T>: Sequence {
  case leaf, empty
  case node(left: Tree<T>, Value)
  case raw = "x"
  func walk() {}
  var depth: Int { 0 }
}

protocol Reader: AnyObject, Closable {
  associatedtype Item: Codable
  var path: String { get }
  static var count: Int { get set }
  func read(count: Int) -> Chunk
  init(path: String)
}

extension Store: Printable where T: Printable {
  func describe() -> Text { Text(describing: self) }
}
extension Tree.Cursor {}

actor Counter {
  var count = 0
  func increment() { count += 1 }
}

typealias Callback<T> = (T, Error?) -> Void
