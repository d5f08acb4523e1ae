namespace Messaging.Streams;

/// <summary>What a record's plaintext is. Unknown types are delivered as opaque bytes.</summary>
public static class RecordType
{
    /// <summary>Up: a batch of measurements.</summary>
    public const uint Metrics = 1;

    /// <summary>Up: a batch of log lines.</summary>
    public const uint Logs = 2;

    /// <summary>Up: a batch of events.</summary>
    public const uint Event = 3;

    /// <summary>Up: how far a command is.</summary>
    public const uint CommandReport = 4;

    /// <summary>Up: what the device is and allows.</summary>
    public const uint DeviceInfo = 5;

    /// <summary>Up: the device's new keys, signed by its current identity key.</summary>
    public const uint KeyUpdate = 6;

    /// <summary>Up: records that were dropped and will never come.</summary>
    public const uint Gap = 7;

    /// <summary>Up: please send the opening of this epoch again.</summary>
    public const uint EpochRequestUp = 8;

    /// <summary>Up: what the device's uptime is now, and whether it wants to know the time.</summary>
    public const uint TimeRequest = 9;

    /// <summary>Up: please say that you are there.</summary>
    public const uint AckRequest = 14;

    /// <summary>Up: a file that begins to come.</summary>
    public const uint FileManifest = 10;

    /// <summary>Up: a part of a file.</summary>
    public const uint FileChunk = 11;

    /// <summary>Up: the rest of a file will not come.</summary>
    public const uint FileEnd = 12;

    /// <summary>Up: what does the server have of a file?</summary>
    public const uint FileRequest = 13;

    /// <summary>Up: what numbers of series stand for.</summary>
    public const uint SeriesAnswer = 20;

    /// <summary>Up: what a command writes while it runs.</summary>
    public const uint CommandOutput = 24;

    /// <summary>Up: how far the device is with its desired state.</summary>
    public const uint Twin = 26;

    /// <summary>Up: what the device did with commands, signed.</summary>
    public const uint Executions = 30;

    /// <summary>Up: how far an update is, an <see cref="Updates.Releases.UpdateStatus"/>.</summary>
    public const uint UpdateStatus = 31;

    /// <summary>Up: what became of an update, signed: an <see cref="Updates.Releases.UpdateReceipt"/>.</summary>
    public const uint UpdateReceipt = 32;

    /// <summary>Down: a signed command.</summary>
    public const uint Command = 64;

    /// <summary>Down: what is stored for good.</summary>
    public const uint Ack = 65;

    /// <summary>Down: whom to trust, a <see cref="Trust.TrustBundle"/>.</summary>
    public const uint Trust = 66;

    /// <summary>Down: please send the opening of this epoch again.</summary>
    public const uint EpochRequestDown = 67;

    /// <summary>Down: whether new keys were taken.</summary>
    public const uint KeyUpdateReceipt = 68;

    /// <summary>Down: the time, signed for this boot of the device.</summary>
    public const uint TimeBeacon = 69;

    /// <summary>Down: keep metrics and logs back for a while.</summary>
    public const uint Pause = 71;

    /// <summary>Down: what the server has of a file.</summary>
    public const uint FileReceipt = 70;

    /// <summary>Down: please say what these numbers of series stand for.</summary>
    public const uint SeriesRequest = 80;

    /// <summary>Down: how far the server's audit log goes, signed.</summary>
    public const uint AuditCheckpoint = 90;

    /// <summary>Down: somebody looks at the measurements.</summary>
    public const uint Watch = 81;
}
