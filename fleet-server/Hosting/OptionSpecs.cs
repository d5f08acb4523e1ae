using System.Globalization;
using System.Net;
using Messaging.Relay;
using Messaging.Relay.Users;
using Messaging.Wire;

namespace Messaging.FleetServer.Hosting;

/// <summary>Every option of the server. docs/operate/fleet-server.md describes them; a test holds it to this list.</summary>
internal static class OptionSpecs
{
    public const string Data = "data";

    public static readonly IReadOnlyList<OptionSpec> All =
    [
        new(Data, "DIR", $"Folder of keys, databases, certificate [{FleetServerDefaults.DataFolder}]", static (o, v) => o with { DataFolder = Path.GetFullPath(v) }),
        new("roles", "LIST", "relay,control,dashboard: what this process does [all]", static (o, v) => o with { Roles = Roles(v) }, IsList: true),
        new("listen", "ADDRESS", "Address to listen on [::, all]", static (o, v) => o with { ListenAddress = Address(v) }),
        new("port", "N", $"HTTPS port; 0 picks a free one [{FleetServerDefaults.HttpsPort}]", static (o, v) => o with { Port = Port(v) }),
        new("mqtt-port", "N", $"MQTT port of the relay; 0 picks a free one [{FleetServerDefaults.MqttTlsPort}]", static (o, v) => o with { MqttPort = Port(v) }),
        new("tls", "on|off", "off: plain HTTP and MQTT, on a loopback address only [on]", static (o, v) => o with { Tls = OnOff(v) }),
        new("tls-cert", "FILE", "Certificate chain, PEM [generated]", static (o, v) => o with { TlsCertificateFile = Path.GetFullPath(v) }),
        new("tls-key", "FILE", "Its private key, PEM", static (o, v) => o with { TlsKeyFile = Path.GetFullPath(v) }),
        new("public-url", "URL", "Where operators and devices reach this server [https://HOSTNAME:PORT]", static (o, v) => o with { PublicUrl = Url(v, "https", "http") }),
        new("public-mqtt-url", "URL", "Where devices reach the relay; several by commas [mqtts://HOSTNAME:MQTT-PORT]", static (o, v) => o with { PublicMqttUrls = [.. List(v).Select(DeviceUrl)] }, IsList: true),
        new("relay", "URL", "A relay of its own that control uses: mqtts://HOST:PORT", static (o, v) => o with { RelayUrl = Url(v, "mqtts", "mqtt") }),
        new("relay-pin", "HEX", "SHA-256 of that relay's public key, when no authority signed it", static (o, v) => o with { RelayPin = Hash(v) }),
        new("control-key", "HEX", "Fingerprint of the control that a relay of its own obeys; several by commas", static (o, v) => o with { ControlKeys = [.. List(v).Select(Fingerprint)] }, IsList: true),
        new("allow-anonymous", "on|off", "A relay on its own for programs of this machine: MQTT on 127.0.0.1, without credentials, and nothing of a fleet [off]", static (o, v) => o with { AllowAnonymous = OnOff(v) }, IsSwitch: true),
        new("mqtt-users", "on|off", $"Whether the users of DATA/{MqttUserFile.Name} may use MQTT beside the fleet; there are none until mqtt-user add [on]", static (o, v) => o with { MqttUsers = OnOff(v) }, IsSwitch: true),
        new("metrics-port", "N", "Port on 127.0.0.1 where Prometheus finds /metrics; 0 picks a free one [none]", static (o, v) => o with { MetricsPort = Port(v) }),
        new("channels", "on|off", "Whether the relay keeps channels: what people and programs share under a secret of their own [on]", static (o, v) => o with { Channels = OnOff(v) }),
        new("legacy", "on|off", "Whether agents of the legacy profile are served, whose encryption is weak [on]", static (o, v) => o with { Legacy = OnOff(v) }),
        new("legacy-udp-port", "N", "UDP port for them, without TLS; 0 picks a free one [none]", static (o, v) => o with { LegacyUdpPort = Port(v) }),
        new("trusted-proxy", "ADDRESS", "Reverse proxy whose X-Forwarded-For is believed; several by commas", static (o, v) => o with { TrustedProxies = [.. List(v).Select(Address)] }, IsList: true),
        new("dashboard", "DIR", "The built dashboard [beside the program]", static (o, v) => o with { DashboardFolder = Path.GetFullPath(v) }),
        new("keep-points", "DAYS", $"How long measurements are kept [{FleetServerDefaults.PointsRetentionDays}]", static (o, v) => o with { PointsRetentionDays = Number(v) }),
        new("keep-logs", "DAYS", $"How long log lines and events are kept [{FleetServerDefaults.LogsRetentionDays}]", static (o, v) => o with { LogsRetentionDays = Number(v) }),
        new("keep-commands", "DAYS", $"How long commands are kept after they ended [{FleetServerDefaults.CommandsRetentionDays}]", static (o, v) => o with { CommandsRetentionDays = Number(v) }),
        new("keep-audit", "DAYS", $"How long the audit is kept [{FleetServerDefaults.AuditRetentionDays}]", static (o, v) => o with { AuditRetentionDays = Number(v) }),
        new("keep-files", "DAYS", $"How long files of devices are kept [{FleetServerDefaults.FilesRetentionDays}]", static (o, v) => o with { FilesRetentionDays = Number(v) }),
        new("keep-recordings", "DAYS", $"How long recordings of shells are kept [{FleetServerDefaults.RecordingsRetentionDays}]", static (o, v) => o with { RecordingsRetentionDays = Number(v) }),
        new("max-recordings", "MIB", $"What all recordings may take; beyond it devices wait [{FleetServerDefaults.MaxRecordingsMiB}]", static (o, v) => o with { MaxRecordingsMiB = Number(v) }),
        new("max-file", "MIB", $"The largest file that is taken from a device [{FleetServerDefaults.MaxFileMiB}]", static (o, v) => o with { MaxFileMiB = Number(v) }),
        new("max-device-files", "MIB", $"What one device's files may take; the oldest make room [{FleetServerDefaults.MaxDeviceFilesMiB}]", static (o, v) => o with { MaxDeviceFilesMiB = Number(v) }),
        new("max-files", "MIB", $"What all devices' files may take; beyond it devices wait [{FleetServerDefaults.MaxFilesMiB}]", static (o, v) => o with { MaxFilesMiB = Number(v) }),
        new("max-artifact", "MIB", $"The largest artifact of an update [{FleetServerDefaults.MaxArtifactMiB}]", static (o, v) => o with { MaxArtifactMiB = Number(v) }),
        new("max-artifacts", "MIB", $"What all artifacts of updates may take [{FleetServerDefaults.MaxArtifactsMiB}]", static (o, v) => o with { MaxArtifactsMiB = Number(v) }),
        new("max-downloads", "N", $"Downloads of artifacts at a time from one address [{FleetServerDefaults.MaxDownloads}]", static (o, v) => o with { MaxDownloads = Number(v) }),
        new("timestamp-days", "DAYS", $"How long a timestamp of the update repository counts [{FleetServerDefaults.TimestampDays}]", static (o, v) => o with { TimestampDays = Number(v) }),
    ];

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static FleetRoles Roles(string text) => List(text).Aggregate(FleetRoles.None, static (roles, word) => roles | word switch
    {
        "relay" => FleetRoles.Relay,
        "control" => FleetRoles.Control,
        "dashboard" => FleetRoles.Dashboard,
        _ => throw new FormatException($"'{word}' is not a role: relay, control, dashboard."),
    });

    private static int Port(string text) => Number(text) is var port and >= 0 and <= 65535
        ? port
        : throw new FormatException("must be a port from 0 to 65535.");

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{text}' is not a number.");

    private static bool OnOff(string text) => text switch
    {
        "on" => true,
        "off" => false,
        _ => throw new FormatException("must be on or off."),
    };

    private static IPAddress Address(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        _ when IPAddress.TryParse(text, out var address) => address,
        _ => throw new FormatException($"'{text}' is not an IP address."),
    };

    private static Uri Url(string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme, StringComparer.Ordinal) && url.Host.Length > 0
        && url is { Query: "", Fragment: "", UserInfo: "", AbsolutePath: "/" or "" }
            ? url
            : throw new FormatException($"must be {schemes[0]}://HOST:PORT.");

    /// <summary>An address for devices; WebSocket and long poll are where this server has them unless a path is named.</summary>
    private static Uri DeviceUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url is not { Query: "", Fragment: "", UserInfo: "" })
        {
            throw new FormatException($"'{text}' must be mqtts://HOST:PORT, wss://HOST/mqtt or https://HOST/mqtt/poll.");
        }

        return url.Scheme switch
        {
            "mqtts" or "mqtt" => Url(text, "mqtts", "mqtt"),
            "wss" or "ws" => WithPath(url, RelayDefaults.WebSocketPath),
            "https" or "http" => WithPath(url, RelayDefaults.WebSocketPath + LongPoll.PathSuffix),
            _ => throw new FormatException($"'{text}': {url.Scheme} is none of mqtts, wss, https."),
        };
    }

    private static Uri WithPath(Uri url, string path) => url.AbsolutePath is "/" or "" ? new UriBuilder(url) { Path = path }.Uri : url;

    private static byte[] Hash(string text) => Convert.FromHexString(Fingerprint(text));

    private static string Fingerprint(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit)
        ? text.ToLowerInvariant()
        : throw new FormatException("must be 64 hex digits (SHA-256).");
}
