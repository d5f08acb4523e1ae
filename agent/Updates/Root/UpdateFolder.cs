using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// What the helper keeps, in root's folder: <c>updates/ID.phase</c>, <c>updates/ID.artifact</c> and <c>updates/ID.params</c>; <c>components/NAME</c>, what is installed; <c>tuf/</c>, what it trusts of
/// the repository; <c>work/ID/</c> and <c>state/NAME/</c> of the hooks; <c>slots/</c>, <c>trial</c> and <c>outcome</c> of the scripts.
/// </summary>
internal sealed class UpdateFolder
{
    public const string DefaultPath = "/var/lib/messaging-agent-updates";
    private readonly IDisk _disk;

    /// <exception cref="IOException">It cannot be made.</exception>
    public UpdateFolder(IDisk disk, string root)
    {
        (_disk, Root) = (disk, root);
        foreach (var name in (ReadOnlySpan<string>)["updates", "components", "tuf"])
        {
            disk.CreateDirectory(Path.Combine(root, name));
        }

        disk.SyncDirectory(root);
    }

    public IDisk Disk => _disk;

    public string Root { get; }

    public string Metadata => Path.Combine(Root, "tuf");

    public string Updates => Path.Combine(Root, "updates");

    public string Artifact(CommandId id) => Path.Combine(Updates, $"{id}.artifact");

    public string Parameters(CommandId id) => Path.Combine(Updates, $"{id}.params");

    public string Work(CommandId id) => Path.Combine(Root, "work", id.ToString());

    public string State(string name) => Path.Combine(Root, "state", name);

    /// <summary>What is kept of an update; null when nothing is.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public KeyValues? Read(CommandId id) => Read(Phase(id));

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The old one is still in place.</exception>
    public void Write(CommandId id, KeyValues values) => AtomicFile.Write(_disk, Phase(id), values.Format());

    /// <summary>What is installed of a component; null when it is not known.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public KeyValues? Component(string name) => Read(ComponentPath(Root, name));

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The old one is still in place.</exception>
    public void WriteComponent(string name, KeyValues values) => AtomicFile.Write(_disk, ComponentPath(Root, name), values.Format());

    /// <summary>What the guard has done by itself; null: nothing.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public KeyValues? Outcome() => Read(OutcomePath);

    /// <summary>It is read.</summary>
    /// <exception cref="IOException">It may still be there.</exception>
    public void DeleteOutcome()
    {
        _disk.Delete(OutcomePath);
        _disk.SyncDirectory(Root);
    }

    /// <summary>What was installed stays, for deltas that start from it.</summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    public void KeepArtifact(CommandId id, string name)
    {
        if (_disk.Exists(Artifact(id)))
        {
            _disk.CreateDirectory(State(name));
            _disk.Rename(Artifact(id), ArtifactPath(Root, name));
            _disk.SyncDirectory(State(name));
        }
    }

    /// <summary>Nothing is kept of it any more.</summary>
    /// <exception cref="IOException">Some of it may still be there.</exception>
    public void Delete(CommandId id)
    {
        // The phase goes last: while it is there, the rest is not forgotten.
        foreach (var path in (ReadOnlySpan<string>)[Artifact(id), Parameters(id), Phase(id)])
        {
            if (_disk.Exists(path))
            {
                _disk.Delete(path);
            }
        }

        _disk.SyncDirectory(Updates);
    }

    /// <summary>Where what is installed of a component stands, for who may read only.</summary>
    public static string ComponentPath(string root, string name) => Path.Combine(root, "components", name);

    /// <summary>Where the artifact that was installed is kept.</summary>
    public static string ArtifactPath(string root, string name) => Path.Combine(root, "state", name, "artifact");

    private string OutcomePath => Path.Combine(Root, "outcome");

    private string Phase(CommandId id) => Path.Combine(Updates, $"{id}.phase");

    private KeyValues? Read(string path) => AtomicFile.Read(_disk, path, KeyValues.MaxBytes) is { } content ? KeyValues.Parse(content) : null;
}
