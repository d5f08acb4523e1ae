using System.Text;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Packages;

/// <summary>
/// What was asked for and what came of it, on disk: whoever asked may have been restarted meanwhile, and so may the helper and the machine. A folder for each
/// command, with <c>order</c>, <c>begun</c> (what was there before dpkg began, and what was planned), <c>output</c> and <c>outcome</c>.
/// </summary>
internal sealed class PackageStore(IDisk disk, string folder)
{
    /// <summary>Older ones are deleted.</summary>
    private const int MaxKept = 16;
    private const int MaxFile = 32 * 1024 * 1024;

    public string OutputOf(string id) => Path.Combine(folder, id, "output");

    public bool Has(string id) => Directory.Exists(Path.Combine(folder, id));

    /// <summary>Those of whom nobody knows what came of them.</summary>
    public IReadOnlyList<string> Unfinished()
    {
        var ids = new List<string>();
        foreach (var path in Folders())
        {
            if (!File.Exists(Path.Combine(path, "outcome")))
            {
                ids.Add(Path.GetFileName(path));
            }
        }

        return ids;
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written: it must not be done.</exception>
    public void Create(PackageRequest request)
    {
        Prune();
        Directory.CreateDirectory(Path.Combine(folder, request.Id));
        Write(request.Id, "order", request.Format());
        disk.SyncDirectory(folder);
    }

    /// <summary>Null when it was not there, or is damaged.</summary>
    public PackageRequest? Order(string id) => Read(id, "order") is { } order ? PackageRequest.Parse(order) : null;

    /// <summary>Durable when it returns: dpkg may begin.</summary>
    /// <exception cref="IOException">It cannot be written: dpkg must not begin.</exception>
    public void Begin(string id, DpkgSnapshot before, IReadOnlyList<PackageChange> plan)
    {
        var text = new StringBuilder();
        foreach (var change in plan)
        {
            text.Append(change.Name).Append('\t').Append(change.Old).Append('\t').Append(change.New).Append('\n');
        }

        Write(id, "begun", Encoding.UTF8.GetBytes(text.Append('\n').Append(before.Text).ToString()));
    }

    /// <summary>Null when dpkg had not begun.</summary>
    public (DpkgSnapshot Before, IReadOnlyList<PackageChange> Plan)? Begun(string id)
    {
        if (Read(id, "begun") is not { } begun)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(begun);
        var end = text.StartsWith('\n') ? 0 : Math.Max(text.IndexOf("\n\n", StringComparison.Ordinal) + 1, 0);
        var plan = new List<PackageChange>();
        foreach (var line in text[..end].Split('\n'))
        {
            if (line.Split('\t') is [var name, var old, var next])
            {
                plan.Add(new PackageChange(name, old.Length == 0 ? null : old, next.Length == 0 ? null : next));
            }
        }

        return (DpkgSnapshot.Parse(text[(end + 1)..]), plan);
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void End(string id, PackageAnswer answer) => Write(id, "outcome", answer.Format());

    public PackageAnswer? Outcome(string id) => Read(id, "outcome") is { } outcome ? PackageAnswer.Parse(outcome) : null;

    private byte[]? Read(string id, string name) => AtomicFile.Read(disk, Path.Combine(folder, id, name), MaxFile);

    private void Write(string id, string name, byte[] content) => AtomicFile.Write(disk, Path.Combine(folder, id, name), content);

    /// <summary>The newest first.</summary>
    private List<string> Folders()
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>(Directory.EnumerateDirectories(folder));
        paths.Sort(static (a, b) => Directory.GetLastWriteTimeUtc(b).CompareTo(Directory.GetLastWriteTimeUtc(a)));
        return paths;
    }

    private void Prune()
    {
        var paths = Folders();
        for (var i = MaxKept - 1; i < paths.Count; i++)
        {
            if (File.Exists(Path.Combine(paths[i], "outcome")))
            {
                Directory.Delete(paths[i], recursive: true);
            }
        }
    }
}
