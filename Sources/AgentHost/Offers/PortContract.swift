import Contracts
import TensorCore

/// A port with what the ABI says about it beyond its type.
struct PortContract: Sendable {
  /// The port as planning sees it.
  let port: Port
  /// All element types that a tensor port takes; the port's type names one of them.
  let dtypes: [DType]

  /// The port's type without team, seal and stream.
  var inner: PortType {
    var type = port.type
    while true {
      switch type {
      case .team(let inside), .sealed(let inside), .stream(let inside): type = inside
      default: return type
      }
    }
  }

  /// Whether it carries many values one after the other.
  var isStream: Bool { if case .stream = port.type { true } else { false } }

  /// Whether it carries one value a member.
  var isTeam: Bool {
    switch port.type {
    case .team, .stream(.team): true
    default: false
    }
  }
}

/// An offer with its ports' contracts.
struct OfferContract: Sendable {
  /// The offer as planning sees it.
  let offer: Offer
  /// Contracts of the inputs by name.
  let inputs: [String: PortContract]
  /// Contracts of the outputs by name.
  let outputs: [String: PortContract]
}
