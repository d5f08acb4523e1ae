using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.Relay.Tests.Doors;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>Libraries that integrations are written with, each with a script that goes through what MQTT has: Eclipse Paho and MQTT.js.</summary>
public sealed class ForeignLibraryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("paho")]
    [InlineData("mqtt.js")]
    public async Task Library_WithoutCredentials_GoesThroughAll(string library)
    {
        await using var host = await BrokerHost.StartAsync();

        await RunAsync(library, "tcp", new Uri($"mqtt://127.0.0.1:{host.Port}"), null, host.Pass);
    }

    [Theory]
    [InlineData("paho", "tcp")]
    [InlineData("paho", "tls")]
    [InlineData("paho", "ws")]
    [InlineData("paho", "wss")]
    [InlineData("mqtt.js", "tcp")]
    [InlineData("mqtt.js", "tls")]
    [InlineData("mqtt.js", "ws")]
    [InlineData("mqtt.js", "wss")]
    public async Task Library_AsAUser_GoesThroughAllButTheClock(string library, string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["#"], ["#"]), Some.User("v", ["v/%c/#"], ["v/%c/set"])]);
        var certificate = Path.Combine(Path.GetDirectoryName(host.UsersFile)!, "certificate.pem");
        await File.WriteAllTextAsync(certificate, host.Relay.Certificate.ExportCertificatePem(), Wait.Timeout);
        var web = new Uri(host.Relay.Urls.Single(url => url.StartsWith(transport == "ws" ? "http:" : "https:", StringComparison.Ordinal)));
        var url = transport switch
        {
            "tcp" => new Uri($"mqtt://127.0.0.1:{host.Relay.Port}"),
            "tls" => new Uri($"mqtts://127.0.0.1:{host.Relay.TlsPort}"),
            _ => new Uri($"{transport}://127.0.0.1:{web.Port}/mqtt"),
        };

        await RunAsync(library, transport, url, certificate, pass: null);

        // The wrong password, in either version.
        Assert.Equal(2, host.Relay.Count("usersRefused"));
        Assert.Equal(0, host.Relay.Count("usersDelayed"));
    }

    private static async Task RunAsync(string library, string transport, Uri url, string? certificate, Action<TimeSpan>? pass)
    {
        var isPaho = library == "paho";
        var isSecure = transport is "tls" or "wss";
        var settings = new JsonObject
        {
            ["url"] = url.OriginalString,
            ["host"] = url.Host,
            ["port"] = url.Port,
            ["transport"] = transport is "ws" or "wss" ? "websockets" : "tcp",
            ["tls"] = isSecure ? certificate : null,
            ["ca"] = isSecure ? await File.ReadAllTextAsync(certificate!, Wait.Timeout) : null,
            ["clock"] = pass is not null,
        };
        if (certificate is not null)
        {
            (settings["user"], settings["password"]) = ("u", Some.PasswordOf("u"));
            settings["limited"] = new JsonObject { ["user"] = "v", ["password"] = Some.PasswordOf("v") };
        }

        using var process = Process.Start(new ProcessStartInfo(isPaho ? "/usr/bin/python3" : "node", [Script(isPaho)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var said = new List<string>();
        try
        {
            await process.StandardInput.WriteLineAsync(settings.ToJsonString().AsMemory(), limit.Token);
            await process.StandardInput.FlushAsync(limit.Token);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                said.Add(line);
                if (line.StartsWith("clock ", StringComparison.Ordinal))
                {
                    pass!(TimeSpan.FromSeconds(int.Parse(line.AsSpan(6), CultureInfo.InvariantCulture)));
                    await process.StandardInput.WriteLineAsync();
                    await process.StandardInput.FlushAsync(limit.Token);
                }
            }

            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            said.Add($"not done in {Limit}");
        }

        Assert.True(said is [.., "ok all"], string.Join('\n', said) + '\n' + await errors);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>The scripts lie beside the tests; their libraries are installed by test.sh.</summary>
    private static string Script(bool isPaho)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Messaging.sln")))
        {
            folder = folder.Parent;
        }

        var tests = Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests do not lie below Messaging.sln."), "tests");
        if (isPaho)
        {
            Assert.True(Directory.Exists("/usr/lib/python3/dist-packages/paho"), "Paho is missing: install Debian's package python3-paho-mqtt.");
            return Path.Combine(tests, "Messaging.Relay.Tests", "Mqtt", "clients", "paho_client.py");
        }

        Assert.True(Directory.Exists(Path.Combine(tests, "mqtt-js", "node_modules", "mqtt")), "MQTT.js is missing: npm ci in tests/mqtt-js.");
        return Path.Combine(tests, "mqtt-js", "run.mjs");
    }
}
