using System.Reflection;

namespace Messaging.Agent.Hosting.Footprint;

/// <summary>
/// The certificates of the system's authorities. .NET reads all of them for a TLS handshake and keeps them, a megabyte and more in the heap of the C library, though it reads
/// them anew when the next handshake comes five minutes later: a connection that lasts has no use for them.
/// </summary>
internal static class SystemAuthorities
{
    /// <summary>Lets go of them; whoever is looking at them now still has them. They are read again for the next handshake.</summary>
    /// <returns>False when this version of .NET keeps them elsewhere.</returns>
    public static bool Forget()
    {
        var kept = Type.GetType("System.Security.Cryptography.X509Certificates.OpenSslCachedSystemStoreProvider, System.Security.Cryptography")
            ?.GetField("s_nativeCollections", BindingFlags.Static | BindingFlags.NonPublic);
        kept?.SetValue(null, null);
        return kept is not null;
    }
}
