using Messaging.Agent.Json;

namespace Messaging.Agent.Packages;

/// <summary>The last line of a job's output: for programs. docs/reference/agent.md describes it.</summary>
internal static class PackageSummary
{
    /// <summary>What was changed.</summary>
    public static string OfChanges(IReadOnlyList<PackageChange> changes, bool needsReboot, IReadOnlyList<string> rebootFor, IReadOnlyList<string> unfinished, IReadOnlyList<string> repaired) =>
        JsonText.OfObject(json =>
        {
            Write(json, "changes", changes);
            json.WriteBoolean("rebootRequired", needsReboot);
            json.Texts("rebootFor", rebootFor);
            json.Texts("unfinished", unfinished);
            json.Texts("repaired", repaired);
        });

    /// <summary>What would be changed.</summary>
    public static string OfPlan(IReadOnlyList<PackageChange> plan, PlanSize size, IReadOnlyList<string> unfinished) => JsonText.OfObject(json =>
    {
        Write(json, "plan", plan);
        json.WriteNumber("downloadBytes", size.DownloadBytes);
        json.WriteNumber("diskBytes", size.DiskBytes);
        json.WriteNumber("freeBytes", size.FreeBytes);
        json.Texts("unfinished", unfinished);
    });

    private static void Write(System.Text.Json.Utf8JsonWriter json, string name, IReadOnlyList<PackageChange> changes) => json.Objects(name, changes, static (json, change) =>
    {
        json.Text("package", change.Name);
        json.Text("old", change.Old);
        json.Text("new", change.New);
    });
}
