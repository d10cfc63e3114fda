import Contender
import TensorCore

/// Finds the work of a case; what `contender_main` calls.
///
/// - Returns: 1, or 0 with a reason.
func prepareCase(
  _ words: UnsafePointer<CChar>?, threads: Int, out: UnsafeMutablePointer<contender_work>?,
  reason: UnsafeMutablePointer<CChar>?
) -> Int32 {
  guard let words, let out, let reason else { return 0 }
  do {
    out.pointee = try work(CaseWords(String(cString: words)), threads: threads).forC()
    return 1
  } catch {
    let text = Array("\(error)".replacing("\"", with: "'").utf8CString)
    let count = min(text.count, Int(CONTENDER_REASON) - 1)
    for index in 0..<count { reason[index] = text[index] }
    reason[count] = 0
    return 0
  }
}

private func work(_ words: CaseWords, threads: Int) throws -> Work {
  let context = try ComputeContext(threadLimit: threads)
  switch words.kind {
  case "linear": return try linearWork(words, context)
  case "unary", "binary", "sum", "softmax", "layer_norm": return try tensorWork(words, context)
  case "matmul": return try matmulWork(words, context, threads: threads)
  case "hot": return try hotWork(words, context)
  case "small_add", "mlp": return try agentWork(words, threads: threads)
  default: throw NoSuchCase(words: words.text)
  }
}

/// A case that Cadre does not do.
struct NoSuchCase: Error, CustomStringConvertible {
  let words: String
  var description: String { "no such case" }
}

/// The words of a case: `linear 128 768 3072 gelu`.
struct CaseWords {
  let text: String
  let kind: String
  private let rest: [Substring]

  init(_ text: String) {
    self.text = text
    let words = text.split(separator: " ")
    kind = words.first.map(String.init) ?? ""
    rest = Array(words.dropFirst())
  }

  /// The whole number at a place behind the kind.
  func number(_ index: Int) throws -> Int {
    guard index < rest.count, let number = Int(rest[index]) else { throw NoSuchCase(words: text) }
    return number
  }

  /// The word at a place behind the kind.
  func word(_ index: Int) throws -> String {
    guard index < rest.count else { throw NoSuchCase(words: text) }
    return String(rest[index])
  }
}
