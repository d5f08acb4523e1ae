namespace Messaging.Relay.Channels.Http;

/// <summary>Why a request is refused: an HTTP status, a stable code for programs, and what to do about it for people (RFC 9457).</summary>
internal sealed record ChannelProblem(int Status, string Code, string Text)
{
    public static readonly ChannelProblem NotFound = new(404, "channel_not_found", "There is no such channel here. It may have been removed because nobody used it; whoever has its secret can make it again.");
    public static readonly ChannelProblem Denied = new(401, "wrong_secret", "The channel's secret is missing or wrong: Authorization: Bearer, and the secret in base64url without padding.");
    public static readonly ChannelProblem Malformed = new(400, "malformed", "The request is not what is expected here: see the protocol, section Channels.");
    public static readonly ChannelProblem BeyondEnd = new(409, "beyond_end", "The channel does not go as far as the offset that is asked for: the relay was restored from a backup, or made the channel anew. Go on at its next offset.");
    public static readonly ChannelProblem Taken = new(409, "channel_taken", "A channel of this name is here and opens with another secret. Choose another name.");
    public static readonly ChannelProblem TooMany = new(503, "too_many_channels", "The relay holds as many channels as it may. Ask whoever runs it.");
    public static readonly ChannelProblem TooFast = new(429, "too_many_requests", "Too many channels were made from this address. Try again in a minute; when the relay has half of the channels that it may have, tomorrow.");
    public static readonly ChannelProblem Share = new(429, "share_used", "More than half of what the relay may hold is taken, and this address has appended its share of the day. Try again tomorrow, or ask whoever runs it.");
    public static readonly ChannelProblem TooLarge = new(413, "record_too_large", "A record has 1 to 262,144 bytes. Send larger things in pieces.");
    public static readonly ChannelProblem Quota = new(507, "relay_full", "The relay holds as much as it may, and takes nothing more until old records go. Ask whoever runs it.");
    public static readonly ChannelProblem DiskFull = new(507, "disk_full", "The relay's disk is full. Nothing was stored; try again later.");
    public static readonly ChannelProblem DiskFailed = new(503, "disk_failed", "The relay's disk failed. Nothing was stored; try again later.");
    public static readonly ChannelProblem Busy = new(503, "busy", "The relay has more to write than it may keep waiting. Nothing was stored; try again later.");
    public static readonly ChannelProblem Stopping = new(503, "stopping", "The relay stops. Nothing was stored; try again later.");
    public static readonly ChannelProblem Full = new(503, "too_many_connections", "There is no place for one more connection. Try again later.");
    public static readonly ChannelProblem MemberLimit = new(503, "too_many_members", "There are as many members here as may be.");
    public static readonly ChannelProblem TooManyOpen = new(400, "too_many_open", "A connection may have 100 channels open. Close one, or use another connection.");
    public static readonly ChannelProblem AlreadyOpen = new(400, "already_open", "This connection has the channel open. Close it first.");
    public static readonly ChannelProblem NotOpen = new(400, "not_open", "This connection does not have the channel open. Open it first.");
    public static readonly ChannelProblem Removed = new(410, "channel_removed", "The channel was removed.");
    public static readonly ChannelProblem Method = new(405, "method_not_allowed", "This method is not for this address.");

    /// <summary>The same again later may work.</summary>
    public bool IsPassing => Status is 429 or 503 or 507;

    /// <summary>In words, where there is one field for all.</summary>
    public string Words => $"{Code}: {Text}";

    public static ChannelProblem Of(AppendStatus status) => status switch
    {
        AppendStatus.TooLarge => TooLarge,
        AppendStatus.QuotaExceeded => Quota,
        AppendStatus.ShareExceeded => Share,
        AppendStatus.DiskFull => DiskFull,
        AppendStatus.Busy => Busy,
        AppendStatus.Stopping => Stopping,
        AppendStatus.Gone => Removed,
        _ => DiskFailed,
    };

    public static ChannelProblem Of(CreateStatus status) => status switch
    {
        CreateStatus.Taken => Taken,
        CreateStatus.TooMany => TooMany,
        CreateStatus.DiskFull => DiskFull,
        CreateStatus.Busy => Busy,
        CreateStatus.Stopping => Stopping,
        _ => DiskFailed,
    };
}
