namespace Messaging.Agent.Tests.Spool;

internal readonly record struct SpoolStep(SpoolStepKind Kind, int Size);
