import Contracts

/// What the probe says of a library, on one line of JSON.
enum ProbeReport: Hashable {
  case passed(Handshake.Facts)
  case failed(Handshake.Failure)

  private static let format = "cadre.probe/1"

  var json: String {
    var fields: [Setting.Field] = [.init("format", .string(Self.format))]
    switch self {
    case .passed(let facts):
      fields += [
        .init("abi", .string(AbiVersion.host.description)), .init("id", .string(facts.id)),
        .init("version", .string(facts.version)), .init("about", .string(facts.about)),
      ]
    case .failed(let failure):
      fields += [
        .init("step", .string(failure.step.rawValue)), .init("reason", .string(failure.reason)),
      ]
    }
    return Setting.object(fields).json
  }

  /// Reads a report; nil where the bytes are none, or one for another ABI.
  init?(json bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self),
      let setting = try? Setting(json: text, depthLimit: 4),
      setting["format"]?.stringValue == Self.format
    else { return nil }
    if let step = setting["step"]?.stringValue.flatMap(Handshake.Failure.Step.init),
      let reason = setting["reason"]?.stringValue
    {
      self = .failed(Handshake.Failure(step: step, reason: reason))
    } else if let id = setting["id"]?.stringValue, let version = setting["version"]?.stringValue,
      let about = setting["about"]?.stringValue,
      setting["abi"]?.stringValue == AbiVersion.host.description
    {
      self = .passed(Handshake.Facts(id: id, version: version, about: about))
    } else {
      return nil
    }
  }
}
