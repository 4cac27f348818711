/// Pictures: appended in batches, read by location, checked on every read.
public protocol PictureStore: Sendable {
  /// Puts all pictures on stable storage before it returns; on an error none of them counts.
  func append(_ pictures: [NewPicture]) async throws(StorageError) -> [PictureLocation]

  /// - Throws: ``StorageError/damaged(_:)`` when what is there is not the picture with this digest.
  func picture(at location: PictureLocation, digest: ContentDigest) async throws(StorageError) -> SharedBytes

  /// Bytes that can still be written.
  func freeBytes() throws(StorageError) -> Int64

  /// Bytes that the store holds.
  func usedBytes() -> Int64
}

public struct NewPicture: Sendable {
  public var role: PictureRole
  public var digest: ContentDigest
  public var bytes: SharedBytes
  public var receivedAt: Timestamp

  public init(role: PictureRole, digest: ContentDigest, bytes: SharedBytes, receivedAt: Timestamp) {
    self.role = role
    self.digest = digest
    self.bytes = bytes
    self.receivedAt = receivedAt
  }
}
