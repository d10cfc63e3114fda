import CadreABI

/// Fills an `ArrowArray` that owns its buffers and children; its `release` frees them.
final class ExportedArray {
  private let owned: [OwnedBuffer?]
  private let buffers: UnsafeMutableBufferPointer<UnsafeRawPointer?>
  private let children: UnsafeMutableBufferPointer<UnsafeMutablePointer<ArrowArray>?>

  private init(_ owned: [OwnedBuffer?], childCount: Int) {
    self.owned = owned
    buffers = .allocate(capacity: owned.count)
    _ = buffers.initialize(from: owned.map { $0.map { UnsafeRawPointer($0.address) } })
    children = .allocate(capacity: childCount)
    for index in 0..<childCount {
      let child = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
      child.initialize(to: ArrowArray())
      children.initializeElement(at: index, to: child)
    }
  }

  deinit {
    for case let child? in children {
      child.pointee.release?(child)
      child.deallocate()
    }
    children.deallocate()
    buffers.deallocate()
  }

  /// Writes rows of a table as a struct array into memory of the consumer.
  static func write(
    rows: Range<Int>, of fields: [(column: TableColumn, format: ArrowFormat)],
    to out: UnsafeMutablePointer<ArrowArray>
  ) {
    let parent = ExportedArray([nil], childCount: fields.count)
    for (index, field) in fields.enumerated() {
      guard let child = parent.children[index] else { continue }
      let column = ColumnBuffers(field.column.values, rows: rows, format: field.format)
      ExportedArray(column.buffers, childCount: 0)
        .fill(child, length: rows.count, nullCount: column.nullCount)
    }
    parent.fill(out, length: rows.count, nullCount: 0)
  }

  private func fill(_ out: UnsafeMutablePointer<ArrowArray>, length: Int, nullCount: Int) {
    out.pointee = ArrowArray(
      length: Int64(length), null_count: Int64(nullCount), offset: 0,
      n_buffers: Int64(buffers.count), n_children: Int64(children.count),
      buffers: buffers.baseAddress, children: children.isEmpty ? nil : children.baseAddress,
      dictionary: nil,
      release: { array in
        guard let array, let owner = array.pointee.private_data else { return }
        array.pointee.release = nil
        array.pointee.private_data = nil
        Unmanaged<ExportedArray>.fromOpaque(owner).release()
      },
      private_data: Unmanaged.passRetained(self).toOpaque())
  }
}
