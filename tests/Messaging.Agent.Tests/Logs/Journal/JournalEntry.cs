using System.Text;

namespace Messaging.Agent.Tests.Logs.Journal;

internal sealed record JournalEntry(byte[] Message, params (string Name, string Value)[] Fields)
{
    public JournalEntry(string message, params (string Name, string Value)[] fields)
        : this(Encoding.UTF8.GetBytes(message), fields)
    {
    }
}
