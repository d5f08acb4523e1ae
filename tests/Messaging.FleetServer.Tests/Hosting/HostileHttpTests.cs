using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Messaging.FleetServer.Hosting.Limits;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.FleetServer.Tests.Hosting;

/// <summary>Clients of the HTTP listener that mean no good, beside one that does.</summary>
public sealed class HostileHttpTests(WholeServer server) : IClassFixture<WholeServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(500);

    public static TheoryData<string, string> Slow() => new()
    {
        { "headers that do not end", "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: " },
        { "a body that hardly comes", "POST /channels/v1/00000000000000000000000000000001/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nContent-Length: 100000\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Slow))]
    public async Task Request_ThatDrips_IsCut_AndOthersAreServed(string what, string start)
    {
        using var slow = await ConnectAsync(server.Address.Port);
        await slow.SendAsync(Encoding.ASCII.GetBytes(start), TestContext.Current.CancellationToken);
        var closing = UntilClosedAsync(slow);
        using var http = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        while (!closing.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"It was not cut: {what}.");
            using var answer = await http.GetAsync(new Uri(server.Address, "/health/live"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await TrySendAsync(slow);
            await Task.WhenAny(closing, Task.Delay(Drip, TimeProvider.System, TestContext.Current.CancellationToken));
        }

        await closing;
    }

    [Fact]
    public async Task Connections_BeyondTheBounds_AreRefused_AndTheOthersGoOn()
    {
        var logs = new LogCapture();
        await using var app = await StartAsync(logs, out var limit, max: 6, maxPerAddress: 4, proxies: []);
        var port = PortOf(app);
        var open = new List<Socket>();
        for (var index = 0; index < 4; index++)
        {
            open.Add(await ConnectAsync(port));
        }

        await UntilAsync(() => limit.Open == 4);
        await RefusedAsync(port);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(open[0]), StringComparison.Ordinal);
        Assert.Contains(logs.WarningsAndErrors, static one => one.Contains("4 of one address are open", StringComparison.Ordinal));

        // Whoever goes makes room.
        open[1].Dispose();
        await UntilAsync(() => limit.Open == 3);
        using var next = await ConnectAsync(port);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(next), StringComparison.Ordinal);
        open.ForEach(static one => one.Dispose());
    }

    [Fact]
    public async Task TrustedProxy_HasTheBoundOfAllAlone()
    {
        var logs = new LogCapture();
        await using var app = await StartAsync(logs, out var limit, max: 3, maxPerAddress: 1, proxies: [IPAddress.Loopback]);
        var open = new List<Socket>();
        for (var index = 0; index < 3; index++)
        {
            open.Add(await ConnectAsync(PortOf(app)));
        }

        await UntilAsync(() => limit.Open == 3);
        await RefusedAsync(PortOf(app));
        Assert.Contains(logs.WarningsAndErrors, static one => one.Contains("3 in all are open", StringComparison.Ordinal));
        open.ForEach(static one => one.Dispose());
    }

    private static Task<WebApplication> StartAsync(LogCapture logs, out HttpConnectionLimit limit, int max, int maxPerAddress, IPAddress[] proxies)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddMetrics().AddLogging();
        builder.Logging.AddProvider(logs);
        HttpConnectionLimit? made = null;
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection => made!.InvokeAsync(connection, next))));
        var app = builder.Build();
        made = limit = new HttpConnectionLimit(
            max, maxPerAddress, proxies, app.Services.GetRequiredService<IMeterFactory>(), TimeProvider.System, app.Services.GetRequiredService<ILogger<HttpConnectionLimit>>());
        app.Run(static context => context.Response.WriteAsync("here"));
        return StartedAsync(app);
    }

    private static async Task<WebApplication> StartedAsync(WebApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static int PortOf(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>It is reset, now and then before the client knows that it was connected.</summary>
    private static async Task RefusedAsync(int port)
    {
        Socket socket;
        try
        {
            socket = await ConnectAsync(port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return;
        }

        using (socket)
        {
            await UntilClosedAsync(socket);
        }
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
    }

    private static async Task TrySendAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // It has been cut.
        }
    }

    private static async Task UntilClosedAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System) > 0)
            {
                // An answer may come first.
            }
        }
        catch (SocketException)
        {
            // Reset instead of closed.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not happen.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
