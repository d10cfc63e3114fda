import CadreABI
import OpBridge
import TensorCore
import Testing

@Suite("error objects")
struct ErrorObjectTests {
  @Test("code, message, place, cause and retry time come back by the accessors")
  func accessors() throws {
    let cause = ErrorObject.make(code: UInt32(CADRE_DATA_LOSS), message: "disk")
    let error = ErrorObject.make(
      code: UInt32(CADRE_ABORTED), message: "größer", place: "port", cause: cause,
      retryAfter: 5)
    #expect(Int(error.pointee.size) == CADRE_END_cadre_error_release)
    #expect(text(error.pointee.message(error)) == "größer")
    #expect(text(error.pointee.where(error)) == "port")
    #expect(error.pointee.retry_after(error) == 5)
    let behind = try #require(error.pointee.cause(error))
    #expect(text(behind.pointee.message(behind)) == "disk")
    ErrorObject.release(error)
  }

  @Test("a code that no error has becomes unknown")
  func unknownCode() {
    for code in [0, 17, 9999] as [UInt32] {
      #expect(throws: ReceivedError(code: UInt32(CADRE_UNKNOWN), message: "m", place: "")) {
        try check(ErrorObject.make(code: code, message: "m"))
      }
    }
  }

  @Test("a long text is cut; one of absurd size, or NULL with a size, is not followed")
  func longTexts() {
    let bytes = [CChar](repeating: 65, count: 65 * 1024)
    bytes.withUnsafeBufferPointer { bytes in
      let long = cadre_str(data: bytes.baseAddress, size: UInt64(bytes.count))
      let absurd = cadre_str(data: bytes.baseAddress, size: .max)
      let null = cadre_str(data: nil, size: 99)
      for (message, place, kept) in [(long, null, 64 * 1024), (absurd, absurd, 0)] {
        let error = ErrorObject.make(code: 3, message: message, place: place)
        #expect(error.pointee.message(error).size == UInt64(kept))
        #expect(error.pointee.where(error).size == 0)
        ErrorObject.release(error)
      }
    }
  }

  @Test("the out-of-memory error outlives its release")
  func immortal() {
    let error = ErrorObject.immortal
    ErrorObject.release(error)
    ErrorObject.release(error)
    #expect(error.pointee.code(error) == UInt32(CADRE_RESOURCE_EXHAUSTED))
  }

  @Test("an error table without `release` is left alone")
  func shortTable() {
    var short = cadre_error()
    short.size = UInt32(CADRE_END_cadre_error_message)
    short.release = { _ in Issue.record("`release` lies beyond the table's end") }
    ErrorObject.release(&short)
  }

  @Test("an out-struct is filled as far as its size goes, and no further")
  func outStruct() throws {
    var out = cadre_tensor_info()
    out.size = UInt32(CADRE_END_cadre_tensor_info_shape)
    let full = cadre_tensor_info(
      size: 0, dtype: 6, shape: nil, rank: 2, data: nil, byte_count: 99)
    try OutStruct.fill(
      &out, end: CADRE_END_cadre_tensor_info_byte_count, with: full, place: "test")
    #expect(out.dtype == 6)
    #expect(out.rank == 0)
    #expect(Int(out.size) == CADRE_END_cadre_tensor_info_shape)
    out.size = 4096  // a newer caller: the callee says how far it knows
    try OutStruct.fill(
      &out, end: CADRE_END_cadre_tensor_info_byte_count, with: full, place: "test")
    #expect(Int(out.size) == CADRE_END_cadre_tensor_info_byte_count)
    out.size = 0
    #expect(throws: BridgeError.self) {
      try OutStruct.fill(
        &out, end: CADRE_END_cadre_tensor_info_byte_count, with: full, place: "test")
    }
  }
}
