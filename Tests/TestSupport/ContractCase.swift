/// One promise of a storage protocol, with the steps that hold an implementation to it.
public struct ContractCase<Store>: Sendable, CustomStringConvertible {
  /// A sentence about behaviour.
  public let description: String
  /// Takes an empty store. Throws ``ContractViolation`` when the promise is broken, or what the store throws.
  public let run: @Sendable (Store) async throws -> Void

  public init(_ description: String, _ run: @escaping @Sendable (Store) async throws -> Void) {
    self.description = description
    self.run = run
  }
}

public struct ContractViolation: Error, CustomStringConvertible {
  public let description: String
}

/// A check that does not know the test framework, so that the contract may stand in a library.
public func require(
  _ condition: Bool, _ promise: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) throws {
  guard !condition else { return }
  throw ContractViolation(description: "\(promise()) (\(file):\(line))")
}

public func requireEqual<Value: Equatable>(
  _ actual: Value, _ expected: Value, _ what: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) throws {
  try require(actual == expected, "\(what()): \(actual), not \(expected)", file: file, line: line)
}
