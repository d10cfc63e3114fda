import CadreABI

/// Owns the memory behind C structs; all of it is freed at once with the arena.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  /// One struct.
  func one<Struct: BitwiseCopyable>(_ value: Struct) -> UnsafeMutablePointer<Struct> {
    let pointer = UnsafeMutablePointer<Struct>.allocate(capacity: 1)
    pointer.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  /// An array, or NULL for none.
  func array<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<Element>? {
    guard !values.isEmpty else { return nil }
    let pointer = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
    _ = pointer.initialize(from: values)
    if let base = pointer.baseAddress { blocks.append(UnsafeMutableRawPointer(base)) }
    return UnsafePointer(pointer.baseAddress)
  }

  /// A text.
  func str(_ text: String) -> cadre_str {
    let bytes = text.utf8.map { CChar(bitPattern: $0) }
    return cadre_str(data: array(bytes), size: UInt64(bytes.count))
  }

  /// An array of texts, or NULL for none.
  func strs(_ texts: [String]) -> UnsafePointer<cadre_str>? { array(texts.map(str)) }
}
