using System.Diagnostics.CodeAnalysis;
using Messaging.Audit;

namespace Messaging.Cli.Audit;

/// <param name="Bytes">The COSE_Sign1, base64. All else that the server says of it is not looked at.</param>
internal sealed record CheckpointItem(string? Bytes)
{
    public bool TryRead([NotNullWhen(true)] out LogCheckpoint? checkpoint)
    {
        checkpoint = null;
        return Base64.TryRead(Bytes, out var bytes) && LogCheckpoint.TryRead(bytes, out checkpoint);
    }
}
