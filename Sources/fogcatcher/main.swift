import FogcatcherCommands

await Fogcatcher.runToExit()
