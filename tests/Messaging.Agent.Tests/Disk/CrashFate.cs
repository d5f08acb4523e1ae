namespace Messaging.Agent.Tests.Disk;

/// <summary>What a power cut left of one operation.</summary>
internal readonly struct CrashFate(CrashFateKind kind, Lcg? random)
{
    public static CrashFate Whole => new(CrashFateKind.Whole, null);

    public static CrashFate Lost => new(CrashFateKind.Lost, null);

    public CrashFateKind Kind => kind;

    /// <summary>A repeatable choice; the middle without a source of them.</summary>
    public int Below(int limit) => random?.Next(limit) ?? limit / 2;
}
