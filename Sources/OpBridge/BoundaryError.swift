import Autodiff
import CadreABI
import TensorCore

/// An error that knows how to appear on the other side of the C boundary.
public protocol BoundaryError: Error {
  /// One of the ABI's codes.
  var boundaryCode: UInt32 { get }
  /// What happened and what to do about it.
  var boundaryMessage: String { get }
  /// The op, port or handle; may be empty.
  var boundaryPlace: String { get }
}

/// A call through one of the bridge's tables that breaks the ABI's rules.
public struct BridgeError: BoundaryError, Hashable, CustomStringConvertible {
  /// One of the ABI's codes.
  public let boundaryCode: UInt32
  /// What happened and what to do about it.
  public let boundaryMessage: String
  /// The function, such as `cadre_ops.run`.
  public let boundaryPlace: String

  /// Describes a broken rule.
  ///
  /// - Parameters:
  ///   - code: one of the ABI's codes, as the C constants come into Swift.
  ///   - place: the function or handle at fault.
  ///   - message: what happened and what to do about it.
  public init(_ code: Int, _ place: String, _ message: String) {
    self.boundaryCode = UInt32(code)
    self.boundaryMessage = message
    self.boundaryPlace = place
  }

  /// What a function of a plug-in returned.
  ///
  /// - Parameters:
  ///   - error: read as far as its size goes, then released.
  ///   - place: what called the function.
  init(taking error: UnsafeMutablePointer<cadre_error>, place: String) {
    let size = Int(error.pointee.size)
    func text(_ end: Int, _ read: ((UnsafePointer<cadre_error>?) -> cadre_str)?) -> String {
      guard size >= end, let read else { return "" }
      return String(decoding: read(error).clampedBytes(ErrorObject.textLimit), as: UTF8.self)
    }
    var code: UInt32?
    if size >= CADRE_END_cadre_error_code { code = error.pointee.code?(error) }
    let message = text(CADRE_END_cadre_error_message, error.pointee.message)
    let origin = text(CADRE_END_cadre_error_where, error.pointee.where)
    ErrorObject.release(error)
    self.init(
      Int(code ?? UInt32(CADRE_UNKNOWN)), place,
      origin.isEmpty || origin == place ? message : "\(message) (\(origin))")
  }

  /// One line: the place and the message.
  public var description: String { "\(boundaryPlace): \(boundaryMessage)" }
}

extension TensorError: BoundaryError {
  /// Wrong shapes, types and values are the caller's; memory and machine are not.
  public var boundaryCode: UInt32 {
    switch code {
    case .invalidShape, .shapeMismatch, .dtypeMismatch, .invalidValue, .invalidMemory:
      UInt32(CADRE_INVALID_ARGUMENT)
    case .outOfMemory: UInt32(CADRE_RESOURCE_EXHAUSTED)
    case .unsupportedInstructionSet: UInt32(CADRE_FAILED_PRECONDITION)
    }
  }

  /// The op, the shapes and the broken rule.
  public var boundaryMessage: String { description }
  /// The op.
  public var boundaryPlace: String { op }
}

extension AutodiffError: BoundaryError {
  /// The nearest of the ABI's codes.
  public var boundaryCode: UInt32 {
    switch code {
    case .unknownOp: UInt32(CADRE_NOT_FOUND)
    case .duplicateOp: UInt32(CADRE_ALREADY_EXISTS)
    case .wrongInputCount, .wrongAttributes, .notScalar: UInt32(CADRE_INVALID_ARGUMENT)
    case .spentTape, .notWatched, .notRecorded, .modifiedInPlace, .unbalancedRecompute:
      UInt32(CADRE_FAILED_PRECONDITION)
    case .notDifferentiable: UInt32(CADRE_UNIMPLEMENTED)
    case .brokenOp: UInt32(CADRE_INTERNAL)
    }
  }

  /// The op and what happened.
  public var boundaryMessage: String { description }
  /// The op.
  public var boundaryPlace: String { op }
}

extension ErrorObject {
  /// Makes an error object of any Swift error.
  public static func make(_ error: any Error) -> Pointer {
    guard let known = error as? any BoundaryError else {
      return make(code: UInt32(CADRE_INTERNAL), message: "\(error)")
    }
    return make(
      code: known.boundaryCode, message: known.boundaryMessage, place: known.boundaryPlace)
  }

  /// Runs the body of a function of a table: nothing is thrown across the boundary.
  ///
  /// - Returns: nil on success, else an error object that the caller owns.
  public static func catching(_ body: () throws -> Void) -> Pointer? {
    do {
      try body()
      return nil
    } catch {
      return make(error)
    }
  }
}
