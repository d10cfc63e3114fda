import CadreABI

@testable import ArrowTables

/// An exported stream with something changed on its way, and a count of what was released.
final class TamperedStream {
  private var inner = ArrowArrayStream()
  private let changeSchema: (UnsafeMutablePointer<ArrowSchema>) -> Void
  private let changeArray: (UnsafeMutablePointer<ArrowArray>) -> Void
  private(set) var releases = 0
  var schemaStatus: Int32 = 0
  var nextStatus: Int32 = 0
  private let message: UnsafeMutablePointer<CChar>
  let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)

  init(
    _ table: Table, batchRows: Int = 100,
    schema changeSchema: @escaping (UnsafeMutablePointer<ArrowSchema>) -> Void = { _ in },
    array changeArray: @escaping (UnsafeMutablePointer<ArrowArray>) -> Void = { _ in }
  ) {
    self.changeSchema = changeSchema
    self.changeArray = changeArray
    let text = "disk full".utf8CString
    message = .allocate(capacity: text.count)
    for (index, byte) in text.enumerated() { message[index] = byte }
    table.exportStream(to: &inner, batchRows: batchRows)
    stream.initialize(
      to: ArrowArrayStream(
        get_schema: { stream, out in
          guard let owner = TamperedStream.behind(stream), let out else { return 22 }
          if owner.schemaStatus != 0 { return owner.schemaStatus }
          let status = owner.inner.get_schema(&owner.inner, out)
          owner.changeSchema(out)
          return status
        },
        get_next: { stream, out in
          guard let owner = TamperedStream.behind(stream), let out else { return 22 }
          if owner.nextStatus != 0 { return owner.nextStatus }
          let status = owner.inner.get_next(&owner.inner, out)
          if out.pointee.release != nil { owner.changeArray(out) }
          return status
        },
        get_last_error: { UnsafePointer(TamperedStream.behind($0)?.message) },
        release: { stream in
          TamperedStream.behind(stream)?.releases += 1
          stream?.pointee.release = nil
        },
        private_data: Unmanaged.passUnretained(self).toOpaque()))
  }

  deinit {
    inner.release?(&inner)
    stream.deallocate()
    message.deallocate()
  }

  private static func behind(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> TamperedStream? {
    stream?.pointee.private_data.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
  }
}

extension UnsafeMutablePointer<ArrowArray> {
  /// A column of a batch.
  func child(_ index: Int) -> UnsafeMutablePointer<ArrowArray>? { pointee.children[index] }

  /// A buffer's elements.
  func buffer<Element>(_ index: Int, as: Element.Type) -> UnsafeMutablePointer<Element>? {
    pointee.buffers[index].map {
      UnsafeMutableRawPointer(mutating: $0).assumingMemoryBound(to: Element.self)
    }
  }
}
