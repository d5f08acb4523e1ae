using System.ComponentModel;

namespace Messaging.Agent.Logs.Journal;

/// <summary>libsystemd refused.</summary>
internal sealed class JournalException(string doing, int result) : Exception($"{doing}: {new Win32Exception(-result).Message}")
{
    /// <summary>The entry that the reader stands on is damaged; others may be read.</summary>
    public bool IsOfEntry { get; init; }
}
