import AgentKit
import CadreABI
import SettingsSearch

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, SearchTunerAgent.self) }
