namespace Messaging.FleetServer.Tests.Harness;

internal sealed class ProcessKilledException() : Exception("The process was killed.");
