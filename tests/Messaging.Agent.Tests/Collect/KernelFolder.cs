using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Collect;

/// <summary>A made-up /proc and /sys.</summary>
internal sealed class KernelFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KernelFolder()
    {
        Directory.CreateDirectory(_folder.File("proc"));
        Directory.CreateDirectory(_folder.File("sys"));
        Root = new KernelRoot(_folder.File("proc"), _folder.File("sys"));
    }

    public KernelRoot Root { get; }

    public KernelFolder Proc(string relative, string content)
    {
        _folder.Write("proc/" + relative, content);
        return this;
    }

    public KernelFolder Sys(string relative, string content)
    {
        _folder.Write("sys/" + relative, content);
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
