namespace Messaging.Agent.Tests.Disk;

/// <summary>Repeatable choices.</summary>
internal sealed class Lcg(int seed)
{
    private ulong _state = ((ulong)seed * 0x9E3779B97F4A7C15UL) + 1;

    public int Next(int below)
    {
        _state = (_state * 6364136223846793005UL) + 1442695040888963407UL;
        return below <= 1 ? 0 : (int)((_state >> 33) % (ulong)below);
    }
}
