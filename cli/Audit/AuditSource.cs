using System.Runtime.CompilerServices;
using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Trust;

namespace Messaging.Cli.Audit;

/// <summary>Where an audit comes from: a server, page by page, or a file of an earlier export. In the order in which it is verified.</summary>
internal static class AuditSource
{
    private const int MaxLine = 256 * 1024;

    /// <summary>Everything that the server has, the trust that it is verified by first.</summary>
    public static async IAsyncEnumerable<AuditLine> FromServer(FleetApi api, FleetTrust trust, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new AuditLine(Trust: Convert.ToBase64String(trust.Bundle.Encode()));
        await foreach (var one in Pages((after, token) => api.GetAuditAsync("checkpoints", after, 1000, AuditJson.Default.AuditPageCheckpointItem, token), ct))
        {
            yield return new AuditLine(Checkpoint: one);
        }

        await foreach (var one in Pages((after, token) => api.GetAuditAsync("device-keys", after, 1000, AuditJson.Default.AuditPageDeviceKeyItem, token), ct))
        {
            yield return new AuditLine(DeviceKey: one);
        }

        await foreach (var one in Pages((after, token) => api.GetAuditAsync("executions", after, 40, AuditJson.Default.AuditPageExecutionsItem, token), ct))
        {
            yield return new AuditLine(Executions: one);
        }

        // Last, so that it has all that a device can have seen or run.
        await foreach (var one in Pages((after, token) => api.GetAuditAsync("chain", after, 500, AuditJson.Default.AuditPageEntryItem, token), ct))
        {
            yield return new AuditLine(Entry: one);
        }
    }

    /// <exception cref="CliException">A line is none.</exception>
    public static IEnumerable<AuditLine> FromFile(string path)
    {
        using var file = new StreamReader(path);
        for (var number = 1; file.ReadLine() is { } text; number++)
        {
            yield return Parse(path, number, text);
        }
    }

    private static AuditLine Parse(string path, int number, string text)
    {
        try
        {
            return (text.Length <= MaxLine ? JsonSerializer.Deserialize(text, AuditJson.Default.AuditLine) : null) ?? throw new JsonException("it is none");
        }
        catch (JsonException e)
        {
            throw new CliException($"{path}, line {number} is no line of an exported audit: {e.Message}");
        }
    }

    private static async IAsyncEnumerable<T> Pages<T>(Func<string?, CancellationToken, Task<AuditPage<T>>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        string? after = null;
        do
        {
            var page = await read(after, ct);
            foreach (var one in page.Items ?? [])
            {
                yield return one;
            }

            after = after == page.Next ? null : page.Next;
        }
        while (after is not null);
    }
}
