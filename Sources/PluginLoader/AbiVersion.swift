import CadreABI

/// A version of the ABI.
public struct AbiVersion: Hashable, Sendable, CustomStringConvertible {
  /// Another major is another ABI.
  public let major: Int
  /// A higher minor only adds.
  public let minor: Int

  /// A version.
  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version of this host.
  public static let host = AbiVersion(
    major: Int(CADRE_ABI_MAJOR), minor: Int(CADRE_ABI_MINOR))

  /// Whether a plug-in of version `other` may be loaded by a host of this one.
  ///
  /// The major must be the same. While it is 0 the minor must be too; from 1 on it never refuses.
  public func accepts(_ other: AbiVersion) -> Bool {
    major == other.major && (major > 0 || minor == other.minor)
  }

  /// `0.1`.
  public var description: String { "\(major).\(minor)" }
}
