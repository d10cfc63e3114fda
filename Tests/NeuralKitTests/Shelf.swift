import CadreABI
import OpBridge

/// The job functions and models of the test host: what goes out of one job comes into the next.
///
/// `@unchecked Sendable`: a test uses it from one thread.
final class Shelf: @unchecked Sendable {
  /// A model as its maker described it, and the copied tensors.
  struct Made {
    var task = ""
    var format = ""
    var metadata = ""
    var tensors: [String: UnsafePointer<DLTensor>] = [:]
  }

  var made: [Made] = []
  /// The last tensor that was given.
  var given: (shape: [Int64], floats: [Float])?
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  private static func of(_ host: UnsafePointer<cadre_host>?) -> Shelf? {
    (try? HostAnchor.of(host))?.owner as? Shelf
  }

  private func text(_ text: String) -> cadre_str {
    let bytes = Array(text.utf8)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
    for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
    blocks.append(UnsafeMutableRawPointer(copy))
    return cadre_str(data: copy, size: UInt64(bytes.count))
  }

  private func copy(_ tensor: UnsafePointer<DLTensor>) -> UnsafePointer<DLTensor> {
    let rank = Int(tensor.pointee.ndim)
    let shape = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, rank))
    var count = Int(tensor.pointee.dtype.bits) / 8
    for axis in 0..<rank {
      shape[axis] = tensor.pointee.shape[axis]
      count *= Int(shape[axis])
    }
    let data = UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: 64)
    if count > 0 { data.copyMemory(from: tensor.pointee.data, byteCount: count) }
    let copy = UnsafeMutablePointer<DLTensor>.allocate(capacity: 1)
    copy.initialize(
      to: DLTensor(
        data: data, device: tensor.pointee.device, ndim: tensor.pointee.ndim,
        dtype: tensor.pointee.dtype, shape: shape, strides: nil, byte_offset: 0))
    blocks += [
      UnsafeMutableRawPointer(shape), data, UnsafeMutableRawPointer(copy),
    ]
    return UnsafePointer(copy)
  }

  nonisolated(unsafe) static let jobs: UnsafePointer<cadre_jobs> = {
    var jobs = cadre_jobs()
    jobs.size = UInt32(CADRE_END_cadre_jobs_done)
    jobs.input = { host, _, _, out in
      out?.pointee.kind = UInt32(CADRE_KIND_MODEL)
      out?.pointee.model = Shelf.of(host).flatMap { OpaquePointer(bitPattern: $0.made.count) }
      return nil
    }
    jobs.output = { host, _, _, value in
      guard let managed = value?.pointee.managed else { return nil }
      let tensor = managed.pointee.dl_tensor
      let shape = (0..<Int(tensor.ndim)).map { tensor.shape[$0] }
      let data = tensor.data.assumingMemoryBound(to: Float.self)
      Shelf.of(host)?.given = (shape, (0..<Int(shape.reduce(1, *))).map { data[$0] })
      managed.pointee.deleter?(managed)
      return nil
    }
    let table = UnsafeMutablePointer<cadre_jobs>.allocate(capacity: 1)
    table.initialize(to: jobs)
    return UnsafePointer(table)
  }()

  nonisolated(unsafe) static let models: UnsafePointer<cadre_models> = {
    var models = cadre_models()
    models.size = UInt32(CADRE_END_cadre_models_discard)
    models.info = { host, model, out in
      guard let shelf = Shelf.of(host) else { return nil }
      let made = shelf.made[Int(bitPattern: model) - 1]
      out?.pointee.task = shelf.text(made.task)
      out?.pointee.format = shelf.text(made.format)
      out?.pointee.metadata = shelf.text(made.metadata)
      out?.pointee.tensor_count = UInt64(made.tensors.count)
      return nil
    }
    models.find = { host, model, name, out in
      let made = Shelf.of(host)?.made[Int(bitPattern: model) - 1]
      out?.pointee = made?.tensors[name.string]
      return nil
    }
    models.begin = { host, spec, out in
      guard let shelf = Shelf.of(host), let spec else { return nil }
      shelf.made.append(
        Made(
          task: spec.pointee.task.string, format: spec.pointee.format.string,
          metadata: spec.pointee.metadata.string))
      out?.pointee = OpaquePointer(bitPattern: shelf.made.count)
      return nil
    }
    models.add = { host, builder, name, tensor in
      guard let shelf = Shelf.of(host), let tensor else { return nil }
      shelf.made[Int(bitPattern: builder) - 1].tensors[name.string] = shelf.copy(tensor)
      return nil
    }
    models.finish = { _, builder, out in
      out?.pointee = builder
      return nil
    }
    models.discard = { _, _ in }
    let table = UnsafeMutablePointer<cadre_models>.allocate(capacity: 1)
    table.initialize(to: models)
    return UnsafePointer(table)
  }()
}

extension cadre_str {
  var string: String {
    data.map {
      String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(size)), as: UTF8.self)
    }
      ?? ""
  }
}
