import EventCoding
import FaceEvents
import NIOHTTP1

/// Sends one event to one URL of a target, and says what came of it.
struct EventPoster: Sendable {
  /// Of the events that are on their way to one target at the same time; what is larger than that goes alone.
  private static let bytesInFlightMax = 16 << 20

  let client: TargetClient
  let rendering: EventRendering
  let pictures: any PictureStore
  /// Milliseconds since 1970.
  let wallClock: @Sendable () -> Timestamp
  private let budget = ByteBudget(bytesInFlightMax)

  init(client: TargetClient, rendering: EventRendering, pictures: any PictureStore, wallClock: @escaping @Sendable () -> Timestamp) {
    self.client = client
    self.rendering = rendering
    self.pictures = pictures
    self.wallClock = wallClock
  }

  struct Outcome: Sendable {
    var verdict: Verdict
    /// For people.
    var text: String
    /// Of the body that was sent; 0 when there was none.
    var byteCount = 0
  }

  /// - Returns: nil when the task was cancelled: nothing is known of the event then.
  func post(_ stored: StoredEvent, to url: TargetURL) async -> Outcome? {
    let byteCount = stored.event.originalText.count + stored.event.pictures.reduce(0) { $0 + $1.byteCount }
    return await budget.holding(byteCount) { await postNow(stored, to: url) }
  }

  private func postNow(_ stored: StoredEvent, to url: TargetURL) async -> Outcome? {
    let failure = BodyFailure()
    do {
      let body = try await RequestBody(stored, rendering: rendering, pictures: pictures)
      let httpBody = try await body.httpBody(failure)
      do {
        let answer = try await client.post(httpBody, contentType: body.contentType, to: url, idempotencyKey: stored.event.id)
        let retryAfter = answer.headers.first(name: "Retry-After").flatMap { RetryAfter.duration($0, now: wallClock()) }
        let verdict = Verdict(httpStatus: answer.status, body: answer.body, retryAfter: retryAfter)
        return Outcome(verdict: verdict, text: "HTTP \(answer.status)", byteCount: body.byteCount)
      } catch {
        if let own = failure.storageError { return Self.outcome(of: own) }
        switch error {
        case .cancelled: return nil
        case .timeout(let text): return Outcome(verdict: .retry(.timeout), text: text)
        case .network(let text): return Outcome(verdict: .retry(.network), text: text)
        }
      }
    } catch {
      return Self.outcome(of: error)
    }
  }

  /// What is damaged here will be damaged next time too, and other bytes than the box's are never sent in its name.
  private static func outcome(of error: StorageError) -> Outcome {
    if case .damaged(let text) = error {
      return Outcome(verdict: .refused(Refusal(reason: "not sent, damaged here: \(text)")), text: "not sent")
    }
    return Outcome(verdict: .retry(.storage), text: "not sent: \(error)")
  }
}
