namespace Messaging.EndToEnd.Harness;

/// <summary>Where the executables under test are, relative to this test's own output folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>"Debug" or "Release": the configuration that this test was built in.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string FleetServer => Executable("fleet-server", "fleet-server");

    public static string FleetCtl => Executable("cli", "fleetctl");

    /// <summary>MESSAGING_AGENT names another build of it, such as the published ones, of which more is left out than tests of the library see.</summary>
    public static string Agent => Environment.GetEnvironmentVariable("MESSAGING_AGENT") is { Length: > 0 } path
        ? Path.GetFullPath(path, Root)
        : Executable("agent", "messaging-agent");

    /// <summary>A script that reads a repository of updates with tuf-js, whose packages test.sh installs.</summary>
    public static string TufJs
    {
        get
        {
            var folder = Path.Combine(Root, "tests", "tuf-js");
            return Directory.Exists(Path.Combine(folder, "node_modules", "tuf-js"))
                ? Path.Combine(folder, "read.mjs")
                : throw new DirectoryNotFoundException($"Install its packages first: (cd {folder} && npm ci)");
        }
    }

    private static string Executable(string folder, string name)
    {
        var path = Path.Combine(Root, folder, "bin", Configuration, "net10.0", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build {folder} first: {path} is missing.", path);
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Messaging.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Messaging.sln above {AppContext.BaseDirectory}.");
    }
}
