import Console
import EventCoding
import EventReceiver
import FaceEvents
import Synchronization

/// What a node can say of itself while it runs.
final class NodeDescription: Sendable {
  private let startedAt = WallClock.now
  private let settings: ServeSettings
  private let effective: [EffectiveSetting]
  private let listeners = Mutex<[ListenAddress]>([])

  /// - Parameter effective: for people who look at the settings.
  init(_ settings: ServeSettings, effective: [EffectiveSetting]) {
    self.settings = settings
    self.effective = effective
    listeners.withLock { $0 = settings.listen }
  }

  /// - Parameter addresses: with the ports that were really taken.
  func listening(on addresses: [ListenAddress]) { listeners.withLock { $0 = addresses } }

  func facts(receiver: EventReceiver, pictures: any PictureStore) -> NodeFacts {
    NodeFacts(
      version: ProgramVersion.text, startedAt: startedAt, dataDirectory: OpenData.absolutePath(settings.dataDirectory),
      // Addresses of a machine change.
      baseURLs: LocalAddresses.current.baseURLs(of: listeners.withLock { $0 }),
      receivePaths: receiver.paths.map { NodeFacts.ReceivePath(path: $0.path, kind: $0.kind.rawValue) },
      settings: effective.map { value in
        NodeFacts.Setting(
          name: value.setting.key, value: value.shownTexts.joined(separator: ","), origin: value.origin.text(of: value.setting),
          help: value.setting.help)
      }, diskFreeBytes: try? pictures.freeBytes(), pictureBytes: pictures.usedBytes(), storageProblem: receiver.storageProblem)
  }
}

extension Node {
  /// What the query API and the pages show.
  var consoleSources: ConsoleSources {
    ConsoleSources(
      catalog: data.store, log: data.store, pictures: data.volumes, forwarding: forwarder, quarantine: receiver,
      restoreOriginal: { OriginalText.restore($0, pictures: $1) }, submit: { [receiver] in await receiver.submit($0, to: $1) },
      inventEvent: { TargetCommand.Test.inventedEvent(for: $0 == .history ? .history : .realtime) },
      node: { [description, receiver, volumes = data.volumes] in description.facts(receiver: receiver, pictures: volumes) },
      now: { WallClock.now })
  }
}
