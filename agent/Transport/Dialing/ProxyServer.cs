namespace Messaging.Agent.Transport.Dialing;

/// <summary>An HTTP proxy that tunnels by CONNECT.</summary>
/// <param name="Uri">http:// or https://, without a user.</param>
/// <param name="User">For basic authentication; null: none.</param>
/// <param name="Password">Empty when there is none.</param>
internal sealed record ProxyServer(Uri Uri, string? User, string Password)
{
    /// <summary>Fit for the status screen.</summary>
    public string Name => $"{Uri.Scheme}://{Uri.Authority}";

    public override string ToString() => Name;
}
