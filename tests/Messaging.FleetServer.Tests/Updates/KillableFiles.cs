using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Updates.Metadata;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>The real files under a process that is killed before its n-th change of them: from then on nothing that it does has an effect.</summary>
/// <param name="inner">The files.</param>
/// <param name="killAt">From 1; 0: never.</param>
internal sealed class KillableFiles(IRepositoryFiles inner, int killAt) : IRepositoryFiles
{
    private int _changes;

    /// <summary>How many changes were asked for.</summary>
    public int Changes => _changes;

    public byte[]? Read(string name) => inner.Read(name);

    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        Live();
        inner.Replace(name, content);
    }

    public void Delete(string name)
    {
        Live();
        inner.Delete(name);
    }

    public IReadOnlyList<string> List() => inner.List();

    private void Live()
    {
        if (++_changes >= killAt && killAt > 0)
        {
            throw new ProcessKilledException();
        }
    }
}
