import CadreABI

/// What the host hands to an image's entry.
public typealias Boot = UnsafePointer<cadre_boot>?

/// What an image's entry answers: its module table, or nil after a refusal.
public typealias Module = UnsafePointer<cadre_module>?

/// The entry of an image, written as two lines.
///
///     @c(cadre_entry_0)
///     public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, MyAgent.self) }
public enum AgentModule {
  /// Shakes hands with the host and gives it the module of an agent type.
  ///
  /// Refuses, with a reason for the user, a host of another ABI version. Called again with the same type
  /// it gives the same module.
  public static func start<A: Agent>(_ boot: Boot, _ type: A.Type) -> Module {
    Handshake.answer(boot, type)
  }
}
