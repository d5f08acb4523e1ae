using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Disks;

/// <summary>Space of each mounted file system that holds data of this machine: /proc/self/mounts and statvfs(3).</summary>
internal sealed class FilesystemCollector(KernelRoot root) : ICollector
{
    private readonly KernelPath _mountsPath = root.ProcFile("self/mounts");
    private readonly KernelReader _reader = new();
    private byte[] _mountsText = [];
    private IReadOnlyList<MountedFilesystem> _mounts = [];

    public string Name => "filesystem";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(60);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var text = _reader.Read(_mountsPath);
        if (!text.SequenceEqual(_mountsText))
        {
            _mountsText = text.ToArray();
            _mounts = MountTable.Parse(text);
        }

        for (var i = 0; i < _mounts.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var mount = _mounts[i];
            if (!mount.TryMeasure(out var space))
            {
                continue;
            }

            recorder.Record(SystemMetrics.FilesystemLimit, mount.Identity, space.Total);
            recorder.Record(SystemMetrics.FilesystemUsage, mount.Used, space.Used);
            recorder.Record(SystemMetrics.FilesystemUsage, mount.Free, space.Available);
            recorder.Record(SystemMetrics.FilesystemUsage, mount.Reserved, space.Reserved);

            // As df shows it: what root keeps for itself is neither used nor free.
            recorder.Record(SystemMetrics.FilesystemUtilization, mount.Used, (double)space.Used / (space.Used + space.Available));
        }

        return ValueTask.CompletedTask;
    }
}
