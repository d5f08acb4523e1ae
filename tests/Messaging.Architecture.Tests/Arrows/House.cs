using Mono.Cecil;

namespace Messaging.Architecture.Tests.Arrows;

/// <summary>The assemblies of the house, read as files: nothing of them is run.</summary>
internal static class House
{
    public static AssemblyDefinition Messaging { get; } = Read("Messaging");

    public static AssemblyDefinition Relay { get; } = Read("Messaging.Relay");

    public static AssemblyDefinition Agent { get; } = Read("messaging-agent");

    public static AssemblyDefinition FleetServer { get; } = Read("fleet-server");

    /// <summary>This assembly, which breaks the rules on purpose in its namespace Violations.</summary>
    public static AssemblyDefinition Tests { get; } = Read("Messaging.Architecture.Tests");

    /// <summary>The folder of the solution, above the folder of the build.</summary>
    public static string Folder { get; } = FindFolder();

    private static AssemblyDefinition Read(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Messaging.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run below the solution's folder.");
    }
}
