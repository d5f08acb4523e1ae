namespace Messaging.Agent.Configuration;

/// <summary>What options must fulfil together.</summary>
internal static class AgentOptionsRules
{
    private static readonly string[] Schemes = ["mqtts", "mqtt", "wss", "ws"];

    public static IEnumerable<string> Check(AgentOptions options)
    {
        if (options.Device.State.Length == 0)
        {
            yield return "Device:State: must not be empty";
        }

        if (options.Transport.Endpoint is { Length: > 0 } endpoint
            && (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme) || uri.Host.Length == 0 || uri.UserInfo.Length > 0))
        {
            yield return $"Transport:Endpoint: '{endpoint}' is not an address such as mqtts://host:8883 or wss://host/mqtt";
        }

        if (options.Transport.BackoffMaximum < options.Transport.BackoffMinimum)
        {
            yield return "Transport:BackoffMaximum: must not be less than Transport:BackoffMinimum";
        }

        if (options.Uplink.ResendMaximum < options.Uplink.ResendAfter)
        {
            yield return "Uplink:ResendMaximum: must not be less than Uplink:ResendAfter";
        }

        // One segment is being written and the oldest is dropped whole.
        if (options.Spool.MaxBytes < 2 * options.Spool.SegmentBytes)
        {
            yield return "Spool:MaxBytes: must be at least twice Spool:SegmentBytes";
        }

        foreach (var name in options.Intervals.Keys.Where(name => !OptionCatalog.CollectorNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"Intervals:{name}: there is no such collector; there are {string.Join(", ", OptionCatalog.CollectorNames)}";
        }

        foreach (var file in options.Logs.FileList().Where(file => !Path.IsPathRooted(file)))
        {
            yield return $"Logs:Files: '{file}' is not an absolute path";
        }

        foreach (var name in options.Scripts.Where(s => s.Value.Length == 0 || s.Key.Contains(':')).Select(s => s.Key))
        {
            yield return $"Scripts:{name}: write it as name=/absolute/path";
        }
    }
}
