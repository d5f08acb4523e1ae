namespace Messaging.Agent.Hosting.Logging;

/// <summary>The kinds of entries that are looked for: "journalctl MESSAGE_ID=...". docs/operate/agent.md lists them; they never change.</summary>
internal static class JournalMessageIds
{
    public const string Started = "6d1c07c1b9a04f2f8b5a3c2f5d7e9a01";
    public const string PartFailed = "6d1c07c1b9a04f2f8b5a3c2f5d7e9a02";
    public const string Hanging = "6d1c07c1b9a04f2f8b5a3c2f5d7e9a03";
    public const string Connected = "6d1c07c1b9a04f2f8b5a3c2f5d7e9a04";
    public const string Disconnected = "6d1c07c1b9a04f2f8b5a3c2f5d7e9a05";

    private static readonly Dictionary<(string Category, string Name), string> Ids = new()
    {
        [("Messaging.Agent.Hosting.AgentRunner", "Started")] = Started,
        [("Messaging.Agent.Hosting.AgentRunner", "PartFailed")] = PartFailed,
        [("Messaging.Agent.Hosting.Watchdog", "Stuck")] = Hanging,
        [("Messaging.Agent.Transport.ConnectionKeeper", "Connected")] = Connected,
        [("Messaging.Agent.Transport.ConnectionKeeper", "Lost")] = Disconnected,
    };

    public static string? Find(string category, string? name) => name is null ? null : Ids.GetValueOrDefault((category, name));
}
