extension UnsafeRawBufferPointer {
  func littleEndian<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type, at offset: Int) -> Word {
    Word(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension UnsafeMutableRawBufferPointer {
  func storeLittleEndian<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word, at offset: Int) {
    storeBytes(of: word.littleEndian, toByteOffset: offset, as: Word.self)
  }
}
