import FaceEvents

/// The records of one batch in one volume, ready to be written with as few calls as possible: headers made here, payloads left where they
/// are.
struct RecordRun {
  /// Of each record's header in the volume.
  let offsets: [UInt64]
  /// Where the next record will stand.
  let end: UInt64
  private let pictures: [NewPicture]
  /// For each picture 8 bytes of which the last ones pad the payload before it, and its header; then 8 bytes for the last padding.
  private let slots: SharedBytes

  private static let paddingRoom = 8
  private static let slotByteCount = paddingRoom + RecordHeader.byteCount

  static func byteCount(of pictures: [NewPicture]) -> UInt64 {
    pictures.reduce(0) { $0 + RecordHeader.recordByteCount(payload: UInt64($1.bytes.count)) }
  }

  /// - Parameter pictures: None longer than a header can say (``PictureVolumesSettings/pictureBytesMax``).
  init(_ pictures: [NewPicture], volume: VolumeID, start: UInt64) {
    var slots = [UInt8](repeating: 0, count: pictures.count * Self.slotByteCount + Self.paddingRoom)
    var offsets: [UInt64] = []
    offsets.reserveCapacity(pictures.count)
    var offset = start
    for (index, picture) in pictures.enumerated() {
      let header = RecordHeader(picture, batchDistance: offset - start)
      slots.withUnsafeMutableBytes { buffer in
        let room = buffer[(index * Self.slotByteCount + Self.paddingRoom)...].prefix(RecordHeader.byteCount)
        header.write(to: UnsafeMutableRawBufferPointer(rebasing: room), volume: volume, offset: offset)
      }
      offsets.append(offset)
      offset += header.recordByteCount
    }
    self.pictures = pictures
    self.slots = SharedBytes(slots)
    self.offsets = offsets
    end = offset
  }

  /// The bytes of the run in order; good only during the call.
  func withPieces(_ body: ([UnsafeRawBufferPointer]) throws(FileError) -> Void) throws(FileError) {
    try slots.withUnsafeBytes { (slots) throws(FileError) in
      var pieces: [UnsafeRawBufferPointer] = []
      pieces.reserveCapacity(2 * pictures.count + 1)
      var padding = 0
      for (index, picture) in pictures.enumerated() {
        let header = index * Self.slotByteCount + Self.paddingRoom
        pieces.append(UnsafeRawBufferPointer(rebasing: slots[(header - padding)..<(header + RecordHeader.byteCount)]))
        // Let out of its closure: `pictures` holds the memory, which is written by nobody any more, for longer than the call.
        pieces.append(picture.bytes.withUnsafeBytes { $0 })
        padding = (Self.paddingRoom - picture.bytes.count % Self.paddingRoom) % Self.paddingRoom
      }
      pieces.append(UnsafeRawBufferPointer(rebasing: slots.suffix(Self.paddingRoom).prefix(padding)))
      try withExtendedLifetime(pictures) { () throws(FileError) in try body(pieces) }
    }
  }
}

extension RecordHeader {
  init(_ picture: NewPicture, batchDistance: UInt64) {
    state = .live
    payloadByteCount = UInt32(picture.bytes.count)
    role = picture.role.rawValue
    self.batchDistance = UInt32(batchDistance / Self.alignment)
    receivedAt = picture.receivedAt
    digest = picture.digest
    payloadChecksum = picture.bytes.withUnsafeBytes { CRC32C.of($0) }
  }
}
