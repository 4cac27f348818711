import FaceEvents
import Foundation
import PictureVolumes

extension Workload {
  static let volumes: [Workload] = [
    append("volumes append of 30 KB + 90 KB, fdatasync", events: 1, countedRuns: 20),
    append("volumes append of 32 times 30 KB + 90 KB, fdatasync", events: 32, countedRuns: 2),
    Workload("volumes read of 90 KB", countedRuns: 20) { _ in
      let opened = try await open()
      let pictures = (0..<16).map { SamplePicture.new($0, .scene, count: SamplePicture.sceneBytes) }
      let locations = try await opened.volumes.append(pictures)
      return Work(
        run: { number in
          let index = number % pictures.count
          let bytes = try await opened.volumes.picture(at: locations[index], digest: pictures[index].digest)
          try expect(bytes.count == SamplePicture.sceneBytes, "the picture has another length")
        }, end: opened.end)
    },
  ]

  /// - Parameter events: in one batch, which is synchronized once a volume.
  private static func append(_ name: String, events: Int, countedRuns: Int) -> Workload {
    // Two gigabytes at most.
    Workload(name, countedRuns: countedRuns, runsMax: 16_000 / events) { _ in
      let opened = try await open()
      let pictures = (0..<events).flatMap { number in
        [
          SamplePicture.new(2 * number, .reference, count: SamplePicture.referenceBytes),
          SamplePicture.new(2 * number + 1, .scene, count: SamplePicture.sceneBytes),
        ]
      }
      return Work(
        run: { _ in
          let locations = try await opened.volumes.append(pictures)
          try expect(locations.count == pictures.count, "not every picture has a place")
        }, end: opened.end)
    }
  }

  private static func open() async throws -> (volumes: PictureVolumes, end: @Sendable () async throws -> Void) {
    let directory = try WorkPlace.make()
    let (volumes, _) = try await PictureVolumes.open(directory: directory.path, marks: [:])
    return (
      volumes,
      {
        await volumes.close()
        try WorkPlace.remove(directory)
      }
    )
  }
}
