using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>What the arguments of every command that opens a session begin with.</summary>
internal static class SessionFields
{
    public static void Write(ref CborWriter writer, SessionId id, HpkePublicKey client)
    {
        Span<byte> bytes = stackalloc byte[SessionId.Size];
        id.CopyTo(bytes);
        writer.WriteBytes(bytes);
        writer.WriteBytes(client.Point);
    }

    public static bool TryRead(ref CborReader reader, out SessionId id, [NotNullWhen(true)] out HpkePublicKey? client)
    {
        id = default;
        client = null;
        return reader.TryReadFixedBytes(SessionId.Size, out var bytes)
            && SessionId.TryRead(bytes, out id)
            && reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
            && HpkePublicKey.TryImport(point, out client);
    }
}
