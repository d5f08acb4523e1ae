namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>Finds the agent that was built or published with the server.</summary>
internal static class AgentBinary
{
    private const string Name = "messaging-agent";

    /// <summary>Where the agent lies that came with the server.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "agent");

    /// <summary>Null when it is not there.</summary>
    /// <param name="asked">The path that the user gave, or null.</param>
    public static string? Find(string? asked)
    {
        if (asked is not null)
        {
            return File.Exists(asked) ? Path.GetFullPath(asked) : null;
        }

        return Array.Find([Path.Combine(Folder, Name), Path.Combine(AppContext.BaseDirectory, Name)], File.Exists);
    }
}
