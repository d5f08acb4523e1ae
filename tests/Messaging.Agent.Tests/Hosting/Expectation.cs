using Messaging.Agent.Tests.Disk;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The values that something on disk took one after the other: from when on each may be found, and from when on no earlier one may.</summary>
internal sealed class Expectation<T>(T first)
{
    private readonly List<(T Value, int Began, int Done)> _values = [(first, 0, 0)];

    public void Set(T value, CrashDisk disk, Action change)
    {
        May(value, disk);
        change();
        Promise(value, disk);
    }

    /// <summary>It is durable from now on.</summary>
    public void Promise(T value, CrashDisk disk) => _values.Add((value, disk.Operations, disk.Operations));

    /// <summary>It may be found from now on, and nothing is promised.</summary>
    public void May(T value, CrashDisk disk) => May(value, disk.Operations);

    /// <summary>The same from an operation before.</summary>
    public void May(T value, int operation) => _values.Add((value, operation, int.MaxValue));

    public void Check(T found, int completed, string what)
    {
        var settled = _values.FindLastIndex(item => item.Done <= completed);
        var possible = _values.Skip(settled).Where(item => item.Began <= completed).Select(item => item.Value).ToArray();
        Assert.True(possible.Contains(found), $"{what} is {found}; possible: {string.Join(" | ", possible)}");
    }
}
