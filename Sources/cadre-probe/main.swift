import PluginLoader

ProbeProgram.main(CommandLine.arguments)
