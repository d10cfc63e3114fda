import CadreABI

/// A tape of the host, released with this object.
///
/// `@unchecked Sendable`: the handle is constant; the ABI's rule of one thread at a time is its users'.
final class TapeHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let tapes: UnsafePointer<cadre_tapes>
  private let core: OpCore

  init(_ core: OpCore) throws(AgentFailure) {
    let tapes = try core.host.require(CADRE_TAPE_ID, cadre_tapes.self)
    let begin = try need(
      tapes.pointee.size, CADRE_END_cadre_tapes_begin, "cadre_tapes.begin", tapes.pointee.begin)
    var begun: OpaquePointer?
    try check(begin(core.host.pointer, &begun))
    guard let begun else { throw AgentFailure(.internal, "the host began no tape") }
    pointer = begun
    self.tapes = tapes
    self.core = core
  }

  deinit {
    if reaches(tapes.pointee.size, CADRE_END_cadre_tapes_release) {
      tapes.pointee.release?(core.host.pointer, pointer)
    }
  }

  func watch(_ tensor: TensorHandle) throws(AgentFailure) {
    let watch = try need(
      tapes.pointee.size, CADRE_END_cadre_tapes_watch, "cadre_tapes.watch", tapes.pointee.watch)
    try check(watch(core.host.pointer, pointer, tensor.pointer))
  }

  /// Begins a segment that is computed twice.
  ///
  /// - Returns: false where the host does not know such segments: then nothing is saved, and all is right.
  func beginRecompute() throws(AgentFailure) -> Bool {
    guard reaches(tapes.pointee.size, CADRE_END_cadre_tapes_end_recompute),
      let begin = tapes.pointee.begin_recompute, tapes.pointee.end_recompute != nil
    else { return false }
    try check(begin(core.host.pointer, pointer))
    return true
  }

  func endRecompute() throws(AgentFailure) {
    let end = try need(
      tapes.pointee.size, CADRE_END_cadre_tapes_end_recompute, "cadre_tapes.end_recompute",
      tapes.pointee.end_recompute)
    try check(end(core.host.pointer, pointer))
  }

  func savedBytes() throws(AgentFailure) -> UInt64 {
    let ask = try need(
      tapes.pointee.size, CADRE_END_cadre_tapes_saved_bytes, "cadre_tapes.saved_bytes",
      tapes.pointee.saved_bytes)
    var bytes: UInt64 = 0
    try check(ask(core.host.pointer, pointer, &bytes))
    return bytes
  }

  func gradients(
    of loss: TensorHandle, for tensors: [TensorHandle], in call: OpCall
  ) throws(AgentFailure) -> [TensorHandle] {
    let ask = try need(
      tapes.pointee.size, CADRE_END_cadre_tapes_gradient, "cadre_tapes.gradient",
      tapes.pointee.gradient)
    var context = call.context
    let targets = tensors.map { Optional($0.pointer) }
    var results = [OpaquePointer?](repeating: nil, count: tensors.count)
    let error = targets.withUnsafeBufferPointer { targets in
      results.withUnsafeMutableBufferPointer { results in
        ask(
          core.host.pointer, &context, pointer, loss.pointer, targets.baseAddress,
          UInt64(targets.count), results.baseAddress)
      }
    }
    try withExtendedLifetime((loss, tensors, call)) { () throws(AgentFailure) in try check(error) }
    var handles: [TensorHandle] = []
    for result in results { handles.append(try TensorHandle(taking: result, core)) }
    return handles
  }
}
