using System.Net;

namespace Messaging.FleetServer.Hosting;

/// <summary>Holds the options against each other; says everything that is wrong, not only the first thing.</summary>
internal static class OptionsValidator
{
    public static IReadOnlyList<string> Validate(FleetServerOptions options)
    {
        var errors = new List<string>();
        void Require(bool condition, string message)
        {
            if (!condition)
            {
                errors.Add(message);
            }
        }

        var loopback = IPAddress.IsLoopback(options.ListenAddress);
        Require(options.Roles != FleetRoles.None, "--roles names no role.");
        Require(
            options.Tls || loopback,
            $"--tls off would serve passwords and tokens in plain text on {options.ListenAddress}: it works on a loopback address only (--listen 127.0.0.1).");
        Require(
            options.Tls || options.ListenAddress.Equals(IPAddress.Loopback) || !options.Has(FleetRoles.Relay),
            "--tls off with the relay listens on 127.0.0.1 only.");
        Require(
            !options.Has(FleetRoles.Dashboard) || options.Has(FleetRoles.Control),
            "--roles dashboard needs control in the same process: the dashboard uses its API.");
        Require(
            options.TlsCertificateFile is null == options.TlsKeyFile is null, "--tls-cert and --tls-key belong together.");
        Require(options.TlsCertificateFile is null || options.Tls, "--tls-cert has no use with --tls off.");
        foreach (var file in new[] { options.TlsCertificateFile, options.TlsKeyFile }.OfType<string>())
        {
            Require(File.Exists(file), $"{file} does not exist.");
        }

        Require(
            options.Port is null or 0 || options.Port != options.MqttPort || !options.Has(FleetRoles.Relay),
            $"--port and --mqtt-port are both {options.Port}.");
        Require(
            options.PublicUrl is not { Scheme: "http" } web || IsLoopback(web),
            "--public-url http:// is plain text: it works for a loopback address only. Use https://.");
        foreach (var url in options.PublicMqttUrls.Where(static url => url.Scheme is "mqtt" or "ws" or "http" && !IsLoopback(url)))
        {
            errors.Add($"--public-mqtt-url {url.Scheme}:// is plain text: it works for a loopback address only. Use {(url.Scheme == "http" ? "https" : url.Scheme == "ws" ? "wss" : "mqtts")}://.");
        }

        Require(
            options.PublicMqttUrls.Count <= FleetServerDefaults.MaxPublicMqttUrls,
            $"--public-mqtt-url names {options.PublicMqttUrls.Count} addresses: a device takes {FleetServerDefaults.MaxPublicMqttUrls}.");
        Require(options.LegacyUdpPort is null || options.HasLegacy, "--legacy-udp-port needs the relay in this process, with --channels on and --legacy on.");
        RelaySplit(options, Require);
        Days(options.PointsRetentionDays, "--keep-points", 1, Require);
        Days(options.LogsRetentionDays, "--keep-logs", 1, Require);
        Days(options.CommandsRetentionDays, "--keep-commands", 1, Require);
        Days(options.AuditRetentionDays, "--keep-audit", FleetServerDefaults.AuditRetentionMinDays, Require);
        Days(options.FilesRetentionDays, "--keep-files", 1, Require);
        Days(options.RecordingsRetentionDays, "--keep-recordings", 1, Require);
        Require(options.MaxRecordingsMiB >= 1, "--max-recordings must be at least 1 MiB.");
        Require(options.MaxFileMiB is >= 1 and <= FleetServerDefaults.LargestFileMiB, $"--max-file must be 1 to {FleetServerDefaults.LargestFileMiB} MiB.");
        Require(options.MaxDeviceFilesMiB >= options.MaxFileMiB, "--max-device-files must be at least --max-file.");
        Require(options.MaxFilesMiB >= options.MaxDeviceFilesMiB, "--max-files must be at least --max-device-files.");
        Require(options.MaxArtifactMiB is >= 1 and <= FleetServerDefaults.LargestFileMiB, $"--max-artifact must be 1 to {FleetServerDefaults.LargestFileMiB} MiB.");
        Require(options.MaxArtifactsMiB >= options.MaxArtifactMiB, "--max-artifacts must be at least --max-artifact.");
        Require(options.MaxDownloads >= 1, "--max-downloads must be at least 1.");
        Require(options.TimestampDays is >= 1 and <= FleetServerDefaults.MaxTimestampDays, $"--timestamp-days must be 1 to {FleetServerDefaults.MaxTimestampDays}.");
        return errors;
    }

    private static void RelaySplit(FleetServerOptions options, Action<bool, string> require)
    {
        var alone = options.Has(FleetRoles.Relay) && !options.Has(FleetRoles.Control);
        if (options.AllowAnonymous)
        {
            require(alone, "--allow-anonymous is for a relay on its own (--roles relay): a fleet is never open.");
            require(options.ListenAddress.Equals(IPAddress.Loopback), $"--allow-anonymous on {options.ListenAddress} would be open to the network: it works on 127.0.0.1 only.");
            require(!options.Tls, "--allow-anonymous is plain MQTT on this machine: --tls on has no use with it.");
            require(options.ControlKeys.Count == 0, "--allow-anonymous has no fleet: --control-key has no use with it.");
        }

        require(!alone || options.AllowAnonymous || options.ControlKeys.Count > 0, "A relay on its own needs --control-key: the fingerprint of the control that it obeys (GET /api/v1/system shows it).");
        require(alone || options.ControlKeys.Count == 0, "--control-key is for a relay on its own; here control is in the same process or there is no relay.");
        require(
            !options.Has(FleetRoles.Control) || options.Has(FleetRoles.Relay) || options.RelayUrl is not null,
            "Control without a relay in the same process needs --relay mqtts://HOST:PORT.");
        require(
            options.RelayUrl is null || (options.Has(FleetRoles.Control) && !options.Has(FleetRoles.Relay)),
            "--relay is for control without a relay in the same process (--roles control,dashboard).");
        require(
            options.RelayUrl is not { Scheme: "mqtt" } url || IsLoopback(url),
            "--relay mqtt:// is plain text: it works on a loopback address only. Use mqtts://.");
        require(options.RelayPin is null || options.RelayUrl is { Scheme: "mqtts" }, "--relay-pin needs --relay mqtts://HOST:PORT.");
        require(
            !options.Has(FleetRoles.Control) || options.Has(FleetRoles.Relay) || options.PublicMqttUrls.Count > 0 || options.RelayUrl is null || IsLoopback(options.RelayUrl),
            "With a relay elsewhere, --public-mqtt-url says where devices reach it.");
    }

    private static void Days(int days, string name, int min, Action<bool, string> require) =>
        require(days >= min && days <= FleetServerDefaults.RetentionMaxDays, $"{name} must be {min} to {FleetServerDefaults.RetentionMaxDays} days.");

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));
}
