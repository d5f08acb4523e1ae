using System.Reflection;
using System.Runtime.InteropServices;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Identity;

/// <summary>What the device says of itself, named by OpenTelemetry's resource conventions.</summary>
internal static class DeviceFacts
{
    public static string AgentVersion { get; } =
        typeof(DeviceFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static IReadOnlyList<KeyValuePair<string, string>> Read(DeviceOptions options)
    {
        var release = OsRelease();
        var facts = new List<KeyValuePair<string, string>>
        {
            new("host.name", options.Name.Length > 0 ? options.Name : Environment.MachineName),
            new("host.arch", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()),
            new("os.type", "linux"),
            new("os.name", release.GetValueOrDefault("NAME", "Linux")),
            new("os.version", release.GetValueOrDefault("VERSION_ID", "")),
            new("os.description", release.GetValueOrDefault("PRETTY_NAME", "")),
            new("os.kernel", Environment.OSVersion.Version.ToString()),
            new("agent.version", AgentVersion),
            new("device.model", Model()),
        };
        facts.RemoveAll(fact => fact.Value.Length == 0);
        return facts;
    }

    private static string Model()
    {
        foreach (var path in (ReadOnlySpan<string>)["/proc/device-tree/model", "/sys/class/dmi/id/product_name"])
        {
            if (Text(path).Trim('\0', '\n', ' ') is { Length: > 0 and <= 200 } model)
            {
                return model;
            }
        }

        return "";
    }

    private static Dictionary<string, string> OsRelease() => Text("/etc/os-release").Split('\n')
        .Select(line => line.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0])
        .ToDictionary(parts => parts[0], parts => parts[1].Trim().Trim('"'), StringComparer.Ordinal);

    private static string Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A fact that may not be read is a fact that is not told.
            return "";
        }
    }
}
