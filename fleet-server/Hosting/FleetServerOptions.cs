using System.Net;

namespace Messaging.FleetServer.Hosting;

/// <summary>Everything that can be set on a fleet server. Built once at start, validated as a whole, never changed after.</summary>
internal sealed record FleetServerOptions
{
    /// <summary>Folder that holds keys, databases, certificate and sockets. One running process per folder.</summary>
    public string DataFolder { get; init; } = FleetServerDefaults.DataFolder;

    public FleetRoles Roles { get; init; } = FleetRoles.All;

    /// <summary>Address that HTTP and MQTT listen on.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Parse(FleetServerDefaults.ListenAddress);

    /// <summary>
    /// Port of the API, the dashboard and MQTT over WebSocket. 0 becomes a free one before the server is built. Null: none, which
    /// only a relay on its own can do without.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Port of the relay's MQTT listener. Resolved like <see cref="Port"/>.</summary>
    public int MqttPort { get; init; } = FleetServerDefaults.MqttTlsPort;

    /// <summary>Whether HTTP and MQTT listen with TLS. May be off only on a loopback address.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>PEM certificate chain of the user's own; null for the generated certificate in the data folder.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>PEM private key that belongs to <see cref="TlsCertificateFile"/>.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>Address under which operators and devices reach this server; null derives it from the machine's name.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Addresses under which devices reach the relay (mqtts://, wss://, https://, on loopback without the s); empty derives them.</summary>
    public IReadOnlyList<Uri> PublicMqttUrls { get; init; } = [];

    /// <summary>A relay in another process that control connects to (mqtt:// on loopback, else mqtts://); null for the embedded one.</summary>
    public Uri? RelayUrl { get; init; }

    /// <summary>SHA-256 of the public key (SPKI) of the remote relay's certificate, when it is not signed by a trusted authority.</summary>
    public byte[]? RelayPin { get; init; }

    /// <summary>Fingerprints of the identity keys of the control processes that a relay on its own obeys, lower hex.</summary>
    public IReadOnlyList<string> ControlKeys { get; init; } = [];

    /// <summary>Whether this is an MQTT broker for programs of this machine, without credentials, instead of a fleet's relay.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Whether users of MQTT may use it beside the fleet, if there are any.</summary>
    public bool MqttUsers { get; init; } = true;

    /// <summary>Port on 127.0.0.1 for a program that collects the server's measurements; null: none. Resolved like <see cref="Port"/>.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Whether the relay keeps channels.</summary>
    public bool Channels { get; init; } = true;

    /// <summary>Whether agents of the legacy profile are served; needs <see cref="Channels"/>.</summary>
    public bool Legacy { get; init; } = true;

    /// <summary>Port of the legacy profile's UDP bridge; null: none, because it is without TLS.</summary>
    public int? LegacyUdpPort { get; init; }

    /// <summary>Proxies whose X-Forwarded-For is believed.</summary>
    public IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>Folder of the built dashboard; null: beside the program.</summary>
    public string? DashboardFolder { get; init; }

    /// <summary>Days that measurements are kept.</summary>
    public int PointsRetentionDays { get; init; } = FleetServerDefaults.PointsRetentionDays;

    /// <summary>Days that log lines and events are kept.</summary>
    public int LogsRetentionDays { get; init; } = FleetServerDefaults.LogsRetentionDays;

    /// <summary>Days that commands are kept after they have ended.</summary>
    public int CommandsRetentionDays { get; init; } = FleetServerDefaults.CommandsRetentionDays;

    /// <summary>Days that the audit is kept.</summary>
    public int AuditRetentionDays { get; init; } = FleetServerDefaults.AuditRetentionDays;

    /// <summary>Days that complete files of devices are kept.</summary>
    public int FilesRetentionDays { get; init; } = FleetServerDefaults.FilesRetentionDays;

    /// <summary>Days that recordings of shells are kept.</summary>
    public int RecordingsRetentionDays { get; init; } = FleetServerDefaults.RecordingsRetentionDays;

    /// <summary>What all recordings may take together, in MiB.</summary>
    public int MaxRecordingsMiB { get; init; } = FleetServerDefaults.MaxRecordingsMiB;

    /// <summary>The largest file that is taken from a device, in MiB.</summary>
    public int MaxFileMiB { get; init; } = FleetServerDefaults.MaxFileMiB;

    /// <summary>What one device's files may take together, in MiB.</summary>
    public int MaxDeviceFilesMiB { get; init; } = FleetServerDefaults.MaxDeviceFilesMiB;

    /// <summary>What all devices' files may take together, in MiB.</summary>
    public int MaxFilesMiB { get; init; } = FleetServerDefaults.MaxFilesMiB;

    /// <summary>The largest artifact of an update, in MiB.</summary>
    public int MaxArtifactMiB { get; init; } = FleetServerDefaults.MaxArtifactMiB;

    /// <summary>What all artifacts of updates may take together, in MiB.</summary>
    public int MaxArtifactsMiB { get; init; } = FleetServerDefaults.MaxArtifactsMiB;

    /// <summary>Downloads of artifacts at a time from one address.</summary>
    public int MaxDownloads { get; init; } = FleetServerDefaults.MaxDownloads;

    /// <summary>Days that a timestamp of the update repository counts.</summary>
    public int TimestampDays { get; init; } = FleetServerDefaults.TimestampDays;

    /// <summary>Whether the relay and control are in this process.</summary>
    public bool HasEmbeddedRelay => Has(FleetRoles.Relay) && Has(FleetRoles.Control) && RelayUrl is null;

    /// <summary>Whether this process keeps channels.</summary>
    public bool HasChannels => Has(FleetRoles.Relay) && Channels && !AllowAnonymous;

    /// <summary>Whether this process serves agents of the legacy profile.</summary>
    public bool HasLegacy => HasChannels && Legacy;

    public bool Has(FleetRoles role) => (Roles & role) == role;

    /// <summary>A path below the data folder.</summary>
    public string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([DataFolder, .. parts]);
}
