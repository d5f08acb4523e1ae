using System.Reflection;
using System.Text.RegularExpressions;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Ingest;

namespace Messaging.FleetServer.Tests.Documentation;

/// <summary>The documents name everything that there is.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void ApiReference_EveryEndpoint_IsNamed()
    {
        var text = Read("docs/reference/api.md").Replace("`", "", StringComparison.Ordinal);

        Assert.All(
            AccessTable.Rules.Where(rule => rule.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal)),
            rule => Assert.Matches($"{rule.Method} {Regex.Escape(rule.Pattern)}[ ?]", text));
    }

    [Fact]
    public void ApiReference_EveryCommandAndReason_IsNamed()
    {
        var text = Read("docs/reference/api.md");
        var reasons = typeof(RejectionReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.All(CommandCatalog.Types.Concat(reasons), word => Assert.Contains($"`{word}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Operating_EveryOption_IsNamedAsItIs()
    {
        var rows = Read("docs/operate/fleet-server.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        Assert.All(OptionSpecs.All, spec => Assert.Single(rows, row => row.StartsWith($"| `{spec.Name}` |", StringComparison.Ordinal)));
    }

    private static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Messaging.sln")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return File.ReadAllText(Path.Combine(folder.FullName, path));
    }
}
