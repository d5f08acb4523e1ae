using System.Globalization;
using System.Text;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>CONNECT (RFC 9110, section 9.3.6) with basic authentication (RFC 7617).</summary>
internal static class ProxyTunnel
{
    private const int MaxHeadBytes = 16 * 1024;

    /// <summary>Asks for a tunnel; afterwards the stream is that of the target.</summary>
    /// <exception cref="ProxyException">The proxy refuses, or is none.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task OpenAsync(Stream stream, ProxyServer proxy, string host, int port, CancellationToken ct)
    {
        var target = $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port.ToString(CultureInfo.InvariantCulture)}";
        var request = $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{Authorization(proxy)}\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), ct);
        await stream.FlushAsync(ct);
        var head = await ReadHeadAsync(stream, proxy, ct);
        var line = head.Split("\r\n", 2)[0];
        var words = line.Split(' ', 3);
        if (!words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || words.Length < 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new ProxyException($"{proxy.Name} does not answer as an HTTP proxy does");
        }

        if (status is < 200 or > 299)
        {
            throw new ProxyException(status == 407
                ? $"the proxy {proxy.Name} {(proxy.User is null ? "wants a user and a password" : $"does not accept the password of {proxy.User}")} (407)"
                : $"the proxy {proxy.Name} does not let {target} through ({status})");
        }
    }

    private static string Authorization(ProxyServer proxy) => proxy.User is null
        ? ""
        : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password}"))}\r\n";

    /// <summary>Byte by byte: what follows the head belongs to the target.</summary>
    private static async Task<string> ReadHeadAsync(Stream stream, ProxyServer proxy, CancellationToken ct)
    {
        var head = new List<byte>(512);
        var one = new byte[1];
        while (!IsComplete(head))
        {
            if (head.Count == MaxHeadBytes || await stream.ReadAsync(one, ct) == 0)
            {
                throw new ProxyException($"the proxy {proxy.Name} ended the connection");
            }

            head.Add(one[0]);
        }

        return Encoding.Latin1.GetString([.. head]);
    }

    private static bool IsComplete(List<byte> head) =>
        head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}
