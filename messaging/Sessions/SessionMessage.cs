namespace Messaging.Sessions;

/// <summary>A message of a session: delivered once, in order, or the session ends.</summary>
/// <param name="kind">What it is; unknown kinds are passed over.</param>
/// <param name="body">At most <see cref="MaxBytes"/>.</param>
public sealed class SessionMessage(SessionMessageKind kind, ReadOnlyMemory<byte> body)
{
    /// <summary>The most bytes of a message.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>What a message without a byte costs of the other side's window, in bytes.</summary>
    public const int Overhead = 16;

    /// <summary>What it is.</summary>
    public SessionMessageKind Kind { get; } = kind;

    /// <summary>What it says.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>What it takes of the other side's window, in bytes.</summary>
    public int Cost => Body.Length + Overhead;
}
