namespace Messaging.Agent.Packages;

internal enum PackageState
{
    /// <summary>All of it was done, or would be.</summary>
    Done,

    /// <summary>It went wrong; the text says how far it came.</summary>
    Failed,

    /// <summary>Somebody stopped it before dpkg began: nothing was changed.</summary>
    Cancelled,

    /// <summary>Root's file does not allow it, or the one who asks may not ask.</summary>
    Refused,
}
