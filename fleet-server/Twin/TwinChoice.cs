namespace Messaging.FleetServer.Twin;

/// <summary>Which of a device's commands says what it is to be like. Pure.</summary>
internal static class TwinChoice
{
    /// <summary>The highest version that the device has or may still take.</summary>
    /// <param name="commands">In any order.</param>
    /// <param name="reported">The version that it says it keeps; null: none.</param>
    public static TwinCommand? Desired(IReadOnlyList<TwinCommand> commands, long? reported) =>
        commands.Where(one => !one.IsLost || (long)one.State.Version == reported).MaxBy(static one => (one.State.Version, one.Ordinal));

    /// <summary>The newest that it did not take, if nothing was wanted since.</summary>
    public static TwinCommand? Refused(IReadOnlyList<TwinCommand> commands, TwinCommand? desired) =>
        commands.MaxBy(static one => one.Ordinal) is { IsLost: true } newest && newest.Id != desired?.Id ? newest : null;

    /// <returns>Whether the row is another.</returns>
    public static bool Apply(TwinRow row, IReadOnlyList<TwinCommand> commands, long? reported)
    {
        var desired = Desired(commands, reported);
        var refused = Refused(commands, desired);
        var before = (row.DesiredVersion, row.CommandId, row.CommandState, row.RefusedCommandId, row.RefusedMessage);
        if (desired is not null || row.DesiredVersion is null || row.DesiredVersion != reported)
        {
            // Else its command is so old that it is not looked at any more, and the device keeps it.
            row.DesiredVersion = (long?)desired?.State.Version;
            row.Desired = desired?.State.Encode();
            row.CommandId = desired?.Id;
            row.SignedBy = desired?.SignedBy;
            row.CreatedBy = desired?.CreatedBy;
            row.CreatedAt = desired?.CreatedAt;
            row.CommandState = desired?.CommandState;
        }

        row.RefusedCommandId = refused?.Id;
        row.RefusedVersion = (long?)refused?.State.Version;
        row.RefusedMessage = refused?.Message;
        return before != (row.DesiredVersion, row.CommandId, row.CommandState, row.RefusedCommandId, row.RefusedMessage);
    }
}
