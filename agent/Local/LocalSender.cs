using System.Globalization;

namespace Messaging.Agent.Local;

/// <summary>Who is at the other end, as the kernel says.</summary>
internal readonly record struct LocalSender(int ProcessId, uint UserId)
{
    /// <summary>Of what is a series: without the process, which is another after each start.</summary>
    public KeyValuePair<string, string> User => new("local.uid", UserId.ToString(CultureInfo.InvariantCulture));

    public KeyValuePair<string, string> Process => new("local.pid", ProcessId.ToString(CultureInfo.InvariantCulture));
}
