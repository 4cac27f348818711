import Testing

/// The design's bound for the process, whatever is thrown at it.
enum MemoryBound {
  /// KiB. A debug build maps a far larger binary and copies where an optimised one does not; the bound is there to catch memory that grows
  /// with the number of senders, which is a matter of gigabytes.
  static let kibibytes = (Surroundings.isDebugBuild ? 320 : 192) << 10

  static func expectHeld(by node: Node, _ when: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let peak = try #require(try node.running.memory("VmHWM"), "no figure of the process")
    #expect(peak <= kibibytes, "peak memory is \(peak >> 10) MiB \(when)", sourceLocation: sourceLocation)
  }
}
