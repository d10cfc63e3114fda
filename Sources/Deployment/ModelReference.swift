import Contracts

/// How a deployed model is named: `support`, `support@prod`, `support:3`.
///
/// A bare name means the alias `latest`, which every deployment moves.
public struct ModelReference: Hashable, Sendable, CustomStringConvertible {
  /// Which version of the model.
  public enum Selector: Hashable, Sendable {
    /// What the alias points at.
    case alias(String)
    /// That version.
    case version(Int)
  }

  /// The alias that a bare name means.
  public static let defaultAlias = "latest"

  /// The model's name.
  public let name: String
  /// Which version.
  public let selector: Selector

  /// Reads a reference.
  ///
  /// - Throws: ``DeploymentError`` when a name has other characters than letters, digits, `-`, `_`
  ///   and `.`, or the version is no whole number from 1.
  public init(parsing text: String) throws(DeploymentError) {
    if let at = text.firstIndex(of: "@") {
      name = try Self.name(text[..<at], in: text)
      selector = .alias(try Self.name(text[text.index(after: at)...], in: text))
    } else if let colon = text.firstIndex(of: ":") {
      name = try Self.name(text[..<colon], in: text)
      guard let version = Int(text[text.index(after: colon)...]), version > 0 else {
        throw DeploymentError(
          .invalidName, "'\(text)' has no version after the colon",
          remedy: "write NAME:3, NAME@ALIAS or NAME")
      }
      selector = .version(version)
    } else {
      name = try Self.name(text[...], in: text)
      selector = .alias(Self.defaultAlias)
    }
  }

  /// As it is written.
  public var description: String {
    switch selector {
    case .alias(let alias): alias == Self.defaultAlias ? name : "\(name)@\(alias)"
    case .version(let version): "\(name):\(version)"
    }
  }

  // A name becomes a folder, so nothing that could leave it is let in.
  private static func name(
    _ part: Substring, in text: String
  ) throws(DeploymentError) -> String {
    let isName =
      !part.isEmpty && part.utf8.count <= 64 && part.first != "."
      && part.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
    guard isName else {
      throw DeploymentError(
        .invalidName, "'\(text)' is no name of a model",
        remedy: "use letters, digits, '-', '_' and '.', as in support@prod")
    }
    return String(part)
  }
}

/// Why a model could not be deployed or found.
public struct DeploymentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a caller may tell apart.
  public enum Code: String, Hashable, Sendable {
    /// A name that cannot be one.
    case invalidName
    /// No model, version or alias of that name.
    case notFound
    /// The registry's own files are damaged.
    case corrupt
    /// An event that does not fit the deployment's state.
    case outOfOrder
  }

  /// The code.
  public let code: Code
  /// What happened.
  public let message: String
  /// What to do about it.
  public let remedy: String

  /// An error.
  public init(_ code: Code, _ message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  /// Message and remedy in one line.
  public var description: String { "\(message); \(remedy)" }
}
