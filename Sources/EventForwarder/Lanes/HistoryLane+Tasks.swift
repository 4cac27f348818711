import FaceEvents
import Logging

/// The child tasks.
extension HistoryLane {
  func signalled() async -> Input {
    await context.handle.signal.wait()
    return .signalled
  }

  func period() async -> Input { await Self.sleep(.seconds(context.target.periodSeconds), then: .period) }

  static func sleep(_ pause: Duration, then input: Input) async -> Input {
    // Cancelled or not, the run goes on or ends by its own state.
    try? await Task.sleep(for: pause)
    return input
  }

  func read(after sequence: Int64, limit: Int) async -> Input {
    do {
      return .read(.success(try await context.services.log.events(after: sequence, limit: limit, bytesMax: Self.readBytesMax)))
    } catch {
      return .read(.failure(error))
    }
  }

  func readReplays(limit: Int) async -> Input {
    do {
      return .replays(try await context.services.targets.replaying(target: context.target.id, limit: limit))
    } catch {
      logFailure("the parked events of a target cannot be read", error)
      return .replays(nil)
    }
  }

  func send(_ delivery: DeliveryStateMachine.Delivery, _ known: StoredEvent?) async -> Input {
    if let known { return .answered(delivery, await poster.post(known, to: url)) }
    do {
      guard let stored = try await context.services.log.event(sequence: delivery.sequence) else {
        return .answered(delivery, .init(verdict: .refused(Refusal(reason: "not sent: the event was deleted here")), text: "not sent"))
      }
      return .answered(delivery, await poster.post(stored, to: url))
    } catch StorageError.damaged(let reason) {
      return .answered(delivery, .init(verdict: .refused(Refusal(reason: "not sent, damaged here: \(reason)")), text: "not sent"))
    } catch {
      return .answered(delivery, .init(verdict: .retry(.storage), text: "not sent: \(error)"))
    }
  }

  func park(_ parked: ParkedEvent, _ delivery: DeliveryStateMachine.Delivery) async -> Input {
    do {
      var parked = parked
      if parked.eventID == nil { parked.eventID = try? await context.services.log.event(sequence: parked.sequence)?.event.id }
      try await context.services.targets.park([parked])
      context.handle.figures.update { $0.parked += 1 }
      context.services.logger.warning(
        "an event is parked: the target refuses it",
        metadata: [
          "target": "\(parked.target)", "event": "\(parked.eventID.map(\.description) ?? "")", "sequence": "\(parked.sequence)",
          "status": "\(parked.httpStatus ?? 0)",
        ])
      return .parked(delivery, isStored: true)
    } catch {
      logFailure("a refused event cannot be parked", error)
      return .parked(delivery, isStored: false)
    }
  }

  func unpark(_ sequence: Int64) async -> Input {
    do {
      _ = try await context.services.targets.dropParked(target: context.target.id, sequences: [sequence])
      return .unparked(sequence, isStored: true)
    } catch {
      logFailure("a delivered event cannot be taken from the parked ones", error)
      return .unparked(sequence, isStored: false)
    }
  }
}
