using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Agent.Tests.Support;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Relay;
using Messaging.Trust;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The real relay, with the two endpoints of enrolment beside it, and keys of a fleet.</summary>
internal sealed class FakeFleet : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<PrincipalId, EnrolRequest> _devices = new();

    private FakeFleet(WebApplication application, X509Certificate2 certificate, IdentityKey root, IdentityKey server, HpkeKeyPair hpke)
    {
        _application = application;
        _certificate = certificate;
        Root = root;
        Server = server;
        Hpke = hpke;
    }

    public IdentityKey Root { get; }

    public IdentityKey Server { get; }

    public HpkeKeyPair Hpke { get; }

    public PrincipalId ServerId => PrincipalId.FromIdentityKey(Server.Public);

    /// <summary>What devices are brought.</summary>
    public TrustBundle Trust { get; private set; } = null!;

    public string Url { get; private set; } = "";

    public int RelayPort { get; private set; }

    /// <summary>What devices that ask are told.</summary>
    public EnrolStatus Decision { get; set; } = EnrolStatus.Approved;

    /// <summary>What the two endpoints of enrolment answer instead, if anything.</summary>
    public HttpStatusCode? Trouble { get; set; }

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(16);

    public IReadOnlyDictionary<PrincipalId, EnrolRequest> Devices => _devices;

    /// <summary>Raised when a device was let in.</summary>
    public event Action<EnrolRequest>? Enrolled;

    public static async Task<FakeFleet> StartAsync(bool tls = false, bool wrongPin = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var root = IdentityKey.Generate();
        var server = IdentityKey.Generate();
        var options = new RelayOptions
        {
            Port = tls ? null : 0,
            TlsPort = tls ? 0 : null,
            TlsAddress = IPAddress.Loopback,
            Certificate = tls ? certificate : null,
            ControlKeys = [server.Public.Fingerprint.ToArray()],
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddRelay(options);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.ListenRelay(options);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (tls)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var application = builder.Build();
        var fleet = new FakeFleet(application, certificate, root, server, HpkeKeyPair.Generate());
        application.UseRouting();
        application.MapRelay();
        application.MapGet("/api/v1/trust", () => fleet.Trouble is { } status
            ? Results.StatusCode((int)status)
            : Results.Bytes(fleet.Trust.Encode(), "application/cbor"));
        application.MapPost("/api/v1/enrol", fleet.EnrolAsync);
        await application.StartAsync();

        var status = application.Services.GetRequiredService<RelayStatus>();
        fleet.RelayPort = (tls ? status.TlsPort : status.Port)!.Value;
        fleet.Url = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(url => new Uri(url).Port is var port && port > 0 && port != fleet.RelayPort).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var spki = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        fleet.SignTrust(1, tls ? [wrongPin ? RandomNumberGenerator.GetBytes(32) : spki] : [], tls);
        return fleet;
    }

    public void SignTrust(ulong version, IReadOnlyList<byte[]> pins, bool tls) => Trust = TrustMaker.Make(
        Root,
        Server,
        Hpke.Public,
        version,
        TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        [$"{(tls ? "mqtts" : "mqtt")}://localhost:{RelayPort}"],
        pins);

    public string Token(byte[]? fingerprint = null) =>
        new EnrolmentToken(new Uri(Url), fingerprint ?? Trust.Roots[0].Fingerprint.ToArray(), new byte[16], Secret).Format();

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _certificate.Dispose();
        Root.Dispose();
        Server.Dispose();
        Hpke.Dispose();
    }

    private async Task<IResult> EnrolAsync(HttpRequest request)
    {
        if (Trouble is { } trouble)
        {
            return Results.StatusCode((int)trouble);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (!EnrolRequest.TryOpen(body.ToArray(), [Hpke], out var opened))
        {
            return Results.BadRequest();
        }

        var refused = !CryptographicOperations.FixedTimeEquals(opened.Secret.Span, Secret);
        var status = refused ? EnrolStatus.Refused : Decision;
        if (status == EnrolStatus.Approved)
        {
            _devices[opened.DeviceId] = opened;
            Enrolled?.Invoke(opened);
        }

        var response = new EnrolResponse(
            opened.DeviceId, opened.Nonce, status, refused ? "The token has expired." : "", "test-device", ["a"], [], status == EnrolStatus.Approved ? Trust.Encode() : default);
        return Results.Bytes(response.Seal(Server, opened.HpkeKey), "application/cbor");
    }
}
