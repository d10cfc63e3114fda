import CadreABI

/// Fills an `ArrowSchema` that owns its texts and children; its `release` frees them.
///
/// The owner behind `private_data` is a reference that `release` gives up. A parent releases those
/// children that were not moved out, as the interface demands.
final class ExportedSchema {
  private let format: UnsafeMutablePointer<CChar>
  private let name: UnsafeMutablePointer<CChar>
  private let metadata: OwnedBuffer?
  private let children: UnsafeMutableBufferPointer<UnsafeMutablePointer<ArrowSchema>?>

  private init(format: String, name: String, metadata: [UInt8]?, childCount: Int) {
    self.format = Self.copy(format)
    self.name = Self.copy(name)
    self.metadata = metadata.map { bytes in
      let buffer = OwnedBuffer(byteCount: bytes.count)
      buffer.address.copyMemory(from: bytes, byteCount: bytes.count)
      return buffer
    }
    children = .allocate(capacity: childCount)
    for index in 0..<childCount {
      let child = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
      child.initialize(to: ArrowSchema())
      children.initializeElement(at: index, to: child)
    }
  }

  deinit {
    for case let child? in children {
      child.pointee.release?(child)
      child.deallocate()
    }
    children.deallocate()
    format.deallocate()
    name.deallocate()
  }

  /// Writes the schema of a struct with these fields into memory of the consumer.
  static func write(
    fields: [(column: TableColumn, format: ArrowFormat)],
    to out: UnsafeMutablePointer<ArrowSchema>
  ) {
    let parent = ExportedSchema(
      format: "+s", name: "", metadata: nil, childCount: fields.count)
    for (index, field) in fields.enumerated() {
      guard let child = parent.children[index] else { continue }
      ExportedSchema(
        format: field.format.rawValue, name: field.column.name,
        metadata: FieldMetadata.encode(tags: field.column.tags), childCount: 0
      ).fill(child, flags: Int64(ARROW_FLAG_NULLABLE))
    }
    parent.fill(out, flags: 0)
  }

  private func fill(_ out: UnsafeMutablePointer<ArrowSchema>, flags: Int64) {
    out.pointee = ArrowSchema(
      format: format, name: name,
      metadata: metadata.map { UnsafePointer($0.address.assumingMemoryBound(to: CChar.self)) },
      flags: flags, n_children: Int64(children.count),
      children: children.isEmpty ? nil : children.baseAddress, dictionary: nil,
      release: { schema in
        guard let schema, let owner = schema.pointee.private_data else { return }
        schema.pointee.release = nil
        schema.pointee.private_data = nil
        Unmanaged<ExportedSchema>.fromOpaque(owner).release()
      },
      private_data: Unmanaged.passRetained(self).toOpaque())
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    _ = UnsafeMutableBufferPointer(start: copy, count: bytes.count).initialize(from: bytes)
    return copy
  }
}
