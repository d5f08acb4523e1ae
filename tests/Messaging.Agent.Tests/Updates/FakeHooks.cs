using System.Globalization;
using Messaging.Agent.Disk;
using Messaging.Agent.Updates.Root;

namespace Messaging.Agent.Tests.Updates;

/// <summary>A hook whose slots are files of the test's disk: what is current survives a power cut as far as it was synced.</summary>
internal sealed class FakeHooks(IDisk disk, string folder) : IHooks
{
    private const string None = "old";

    /// <summary>A verb, and its exit code.</summary>
    public Dictionary<string, int> Fails { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What was called, in order.</summary>
    public List<string> Called { get; } = [];

    /// <summary>The release's params, as each verb could read them.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>What is current on a disk: the version that was there from the beginning is "old".</summary>
    public static string Current(IDisk disk, string folder) => Read(disk, Path.Combine(folder, "current")) is { Length: > 0 } current ? current : None;

    public string? Find(string kind) => kind == "tree" ? kind : null;

    public Task<(int Code, string Line)> RunAsync(string hook, string verb, KeyValues environment, TimeSpan limit)
    {
        Called.Add(verb);
        Parameters[verb] = environment["UPDATE_PARAMS"] is { Length: > 0 } path ? Read(disk, path) : "none";
        if (Fails.TryGetValue(verb, out var code))
        {
            return Task.FromResult((code, $"{verb} was told to fail"));
        }

        var slot = Path.Combine(folder, "slot");
        switch (verb)
        {
            case "verify":
                Assert.True(disk.Exists(environment["UPDATE_ARTIFACT"]));
                break;
            case "install":
                using (var artifact = disk.Open(environment["UPDATE_ARTIFACT"], create: false))
                {
                    Assert.Equal(environment["UPDATE_SIZE"], artifact.Length.ToString(CultureInfo.InvariantCulture));
                    AtomicFile.Write(disk, slot, System.Text.Encoding.UTF8.GetBytes(environment["UPDATE_VERSION"]));
                }

                break;
            case "switch":
                AtomicFile.Write(disk, Path.Combine(folder, "current"), System.Text.Encoding.UTF8.GetBytes(Read(disk, slot)));
                break;
            case "rollback":
                AtomicFile.Write(disk, Path.Combine(folder, "current"), System.Text.Encoding.UTF8.GetBytes(None));
                break;
            default:
                break;
        }

        return Task.FromResult((0, ""));
    }

    private static string Read(IDisk disk, string path) => AtomicFile.Read(disk, path, 1024) is { } content ? System.Text.Encoding.UTF8.GetString(content) : "";
}
