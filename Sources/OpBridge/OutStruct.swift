import CadreABI

/// Fills the structs that a caller zeroed and gave a size.
public enum OutStruct {
  /// Copies the fields that the caller has room for, and states how far they go.
  ///
  /// - Parameters:
  ///   - out: the caller's struct; its `size` says what it can hold.
  ///   - end: the end of the last field that this side knows.
  ///   - value: the fields; its own `size` is not looked at.
  ///   - place: the function, for the error.
  /// - Throws: `BridgeError` where `out` is NULL or its size cannot be one.
  public static func fill<T>(
    _ out: UnsafeMutablePointer<T>?, end: Int, with value: T, place: String
  ) throws {
    guard let out else { throw BridgeError(CADRE_INVALID_ARGUMENT, place, "out is NULL") }
    let raw = UnsafeMutableRawPointer(out)
    let prefix = MemoryLayout<UInt32>.size
    let room = Int(raw.load(as: UInt32.self))
    guard room >= prefix else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place,
        "out has a size of \(room); set it to CADRE_END_<type>_<last field> before the call")
    }
    let count = min(room, end)
    withUnsafeBytes(of: value) { bytes in
      guard let base = bytes.baseAddress, count > prefix else { return }
      (raw + prefix).copyMemory(from: base + prefix, byteCount: count - prefix)
    }
    raw.storeBytes(of: UInt32(count), as: UInt32.self)
  }
}
