import CadreABI
import Glibc

/// Makes the host's error objects for the other side of the C boundary.
///
/// An object is one block of C memory: the table, then code and lengths, then the texts. So making
/// one cannot trap when memory is short; the immortal error stands in.
public enum ErrorObject {
  /// A pointer that the receiver owns.
  public typealias Pointer = UnsafeMutablePointer<cadre_error>

  /// The longest text that is kept; what an agent hands over may be of any length.
  static let textLimit = 64 * 1024

  private struct Body {
    var code: UInt32
    var retryAfter: UInt64
    var messageCount: Int
    var placeCount: Int
    var cause: Pointer?
  }

  private static let bodyOffset = 64
  private static let textOffset = 128

  /// Makes an error object.
  ///
  /// - Parameters:
  ///   - code: one of the ABI's codes; any other number becomes `CADRE_UNKNOWN`.
  ///   - message: what happened and what to do about it.
  ///   - place: a port, an op, a file; may be empty.
  ///   - cause: the error behind this one, owned by the new one; nil for none.
  ///   - retryAfter: nanoseconds after which a retry may succeed; 0 for no statement.
  /// - Returns: an object that the receiver owns. Never nil.
  public static func make(
    code: UInt32, message: String, place: String = "", cause: Pointer? = nil,
    retryAfter: UInt64 = 0
  ) -> Pointer {
    var message = message
    var place = place
    return message.withUTF8 { message in
      place.withUTF8 { place in
        make(
          code: code, message: UnsafeRawBufferPointer(message),
          place: UnsafeRawBufferPointer(place), cause: cause, retryAfter: retryAfter)
      }
    }
  }

  /// Makes an error object from texts of the ABI.
  public static func make(code: UInt32, message: cadre_str, place: cadre_str) -> Pointer {
    make(
      code: code, message: message.clampedBytes(textLimit), place: place.clampedBytes(textLimit),
      cause: nil, retryAfter: 0)
  }

  private static func make(
    code: UInt32, message: UnsafeRawBufferPointer, place: UnsafeRawBufferPointer, cause: Pointer?,
    retryAfter: UInt64
  ) -> Pointer {
    let messageCount = min(message.count, textLimit)
    let placeCount = min(place.count, textLimit)
    guard let block = malloc(textOffset + messageCount + placeCount) else {
      release(cause)
      return immortal
    }
    let known = (1...UInt32(CADRE_UNAUTHENTICATED)).contains(code)
    let body = (block + bodyOffset).bindMemory(to: Body.self, capacity: 1)
    body.initialize(
      to: Body(
        code: known ? code : UInt32(CADRE_UNKNOWN), retryAfter: retryAfter,
        messageCount: messageCount, placeCount: placeCount, cause: cause))
    if let base = message.baseAddress {
      (block + textOffset).copyMemory(from: base, byteCount: messageCount)
    }
    if let base = place.baseAddress {
      (block + textOffset + messageCount).copyMemory(from: base, byteCount: placeCount)
    }
    let error = block.bindMemory(to: cadre_error.self, capacity: 1)
    error.initialize(to: table(data: block, release: freeBlock))
    return error
  }

  /// The error for the moment when there is no memory to make one.
  ///
  /// Its release does nothing.
  public nonisolated(unsafe) static let immortal: Pointer = {
    let text = "out of memory; use smaller batches or raise the agent's budget"
    let error = make(code: UInt32(CADRE_RESOURCE_EXHAUSTED), message: text)
    error.pointee.release = { _ in }
    return error
  }()

  /// Releases an error that this side received.
  ///
  /// Nothing happens where it is nil or its table is too short to hold `release`.
  public static func release(_ error: Pointer?) {
    guard let error, error.pointee.size >= UInt32(CADRE_END_cadre_error_release),
      let release = error.pointee.release
    else { return }
    release(error)
  }

  private static func table(
    data: UnsafeMutableRawPointer, release: @escaping @convention(c) (Pointer?) -> Void
  ) -> cadre_error {
    cadre_error(
      size: UInt32(CADRE_END_cadre_error_release), reserved: 0, data: data,
      code: { ErrorObject.body($0)?.pointee.code ?? UInt32(CADRE_UNKNOWN) },
      message: { error in
        guard let error, let body = ErrorObject.body(error), let data = error.pointee.data else {
          return cadre_str()
        }
        return ErrorObject.text(data, offset: 0, count: body.pointee.messageCount)
      },
      where: { error in
        guard let error, let body = ErrorObject.body(error), let data = error.pointee.data else {
          return cadre_str()
        }
        let count = body.pointee.messageCount
        return ErrorObject.text(data, offset: count, count: body.pointee.placeCount)
      },
      cause: { error in ErrorObject.body(error)?.pointee.cause.map { UnsafePointer($0) } },
      retry_after: { ErrorObject.body($0)?.pointee.retryAfter ?? 0 },
      release: release)
  }

  private static let freeBlock: @convention(c) (Pointer?) -> Void = { error in
    guard let error else { return }
    ErrorObject.release(ErrorObject.body(error)?.pointee.cause)
    free(error)
  }

  private static func body(_ error: UnsafePointer<cadre_error>?) -> UnsafeMutablePointer<Body>? {
    guard let data = error?.pointee.data else { return nil }
    return (data + bodyOffset).assumingMemoryBound(to: Body.self)
  }

  private static func text(
    _ block: UnsafeMutableRawPointer, offset: Int, count: Int
  ) -> cadre_str {
    let start = (block + textOffset + offset).assumingMemoryBound(to: CChar.self)
    return cadre_str(data: UnsafePointer(start), size: UInt64(count))
  }
}

extension cadre_str {
  /// The bytes, at most `limit` of them.
  ///
  /// A size that cannot be one (4 GB and more) is not followed at all.
  func clampedBytes(_ limit: Int) -> UnsafeRawBufferPointer {
    guard let data, size < 1 << 32 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: data, count: Int(min(size, UInt64(limit))))
  }
}
