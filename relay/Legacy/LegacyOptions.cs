using System.Net;

namespace Messaging.Relay.Legacy;

/// <summary>The limits of the legacy profile.</summary>
internal sealed record LegacyOptions
{
    /// <summary>Where the UDP bridge listens; null: nowhere. It is without TLS, so that somebody has to ask for it.</summary>
    public IPEndPoint? Udp { get; init; }

    /// <summary>Bytes of a request's body.</summary>
    public int MaxBodyBytes { get; init; } = 512 * 1024;

    /// <summary>How long a session is kept without any request.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Sessions of all channels.</summary>
    public int MaxSessions { get; init; } = 10_000;

    public int MaxSessionsPerChannel { get; init; } = 256;

    public int MaxSessionsPerAddress { get; init; } = 1000;

    /// <summary>The longest that a receive waits; the agents give up after 40 s.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Events of one answer when nobody says how many.</summary>
    public int DefaultEvents { get; init; } = 100;

    /// <summary>Events of one answer at most.</summary>
    public int MaxEvents { get; init; } = 1000;

    /// <summary>Bytes of the events of one answer; the first is given however large it is.</summary>
    public int MaxAnswerBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of the log that one receive looks through for an event of its agent; then it answers how far it came.</summary>
    public long MaxScanBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Channels of one answer of GET /channels.</summary>
    public int MaxListed { get; init; } = 1000;

    /// <summary>Datagrams that are worked on at a time, waiting pulls among them.</summary>
    public int MaxUdpWork { get; init; } = 4096;

    /// <summary>Bytes of them; each takes some times as many while it is worked on.</summary>
    public int MaxUdpWorkBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Answers over UDP to one address in a second; more wait.</summary>
    public int UdpAnswersPerSecond { get; init; } = 100;

    /// <summary>Bytes of answers over UDP to one address in a second; more wait.</summary>
    public int UdpBytesPerSecond { get; init; } = 512 * 1024;
}
