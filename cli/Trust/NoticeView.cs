using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>The notice as it is shown.</summary>
/// <param name="Server">Whose it is, 32 lower hexadecimal digits.</param>
/// <param name="Number">Its number.</param>
/// <param name="SignedAt">When it was signed.</param>
/// <param name="Endpoints">Where devices connect.</param>
/// <param name="TlsPins">SHA-256 of the keys of certificates that may be shown there, 64 lower hexadecimal digits each.</param>
internal sealed record NoticeView(string Server, ulong Number, DateTimeOffset SignedAt, IReadOnlyList<string> Endpoints, IReadOnlyList<string> TlsPins)
{
    public static NoticeView Of(NoticeContent notice) => new(
        notice.Server.ToString(),
        notice.Number,
        DateTimeOffset.FromUnixTimeMilliseconds(notice.IssuedAtUnixMs),
        notice.Endpoints,
        [.. notice.TlsPins.Select(Convert.ToHexStringLower)]);
}
