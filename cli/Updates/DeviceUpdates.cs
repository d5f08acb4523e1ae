namespace Messaging.Cli.Updates;

/// <summary>What <c>fleetctl updates DEVICE --json</c> shows.</summary>
internal sealed record DeviceUpdates(IReadOnlyList<ComponentReply> Components, IReadOnlyList<UpdateReply> Updates);
