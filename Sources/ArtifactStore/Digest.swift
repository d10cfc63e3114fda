import Crypto

/// The SHA-256 of some bytes: the name under which the store keeps them.
///
/// Its text is `sha256:` followed by 64 lower-case hexadecimal digits. The algorithm stands in
/// the text so that a later one can be told from this one.
public struct Digest: Hashable, Sendable {
  /// The 64 lower-case hexadecimal digits, without the algorithm.
  public let hex: String

  /// Reads the text form, `sha256:<64 lower-case hexadecimal digits>`.
  ///
  /// - Throws: `ArtifactError` with code `malformedDigest` that quotes the text.
  public init(parsing text: String) throws(ArtifactError) {
    guard text.hasPrefix(Self.prefix) else { throw .malformedDigest(text) }
    try self.init(hex: String(text.dropFirst(Self.prefix.count)))
  }

  /// Takes 64 lower-case hexadecimal digits.
  ///
  /// - Throws: `ArtifactError` with code `malformedDigest` that quotes the text.
  public init(hex: String) throws(ArtifactError) {
    guard hex.utf8.count == 64, hex.utf8.allSatisfy(Self.isLowerHex) else {
      throw .malformedDigest(hex)
    }
    self.hex = hex
  }

  /// Computes the digest of bytes in memory.
  ///
  /// - Complexity: O(n).
  public init(of bytes: RawSpan) {
    var hash = StreamingDigest()
    hash.update(bytes)
    self = hash.finalize()
  }

  /// Computes the digest of bytes in memory.
  ///
  /// - Complexity: O(n).
  public init(of bytes: [UInt8]) {
    self.init(of: bytes.span.bytes)
  }

  fileprivate init(trusted bytes: some Sequence<UInt8>) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    hex = String(decoding: text, as: UTF8.self)
  }

  private static let prefix = "sha256:"

  private static func isLowerHex(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

extension Digest: CustomStringConvertible {
  /// The text form, `sha256:…`.
  public var description: String { Self.prefix + hex }
}

extension Digest: Comparable {
  /// Orders digests by their text, so that listings are stable.
  public static func < (a: Digest, b: Digest) -> Bool { a.hex < b.hex }
}

extension Digest: Codable {
  /// Reads the text form.
  ///
  /// - Throws: `ArtifactError` with code `malformedDigest`, or the decoder's own error.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the text form.
  ///
  /// - Throws: The encoder's own error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A digest over bytes that arrive in parts.
public struct StreamingDigest: Sendable {
  private var state = SHA256()

  /// Starts over no bytes.
  public init() {}

  /// Adds bytes at the end.
  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  /// The digest of all bytes so far; more may follow.
  public func finalize() -> Digest { Digest(trusted: state.finalize()) }
}
