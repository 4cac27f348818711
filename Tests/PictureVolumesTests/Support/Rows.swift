import FaceEvents
import PictureVolumes
import TestSupport

/// The rows' side: which pictures are promised, and how far each volume is referred to.
struct Rows {
  struct Entry {
    var location: PictureLocation
    var picture: NewPicture
  }

  private(set) var entries: [Entry] = []
  private(set) var marks: [UInt32: UInt64] = [:]

  mutating func commit(_ pictures: [NewPicture], _ locations: [PictureLocation]) {
    for (picture, location) in zip(pictures, locations) {
      entries.append(Entry(location: location, picture: picture))
      let end = PictureVolumes.recordEnd(of: location, byteCount: picture.bytes.count)
      marks[location.volume] = max(marks[location.volume] ?? 0, end)
    }
  }

  mutating func forget(volumes: [UInt32]) {
    entries.removeAll { volumes.contains($0.location.volume) }
    for volume in volumes { marks[volume] = nil }
  }

  func volumes(of volumeClass: VolumeClass, before day: UTCDay) -> [UInt32] {
    marks.keys.filter { volume in VolumeID(rawValue: volume).map { $0.volumeClass == volumeClass && $0.day < day } ?? false }
  }

  mutating func remove(at index: Int) -> Entry { entries.remove(at: index) }
}

/// What a store gives for a picture that rows name.
enum ReadOutcome: Equatable {
  case right, damaged, wrong
  case failed(StorageError)
}

extension PictureVolumes {
  func outcome(_ entry: Rows.Entry) async -> ReadOutcome {
    do {
      return try await picture(at: entry.location, digest: entry.picture.digest) == entry.picture.bytes ? .right : .wrong
    } catch StorageError.damaged {
      return .damaged
    } catch {
      return .failed(error)
    }
  }

  /// The pictures that do not come back right.
  func misses(_ rows: Rows) async -> [String] {
    var misses: [String] = []
    for entry in rows.entries {
      let outcome = await outcome(entry)
      if outcome != .right { misses.append("\(entry.location): \(outcome)") }
    }
    return misses
  }
}

enum Day {
  /// 2026-11-23T00:00:00Z
  static let first = Timestamp(milliseconds: 1_795_392_000_000)

  /// - Parameter day: 0 is ``first``.
  static func time(_ day: Int, seconds: Int = 0) -> Timestamp {
    Timestamp(milliseconds: first.milliseconds + Int64(day) * 86_400_000 + Int64(seconds) * 1_000)
  }
}

extension SamplePictures {
  /// A batch of scene pictures of these sizes.
  static func batch(_ sizes: [Int], name: UInt64 = 1, role: PictureRole = .scene, at time: Timestamp = Day.first) -> [NewPicture] {
    sizes.enumerated().map { picture(name << 16 | UInt64($0.offset), byteCount: $0.element, role: role, receivedAt: time) }
  }
}
