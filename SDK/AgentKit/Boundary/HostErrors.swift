import CadreABI

/// Throws what a host's function returned, after reading and releasing it.
func check(_ error: UnsafeMutablePointer<cadre_error>?) throws(AgentFailure) {
  guard let error else { return }
  let failure = AgentFailure(reading: error)
  if reaches(error.pointee.size, CADRE_END_cadre_error_release) {
    error.pointee.release?(error)
  }
  throw failure
}

extension AgentFailure {
  /// Causes deeper than that are cut off, so that a chain that bites its tail ends.
  private static let deepestCause = 8

  /// Reads an error object of the other side; the caller releases it.
  init(reading error: UnsafePointer<cadre_error>, depth: Int = 0) {
    let size = error.pointee.size
    var code: UInt32?
    var message = ""
    var place = ""
    var retryAfter: Duration?
    var causes: [AgentFailure] = []
    if reaches(size, CADRE_END_cadre_error_code) { code = error.pointee.code?(error) }
    if reaches(size, CADRE_END_cadre_error_message) {
      message = error.pointee.message?(error).text ?? ""
    }
    if reaches(size, CADRE_END_cadre_error_where) {
      place = error.pointee.where?(error).text ?? ""
    }
    if reaches(size, CADRE_END_cadre_error_cause), depth < Self.deepestCause,
      let cause = error.pointee.cause?(error)
    {
      let behind = AgentFailure(reading: cause, depth: depth + 1)
      causes =
        [
          AgentFailure(
            behind.code, behind.message, where: behind.place, retryAfter: behind.retryAfter)
        ] + behind.causes
    }
    if reaches(size, CADRE_END_cadre_error_retry_after),
      let nanoseconds = error.pointee.retry_after?(error), nanoseconds > 0
    {
      retryAfter = Duration(nanoseconds: nanoseconds)
    }
    self.init(
      code.flatMap(FailureCode.init(rawValue:)) ?? .unknown, message, where: place,
      retryAfter: retryAfter, causes: causes)
  }
}
