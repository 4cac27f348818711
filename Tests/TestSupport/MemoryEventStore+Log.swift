public import FaceEvents

extension MemoryEventStore: EventLog {
  public func events(after sequence: Int64, limit: Int, bytesMax: Int) async throws(StorageError) -> [LoggedEvent] {
    stored.drop { $0.sequence <= sequence }.prefix(max(0, limit)).map { .event($0) }
  }

  public func event(sequence: Int64) async throws(StorageError) -> StoredEvent? { stored.first { $0.sequence == sequence } }

  public func latestSequence() async throws(StorageError) -> Int64 { stored.last?.sequence ?? 0 }

  public func waiting(after sequences: [Int64]) async throws(StorageError) -> [WaitingEvents] {
    let stored = stored
    return sequences.map { sequence in
      let rest = stored.drop { $0.sequence <= sequence }
      return WaitingEvents(count: Int64(rest.count), oldestReceivedAt: rest.first?.event.receivedAt)
    }
  }
}
