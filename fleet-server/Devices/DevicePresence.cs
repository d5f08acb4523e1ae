namespace Messaging.FleetServer.Devices;

/// <summary>
/// Whether a device is there: pure. The relay's word alone can only take a device away; data that the device authenticated
/// brings it back. A relay that says "connected" for ever makes nothing online.
/// </summary>
internal sealed record DevicePresence
{
    /// <summary>Three times the interval in which a device sends something.</summary>
    public const int SilentIntervals = 3;

    /// <summary>A device sends its metrics at least this often, whatever it collects more often.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(30);

    public bool Connected { get; init; }

    public string? Transport { get; init; }

    /// <summary>The relay's number of the connection; an end counts only for the connection that it names.</summary>
    public ulong ConnectionNo { get; init; }

    public DateTimeOffset? DisconnectedAt { get; init; }

    public DateTimeOffset? LastAuthenticated { get; init; }

    public DeviceBoot? Boot { get; init; }

    public DevicePresence Connect(ulong connectionNo, string transport) =>
        this with { Connected = true, ConnectionNo = connectionNo, Transport = transport };

    public DevicePresence Disconnect(ulong connectionNo, DateTimeOffset now) =>
        Connected && connectionNo >= ConnectionNo
            ? this with { Connected = false, Transport = null, DisconnectedAt = now }
            : this;

    /// <summary>The link to the relay is gone: what it said is no longer known, what devices proved still is.</summary>
    public DevicePresence Forget() => this with { Connected = false, Transport = null, ConnectionNo = 0 };

    public DevicePresence Authenticate(DateTimeOffset now) => this with { LastAuthenticated = now };

    /// <param name="now">The time.</param>
    /// <param name="silence">How long the device says nothing when all is well, if it told: the shortest interval of its collectors, or how long it gathers.</param>
    public bool IsOnline(DateTimeOffset now, TimeSpan? silence)
    {
        var interval = silence > FlushInterval ? silence.Value : FlushInterval;
        return LastAuthenticated is { } last
            && now - last <= interval * SilentIntervals
            && !(DisconnectedAt >= last);
    }
}
