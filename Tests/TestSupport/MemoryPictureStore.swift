public import FaceEvents
import Synchronization

/// Pictures in memory, with faults on demand.
public final class MemoryPictureStore: PictureStore {
  private let pictures = Mutex<[NewPicture]>([])
  private let free: Mutex<Result<Int64, StorageError>>
  private let beforeAppend: @Sendable ([NewPicture]) async throws(StorageError) -> Void

  public init(
    free: Int64 = 1 << 40, beforeAppend: @escaping @Sendable ([NewPicture]) async throws(StorageError) -> Void = { _ in }
  ) {
    self.free = Mutex(.success(free))
    self.beforeAppend = beforeAppend
  }

  public var written: [NewPicture] { pictures.withLock { $0 } }

  public func setFree(_ new: Result<Int64, StorageError>) { free.withLock { $0 = new } }

  public func append(_ new: [NewPicture]) async throws(StorageError) -> [PictureLocation] {
    try await beforeAppend(new)
    return pictures.withLock { pictures in
      new.map { picture in
        pictures.append(picture)
        return PictureLocation(volume: 1, offset: UInt64(pictures.count - 1))
      }
    }
  }

  public func picture(at location: PictureLocation, digest: ContentDigest) async throws(StorageError) -> SharedBytes {
    let found = pictures.withLock { $0.indices.contains(Int(location.offset)) ? $0[Int(location.offset)] : nil }
    guard let found, found.digest == digest, location.volume == 1 else { throw .damaged("there is no such picture") }
    return found.bytes
  }

  public func freeBytes() throws(StorageError) -> Int64 { try free.withLock { $0 }.get() }

  public func usedBytes() -> Int64 { pictures.withLock { $0.reduce(0) { $0 + Int64($1.bytes.count) } } }
}
