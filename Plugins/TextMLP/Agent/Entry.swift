import AgentKit
import CadreABI
import TextMLPLearner

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, TextMLPAgent.self) }
