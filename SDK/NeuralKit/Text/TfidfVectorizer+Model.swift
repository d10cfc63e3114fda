import AgentKit

extension TfidfVectorizer {
  /// Adds what was learned to a model in the making.
  ///
  /// Tensors `PREFIX.idf` (f64, `[columns]`), `PREFIX.terms` (u8, the terms' UTF-8 one after the other) and
  /// `PREFIX.ends` (i64, `[columns]`, where each term ends); with hashing only the first. The settings go to
  /// the metadata under the prefix.
  public func write(
    to draft: inout ModelDraft, prefix: String = "tfidf"
  ) throws(AgentFailure) {
    draft.metadata[prefix] = settings.json
    draft.add("\(prefix).idf", try TensorValue(shape: [idf.count], elements: .f64(idf)))
    guard settings.hashing == nil else { return }
    var bytes: [UInt8] = []
    var ends: [Int64] = []
    for term in sortedTerms {
      bytes += term.bytes
      ends.append(Int64(bytes.count))
    }
    draft.add("\(prefix).terms", try TensorValue(shape: [bytes.count], elements: .u8(bytes)))
    draft.add("\(prefix).ends", try TensorValue(shape: [ends.count], elements: .i64(ends)))
  }

  /// Reads what was learned from a model.
  ///
  /// - Throws: `AgentFailure` with `notFound` or `dataLoss` when the model does not hold it whole.
  public init(from model: Model, prefix: String = "tfidf") throws(AgentFailure) {
    guard let json = model.metadata[prefix] else {
      throw AgentFailure(.notFound, "the model's metadata has no '\(prefix)'")
    }
    let settings = try TfidfSettings(json)
    guard case .f64(let idf) = try model.tensor("\(prefix).idf").elements else {
      throw AgentFailure(.dataLoss, "should hold f64", where: "\(prefix).idf")
    }
    var vocabulary: [Term: Int32] = [:]
    if let columns = settings.hashing {
      guard columns == idf.count else {
        throw AgentFailure(.dataLoss, "has \(idf.count) columns, not \(columns)", where: prefix)
      }
    } else {
      guard case .u8(let bytes) = try model.tensor("\(prefix).terms").elements else {
        throw AgentFailure(.dataLoss, "should hold u8", where: "\(prefix).terms")
      }
      let ends = try model.tensor("\(prefix).ends").integers()
      guard ends.count == idf.count else {
        throw AgentFailure(
          .dataLoss, "has \(ends.count) terms for \(idf.count) weights", where: prefix)
      }
      var start = 0
      for (index, end) in ends.enumerated() {
        guard end >= start, end <= bytes.count else {
          throw AgentFailure(.dataLoss, "term \(index) ends at \(end)", where: "\(prefix).ends")
        }
        vocabulary[Term(bytes: bytes[start..<end]).compact] = Int32(index)
        start = end
      }
    }
    self.init(settings, vocabulary: vocabulary, idf: idf)
  }
}
