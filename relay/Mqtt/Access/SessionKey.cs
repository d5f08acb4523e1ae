using System.Text;

namespace Messaging.Relay.Mqtt.Access;

/// <summary>
/// The name of a session: the client id, and for users before it their name and U+0000, which neither can hold. So that the session of one user
/// is never given to another who says the same client id.
/// </summary>
internal static class SessionKey
{
    public static byte[] Of(string user, ReadOnlySpan<byte> clientId) => [.. Encoding.UTF8.GetBytes(user), 0, .. clientId];

    /// <summary>The user; null: nobody asked who it was.</summary>
    public static string? UserOf(ReadOnlySpan<byte> key) => key.IndexOf((byte)0) is >= 0 and var at ? Encoding.UTF8.GetString(key[..at]) : null;

    public static ReadOnlySpan<byte> ClientIdOf(ReadOnlySpan<byte> key) => key[(key.IndexOf((byte)0) + 1)..];
}
