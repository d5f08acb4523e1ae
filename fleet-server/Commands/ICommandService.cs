namespace Messaging.FleetServer.Commands;

/// <summary>Commands to devices: stored first, sent when the device can be reached, ended by its report or by time.</summary>
internal interface ICommandService
{
    /// <summary>Checks and stores a command. When this returns one, it is durable and on its way.</summary>
    Task<CommandCreation> CreateAsync(CommandRequest request, CancellationToken cancellationToken);

    /// <summary>Checks and stores a command that somebody of the roster has signed. It goes to the device as it is.</summary>
    Task<CommandCreation> CreateSignedAsync(string deviceId, ReadOnlyMemory<byte> signed, string createdBy, CancellationToken cancellationToken);

    Task<CommandSnapshot?> GetAsync(string deviceId, string commandId, CancellationToken cancellationToken);

    /// <summary>The device's commands, newest first.</summary>
    Task<IReadOnlyList<CommandSnapshot>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken);

    /// <summary>Takes back a command that still waits.</summary>
    Task<CommandCancellation> CancelAsync(string deviceId, string commandId, CancellationToken cancellationToken);
}
