using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>The media type of a file of which nobody said it, by the end of its name.</summary>
internal static class MediaTypes
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [".bin"] = MediaType.Unknown,
        [".csv"] = "text/csv",
        [".gz"] = "application/gzip",
        [".html"] = "text/html",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".json"] = "application/json",
        [".log"] = "text/plain",
        [".mp4"] = "video/mp4",
        [".pcap"] = "application/vnd.tcpdump.pcap",
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".tar"] = "application/x-tar",
        [".txt"] = "text/plain",
        [".wav"] = "audio/wav",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip",
        [".zst"] = "application/zstd",
    };

    public static string Of(string name) => Known.GetValueOrDefault(Path.GetExtension(name), MediaType.Unknown);
}
