using System.Text;

namespace Messaging.Agent.Collect.Kernel;

/// <summary>A path as the C library takes it: UTF-8 with a final zero. Made once, used for every sample.</summary>
internal readonly struct KernelPath(string path)
{
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(path + '\0');

    public string Text => Encoding.UTF8.GetString(Bytes.AsSpan(0, Bytes.Length - 1));

    public override string ToString() => Text;
}
