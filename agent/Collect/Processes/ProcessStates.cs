using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Processes;

/// <summary>How many processes are in each state of the conventions.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessStates(int Running, int Sleeping, int Stopped, int Defunct)
{
    /// <param name="letter">The kernel's state: R; S, D, I; T, t; Z, X.</param>
    public ProcessStates Count(byte letter) => letter switch
    {
        (byte)'R' => this with { Running = Running + 1 },
        (byte)'T' or (byte)'t' => this with { Stopped = Stopped + 1 },
        (byte)'Z' or (byte)'X' => this with { Defunct = Defunct + 1 },
        _ => this with { Sleeping = Sleeping + 1 },
    };
}
