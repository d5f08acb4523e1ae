namespace Messaging.Agent.Spool;

internal static class GapReasons
{
    /// <summary>The text that is reported to the server.</summary>
    public static string Text(this GapReason reason) => reason switch
    {
        GapReason.Quota => "quota",
        GapReason.DiskFailed => "disk-failed",
        GapReason.Corrupt => "corrupt",
        GapReason.PowerCut => "power-cut",
        GapReason.EpochLost => "epoch-lost",
        GapReason.TooManyEpochs => "too-many-epochs",
        GapReason.ServerRestored => "server-restored",
        _ => "unknown",
    };
}
