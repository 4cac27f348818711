/// The most recently used values, at most `capacity` of them.
///
/// Two generations instead of a linked list: when the young one is full it becomes the old one, and what was old is forgotten. A value
/// that is found in the old generation moves to the young one. So the last `capacity / 2` values in use are always there.
struct BoundedCache<Key: Hashable, Value> {
  let capacity: Int
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]

  /// - Parameter capacity: at least 2.
  init(capacity: Int) {
    precondition(capacity >= 2)
    self.capacity = capacity
  }

  var count: Int { young.count + old.count }

  mutating func value(for key: Key) -> Value? {
    if let value = young[key] { return value }
    guard let value = old.removeValue(forKey: key) else { return nil }
    insert(value, for: key)
    return value
  }

  mutating func insert(_ value: Value, for key: Key) {
    if young[key] == nil, young.count >= capacity / 2 {
      old = young
      young = [:]
    }
    old[key] = nil
    young[key] = value
  }
}
