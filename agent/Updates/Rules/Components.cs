using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Agent.Updates.Root;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Rules;

/// <summary>What is installed here, as the helper has noted it; the agent itself knows its version without.</summary>
/// <param name="disk">The disk.</param>
/// <param name="root">The helper's folder.</param>
internal sealed class Components(IDisk disk, string root)
{
    /// <summary>The component that is this program.</summary>
    public const string Agent = "messaging-agent";

    /// <summary>Null when it is not known.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public InstalledComponent? Find(string name)
    {
        var values = ReleaseText.IsName(name) && AtomicFile.Read(disk, UpdateFolder.ComponentPath(root, name), KeyValues.MaxBytes) is { } content ? KeyValues.Parse(content) : null;
        if (name == Agent)
        {
            // Somebody may have installed another one by hand.
            return new InstalledComponent(DeviceFacts.AgentVersion, values?.Number("counter") ?? -1, values?["version"] == DeviceFacts.AgentVersion ? values["sha256"] : "");
        }

        return values is null ? null : new InstalledComponent(values["version"], values.Number("counter"), values["sha256"]);
    }

    /// <summary>Where the artifact that was installed is kept, if it is: what deltas start from.</summary>
    public string ArtifactOf(string name) => name == Agent ? Environment.ProcessPath ?? "" : UpdateFolder.ArtifactPath(root, name);
}
