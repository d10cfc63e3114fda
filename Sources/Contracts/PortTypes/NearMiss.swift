/// Finds what an author probably meant by a word that does not exist.
public enum NearMiss {
  /// The candidate nearest to `word`, or nil where none is near.
  ///
  /// Near means that about a third of the word's letters differ at most (Damerau–Levenshtein distance
  /// with adjacent swaps), case aside, or that one begins with the other.
  ///
  /// - Complexity: O(candidates · word · candidate).
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let wanted = word.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let other = candidate.lowercased()
      var distance = distance(wanted, other)
      // An abbreviation is far by count and near by sense: `param` for `params`, `opt` for `optimise`.
      if wanted.count >= 3, other.hasPrefix(wanted) { distance = min(distance, 1) }
      let limit = max(1, (min(wanted.count, other.count) + 1) / 3)
      guard distance <= limit, distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
